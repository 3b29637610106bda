import { z } from "zod";
import { DomainError } from "../contract/errors.ts";
import type { Deps } from "../deps.ts";
import { directoryOf } from "../forums/index.ts";
import type { Api } from "../http/api.ts";
import { listRecords, showRecord } from "../plans/index.ts";
import type { Register } from "../register/model.ts";
import { clinicsShown } from "./clinics-shown.ts";
import { aMinute, html, publicPage } from "./pages.ts";
import { addressIn, readPath, type Site } from "./site.ts";

/** Beyond these, the page links to a search. */
const forumsShown = 50;

/** `/departments` and `/departments/{slug}`: who answers what, for which forums, and what the public record says. */
export function departmentPages(api: Api, deps: Deps, site: Site): void {
  for (const language of ["en", "cy"] as const) {
    api.get(addressIn(language, "/departments"), publicPage, async (request, reply) => {
      const register = await deps.register(deps.db);
      const records = (await listRecords(deps)).map((record) => ({
        ...record,
        pools: poolsOf(register, record.department.slug).length,
      }));
      reply.type(html).header("cache-control", aMinute);
      return reply.send(site.render("departments.njk", readPath(request.url), { records }));
    });
    api.get(addressIn(language, "/departments/:slug"), publicPage, async (request, reply) => {
      const { slug } = z.object({ slug: z.string() }).parse(request.params);
      const register = await deps.register(deps.db);
      const department = register.departments.get(slug);
      const record = await showRecord(deps, slug);
      if (!department || !record) throw new DomainError("request/not-found");
      const forums = directoryOf(register).entries.filter(
        (entry) => entry.departments.includes(slug) && entry.removed === undefined,
      );
      reply.type(html).header("cache-control", aMinute);
      return reply.send(
        site.render("department.njk", readPath(request.url), {
          department,
          ...(await clinicsShown(deps, { department: slug })),
          record,
          pools: poolsOf(register, slug),
          forums: forums.slice(0, forumsShown),
          hasMore: forums.length > forumsShown,
        }),
      );
    });
  }
}

/** What the public may know of a department's pools: their names, subjects and languages, never who is in them. */
function poolsOf(register: Register, department: string) {
  return [...register.pools.values()]
    .filter((pool) => pool.department === department)
    .map(({ name, topics, languages }) => ({
      name,
      topics: topics.flatMap((code) => register.topics.get(code)?.title ?? []),
      languages,
    }));
}
