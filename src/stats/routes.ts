import type { FastifyReply } from "fastify";
import { z } from "zod";
import { DomainError } from "../contract/errors.ts";
import type { Deps } from "../deps.ts";
import { type Api, actorOf } from "../http/api.ts";
import { type Chart, chartInWords, drawChart } from "./chart.ts";
import { chartToPng } from "./chart-png.ts";
import { chartOf } from "./chart-stats.ts";
import { compareStats } from "./compare-periods.ts";
import { streamCsv } from "./csv.ts";
import { dimensions } from "./model.ts";
import { queryStats } from "./query-stats.ts";

const Query = z.strictObject({
  from: z.string().max(40).optional().describe("A day or a time. The last 30 days when absent."),
  to: z
    .string()
    .max(40)
    .optional()
    .describe("A day, which belongs to the period, or a time. Now when absent."),
  by: z
    .string()
    .max(200)
    .optional()
    .describe(`One or more of ${dimensions.join(", ")}, separated by commas.`),
  format: z
    .enum(["json", "csv", "svg", "png"])
    .default("json")
    .describe(
      "`svg` and `png`: a chart of what was received. The SVG says in words what it shows; the PNG's words are in the header `x-text-alternative`, percent-encoded.",
    ),
  compare: z
    .enum(["before"])
    .optional()
    .describe("`before`: beside them, in JSON, the figures of the period before that is as long."),
});

/** The figures, as JSON or as a table for a spreadsheet. */
export function statsRoutes(api: Api, deps: Deps): void {
  api.get(
    "/v1/stats",
    {
      config: { access: ["admin", "manager", "forum", "operator", "advisor", "person"] },
      schema: { tags: ["statistics"], summary: "Figures of a period", querystring: Query },
    },
    async (request, reply) => {
      const { format, by, compare, ...period } = request.query;
      const names =
        by
          ?.split(",")
          .map((name) => name.trim())
          .filter((name) => name !== "") ?? [];
      if (compare && format !== "json") throw onlyJson();
      const ask = compare ? compareStats : queryStats;
      const stats = await ask(deps, { ...period, by: names }, actorOf(request));
      if (format === "json") return reply.header("cache-control", "no-store").send(stats);
      if (format !== "csv") return sendChart(reply, chartOf(stats), format);
      return reply
        .header("cache-control", "no-store")
        .header("content-disposition", 'attachment; filename="statistics.csv"')
        .type("text/csv; charset=utf-8")
        .send(streamCsv(stats));
    },
  );
}

/** A picture for a chat or a slide. A machine without a typeface sends the words alone, for nobody could read the picture. */
async function sendChart(reply: FastifyReply, chart: Chart, format: "svg" | "png") {
  const svg = drawChart(chart);
  const words = chartInWords(chart);
  reply.header("cache-control", "no-store").header("x-text-alternative", encodeURIComponent(words));
  if (format === "svg") return reply.type("image/svg+xml; charset=utf-8").send(svg);
  const png = await chartToPng(svg);
  if (png === null) return reply.type("text/plain; charset=utf-8").send(words);
  return reply.type("image/png").send(Buffer.from(png));
}

function onlyJson(): DomainError {
  const detail = "A table holds one period. Ask for the two of them one after the other.";
  return new DomainError("request/invalid", { errors: [{ pointer: "/query/compare", detail }] });
}
