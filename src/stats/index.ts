export type { Stats, StatsRow } from "./model.ts";
export { queryStats, type StatsQuery } from "./query-stats.ts";
