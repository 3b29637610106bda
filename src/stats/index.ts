export { type Bar, type Chart, chartInWords, drawChart } from "./chart.ts";
export { chartToPng } from "./chart-png.ts";
export { type ComparedStats, compareStats } from "./compare-periods.ts";
export { streamCsv } from "./csv.ts";
export { foldDeltas, rebuildStats } from "./fold-deltas.ts";
export type { Stats, StatsRow } from "./model.ts";
export { beginningOf, dayOf, nextDay } from "./period.ts";
export { pictureStats } from "./picture.ts";
export {
  type PublicDimension,
  type PublicFigures,
  publicDimensions,
  type QuarterFigures,
} from "./public-figures.ts";
export { listPublished, publishFigures } from "./publish-figures.ts";
export { publishedCounts } from "./published-counts.ts";
export { daysOf, publishedOn, quarterOf } from "./quarter.ts";
export { queryStats, type StatsQuery } from "./query-stats.ts";
export { statsRows, summarise } from "./statement.ts";
export { isFew } from "./suppress.ts";
