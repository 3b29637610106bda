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

export const nameOfCell = ({ breakdown, grain, day, pool, value }: CellKey): string =>
  JSON.stringify([breakdown, grain, day, pool, value]);

/** The cells one referral's part belongs to: each breakdown, for its day and its month. */
function keysOf(one: StoredCase, pool: string | null): CellKey[] {
  const day = dayOf(one.submittedAt);
  return breakdowns.flatMap((breakdown): CellKey[] => {
    const common = {
      breakdown,
      pool: pool ?? "",
      value: breakdown === "none" ? "" : (one.key[breakdown] ?? ""),
    };
    return [
      { ...common, grain: "day", day },
      { ...common, grain: "month", day: `${day.slice(0, 7)}-01` },
    ];
  });
}

/** Every cell that these referrals touch. */
export function keysTouched(cases: readonly StoredCase[]): CellKey[] {
  const keys = new Map<string, CellKey>();
  for (const one of cases)
    for (const { pool } of one.parts) for (const key of keysOf(one, pool)) keys.set(nameOfCell(key), key);
  return [...keys.values()];
}

/** Adds a referral to the cells, or takes it out with `sign` -1. */
export function foldInto(cells: Cells, one: StoredCase, sign: 1 | -1): void {
  for (const part of one.parts) {
    for (const key of keysOf(one, part.pool)) {
      const name = nameOfCell(key);
      const cell = cells.get(name) ?? { ...key, figures: createFigures() };
      cells.set(name, cell);
      addPart(cell.figures, part, sign);
    }
  }
}
