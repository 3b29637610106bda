import { z } from "zod";
import { DomainError } from "../contract/errors.ts";
import type { Deps } from "../deps.ts";
import { type Api, actorOf } from "../http/api.ts";
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
  format: z.enum(["json", "csv"]).default("json"),
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
      if (compare && format === "csv") throw onlyJson();
      const ask = compare ? compareStats : queryStats;
      const stats = await ask(deps, { ...period, by: names }, actorOf(request));
      if (format === "json") return reply.header("cache-control", "no-store").send(stats);
      return reply
        .header("cache-control", "no-store")
        .header("content-disposition", 'attachment; filename="statistics.csv"')
        .type("text/csv; charset=utf-8")
        .send(streamCsv(stats));
    },
  );
}

function onlyJson(): DomainError {
  const detail = "A table holds one period. Ask for the two of them one after the other.";
  return new DomainError("request/invalid", { errors: [{ pointer: "/query/compare", detail }] });
}
