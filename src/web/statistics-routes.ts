import { z } from "zod";
import type { Language } from "../contract/vocabulary.ts";
import type { Deps } from "../deps.ts";
import { directoryOf } from "../forums/index.ts";
import type { Api } from "../http/api.ts";
import { nameOf, type Register } from "../register/model.ts";
import {
  type Bar,
  drawChart,
  listPublished,
  type PublicDimension,
  publicDimensions,
  publishedOn,
  type QuarterFigures,
  quarterOf,
} from "../stats/index.ts";
import { field } from "./forms.ts";
import { aWhile, sendPage } from "./pages.ts";
import { addressIn, readPath, type Site } from "./site.ts";
import { directoryIn } from "./words/index.ts";

const shownCounts = ["received", "answered", "resolved", "helped"] as const;

/** `/statistics`: the figures of one quarter as they were published, the latest unless the address asks for another. */
export function statisticsPages(api: Api, deps: Deps, site: Site): void {
  for (const language of ["en", "cy"] as const) {
    api.get(
      addressIn(language, "/statistics"),
      { config: { access: "public" }, schema: { hide: true } },
      async (request, reply) => {
        const { quarter } = z.object({ quarter: field }).parse(request.query);
        const published = await listPublished(deps);
        const figures = published.find((one) => one.quarter === quarter) ?? published[0];
        const register = await deps.register(deps.db);
        return sendPage(
          reply,
          aWhile,
          site.render("statistics.njk", readPath(request.url), {
            next: publishedOn(quarterOf(deps.now())),
            quarters: published.map((one) => ({ ...one, isShown: one === figures })),
            figures: figures && page(register, figures, language),
          }),
        );
      },
    );
  }
}

function page(register: Register, figures: QuarterFigures, language: Language) {
  const { statistics: say } = directoryIn(language);
  const numbers = new Intl.NumberFormat("en-GB");
  const shown = (count: number | null) => (count === null ? say.withheld : numbers.format(count));
  const tables = publicDimensions.map((by) => ({
    by,
    rows: figures.tables[by].rows.flatMap(({ name, counts }) => {
      const label = labelOf(register, by, name, language);
      return label === null
        ? []
        : [{ label, counts, cells: shownCounts.map((count) => shown(counts[count])) }];
    }),
  }));
  const bars = (tables.find(({ by }) => by === "department")?.rows ?? []).map(
    ({ label, counts }): Bar => ({ label, value: counts.received, text: shown(counts.received) }),
  );
  return {
    ...figures,
    tables,
    totals: shownCounts.map((count) => shown(figures.tables.department.totals[count])),
    chart: bars.length > 0 ? drawChart({ title: say.chart, bars, language }) : null,
  };
}

/** What a row is called; null for a forum that is not listed any more. */
function labelOf(register: Register, by: PublicDimension, name: string, language: Language): string | null {
  if (by === "forum") return directoryOf(register).bySlug.get(name)?.name ?? null;
  if (by === "department")
    return name === "none" ? directoryIn(language).statistics.nobody : nameOf(register, "departments", name);
  return new Intl.DateTimeFormat(language === "cy" ? "cy" : "en-GB", {
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  }).format(new Date(`${name}-01T00:00:00Z`));
}
