import type { CaseKey, Part, Ticking } from "./model.ts";
import { dayOf } from "./period.ts";
import { addPart, createFigures, type Figures } from "./tally.ts";

/** What a rollup is broken down by beside its pool; `none` is for questions about pools, departments and months alone. */
export const breakdowns = ["none", "forum", "topic", "language", "state", "outcome"] as const;
export type Breakdown = (typeof breakdowns)[number];

/** Sums of a day, or of the month that begins with it. */
export type Grain = "day" | "month";

export interface CellKey {
  breakdown: Breakdown;
  grain: Grain;
  /** The day in London, or the first of the month, as `2026-12-01`. */
  day: string;
  /** Empty for none. */
  pool: string;
  /** The value of the breakdown, empty for none. */
  value: string;
}

export interface Cell extends CellKey {
  figures: Figures;
}

/** What one referral adds to the statistics, as it is kept until the referral changes. */
export interface StoredCase {
  referralId: string;
  key: CaseKey;
  submittedAt: Date;
  parts: Part[];
  ticking: Ticking | null;
}

/** Cells of the rollups by key, as they are before or after a fold. */
export type Cells = Map<string, Cell>;

/** The database holds no NUL, so it parts whatever stands in a key. */
export const nameOfCell = ({ breakdown, grain, day, pool, value }: CellKey): string =>
  `${breakdown}\0${grain}\0${day}\0${pool}\0${value}`;

/** The cell of a key, made if it is not there. */
function cellAt(cells: Cells, key: CellKey): Cell {
  const name = nameOfCell(key);
  const known = cells.get(name);
  if (known) return known;
  const { breakdown, grain, day, pool, value } = key;
  const cell: Cell = { breakdown, grain, day, pool, value, figures: createFigures() };
  cells.set(name, cell);
  return cell;
}

/** Calls with each cell that a referral's part belongs to: each breakdown, for its day and its month. */
function eachCell(cells: Cells, one: StoredCase, part: Part, use: (cell: Cell) => void): void {
  const day = dayOf(one.submittedAt);
  const month = `${day.slice(0, 7)}-01`;
  const pool = part.pool ?? "";
  for (const breakdown of breakdowns) {
    const value = breakdown === "none" ? "" : (one.key[breakdown] ?? "");
    use(cellAt(cells, { breakdown, grain: "day", day, pool, value }));
    use(cellAt(cells, { breakdown, grain: "month", day: month, pool, value }));
  }
}

/** Every cell that these referrals touch. */
export function keysTouched(cases: readonly StoredCase[]): CellKey[] {
  const cells: Cells = new Map();
  for (const one of cases) for (const part of one.parts) eachCell(cells, one, part, () => {});
  return [...cells.values()].map(({ figures: _, ...key }) => key);
}

/** Adds a referral to the cells, or takes it out with `sign` -1. */
export function foldInto(cells: Cells, one: StoredCase, sign: 1 | -1): void {
  for (const part of one.parts) eachCell(cells, one, part, ({ figures }) => addPart(figures, part, sign));
}
