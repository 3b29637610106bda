import { z } from "zod";
import type { Language } from "../contract/vocabulary.ts";
import type { Deps } from "../deps.ts";
import type { Api } from "../http/api.ts";
import { type ReportView, showReport } from "../plans/index.ts";
import { daysOf, drawChart } from "../stats/index.ts";
import { aMinute, sendPage } from "./pages.ts";
import { addressIn, readPath, type Site } from "./site.ts";
import { dateIn, durationIn } from "./times.ts";
import { directoryIn, fill, recordIn } from "./words/index.ts";

const Place = z.object({ slug: z.string(), period: z.string() });
const Query = z.object({ revision: z.coerce.number().int().min(1).optional().catch(undefined) });
const counts = ["received", "answered", "helped", "open"] as const;
const times = ["firstReplyMedian", "firstReplyP90", "resolutionMedian", "resolutionP90"] as const;

/** `/departments/{slug}/progress/{period}`: one report, its latest revision unless the address names another. */
export function reportPages(api: Api, deps: Deps, site: Site): void {
  for (const language of ["en", "cy"] as const) {
    api.get(
      addressIn(language, "/departments/:slug/progress/:period"),
      { config: { access: "public" }, schema: { hide: true } },
      async (request, reply) => {
        const { slug, period } = Place.parse(request.params);
        const { revision } = Query.parse(request.query);
        const report = await showReport(deps, slug, period, revision);
        return sendPage(
          reply,
          aMinute,
          site.render("report.njk", readPath(request.url), reportPage(report, language)),
        );
      },
    );
  }
}

function reportPage(report: ReportView, language: Language) {
  const say = recordIn(language).report;
  const { figures } = report;
  const bars = counts.map((name) => ({
    label: say.count[name],
    value: figures[name],
    text: figures[name] === null ? say.withheld : String(figures[name]),
  }));
  const hasCounts = figures.quarters === undefined || figures.quarters.length > 0;
  return {
    report,
    isOld: report.revisions.some(({ revision }) => revision > report.revision),
    commitmentTexts: textsOf(report.commitments, "text"),
    indicators: Object.fromEntries(report.indicators.map((one) => [one.code, one])),
    hasCounts,
    figuresText: figuresText(figures, language),
    chart: hasCounts ? drawChart({ title: say.chart, bars, language }) : null,
    rows: [
      ...(hasCounts ? bars : []).map(({ label, text }) => ({ label, text })),
      ...(hasCounts ? times : []).map((name) => ({
        label: say.time[name],
        text: durationIn(language, figures[name]) ?? say.withheld,
      })),
      {
        label: say.clinics,
        text: fill(say.ofPlanned, { held: figures.clinicsHeld, planned: figures.clinicsPlanned }),
      },
    ],
  };
}

/** As of when the figures are: counts and times as the quarters were published, or all as a report from elsewhere has them. */
function figuresText({ takenAt, quarters }: ReportView["figures"], language: Language): string {
  const { report: say } = recordIn(language);
  const taken = dateIn(language, takenAt);
  if (quarters === undefined) return fill(say.figuresText, { day: taken });
  const spans = quarters.map((quarter) => {
    const { from, to } = daysOf(quarter);
    const { statistics } = directoryIn(language);
    return fill(statistics.quarter, { from: dateIn(language, from), to: dateIn(language, to) });
  });
  return fill(say.quartersText, { quarters: spans.join(", "), day: taken });
}

function textsOf<Key extends string>(items: readonly ({ code: string } & Record<Key, string>)[], key: Key) {
  return Object.fromEntries(items.map((item) => [item.code, item[key]]));
}
