import type { Actor } from "../contract/actor.ts";
import type { Deps } from "../deps.ts";
import type { Stats } from "./model.ts";
import { dayOf, readPeriod } from "./period.ts";
import { queryStats, type StatsQuery } from "./query-stats.ts";

/** Figures of a period, and of the one before it. */
export interface ComparedStats extends Stats {
  before: Stats;
}

const dayMs = 86_400_000;
const isDay = (text: string | undefined): text is string =>
  text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text);
const plusDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);

/**
 * The period that ends where this one begins and is as long: as many days of London where it is said in days, else as much
 * time. Both ends as `queryStats` takes them.
 */
export function periodBefore(
  query: Pick<StatsQuery, "from" | "to">,
  now: Date,
): { from: string; to: string } {
  const { from, to } = readPeriod(query, now);
  if (isDay(query.from) && isDay(query.to)) {
    const days = Math.round((Date.parse(query.to) - Date.parse(query.from)) / dayMs) + 1;
    return { from: plusDays(query.from, -days), to: plusDays(dayOf(from), -1) };
  }
  return {
    from: new Date(from.getTime() - (to.getTime() - from.getTime())).toISOString(),
    to: from.toISOString(),
  };
}

/** The figures of a period beside those of the period before it, as they stand now. Refuses what `queryStats` refuses. */
export async function compareStats(deps: Deps, query: StatsQuery, actor: Actor): Promise<ComparedStats> {
  const stats = await queryStats(deps, query, actor);
  const earlier = periodBefore(query, deps.now());
  return { ...stats, before: await queryStats(deps, { ...query, ...earlier }, actor) };
}
