import type { Deps } from "../deps.ts";
import type { Api } from "../http/api.ts";
import { datasets, licence } from "../opendata/index.ts";
import { aWhile, sendPage } from "./pages.ts";
import { addressIn, readPath, type Site } from "./site.ts";

/** `/data`: every file that is published, with what its columns mean, for people and as schema.org has it. */
export function dataPages(api: Api, deps: Deps, site: Site): void {
  for (const language of ["en", "cy"] as const) {
    api.get(
      addressIn(language, "/data"),
      { config: { access: "public" }, schema: { hide: true } },
      async (request, reply) =>
        sendPage(
          reply,
          aWhile,
          site.render("data.njk", readPath(request.url), {
            licence,
            baseUrl: deps.baseUrl,
            datasets: datasets.map(({ name, title, says, columns }) => ({
              name,
              columns,
              title: title[language],
              says: says[language],
            })),
          }),
        ),
    );
  }
}
