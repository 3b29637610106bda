import type { Actor } from "../contract/actor.ts";
import type { StatsPicture } from "../contract/core-api.ts";
import type { Deps } from "../deps.ts";
import { nameOf } from "../register/model.ts";
import { chartInWords, drawChart } from "./chart.ts";
import { chartToPng } from "./chart-png.ts";
import { chartOf } from "./chart-stats.ts";
import { queryStats, type StatsQuery } from "./query-stats.ts";

/**
 * A chart of what was received, with the names of the register, for a chat. Null where there is nothing to compare, which is less than two bars, and on a
 * machine without a typeface.
 */
export async function pictureStats(
  deps: Deps,
  query: StatsQuery,
  actor: Actor,
  language: string,
): Promise<StatsPicture | null> {
  const register = await deps.register(deps.db);
  const stats = await queryStats(deps, query, actor);
  const chart = chartOf(stats, language === "cy" ? "cy" : "en", (dimension, value) =>
    dimension === "forum" || dimension === "pool" || dimension === "department"
      ? nameOf(register, `${dimension}s`, value)
      : value,
  );
  if (chart.bars.length < 2) return null;
  const png = await chartToPng(drawChart(chart));
  return png && { png, words: chartInWords(chart) };
}
