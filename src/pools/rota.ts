import { z } from "zod";
import { zoneOf } from "./zone.ts";

const DAY_MS = 86_400_000;

/**
 * One turn of a rota: the advisors on duty from the start of `from` to the end of `to`, dates in the pool's zone.
 * Refuses a turn that ends before it begins or names nobody.
 */
export const RotaTurn = z
  .strictObject({ from: z.iso.date(), to: z.iso.date(), advisors: z.array(z.string().min(1)).min(1) })
  .refine((turn) => turn.from <= turn.to, {
    path: ["to"],
    error: "A turn of the rota must not end before it begins.",
    params: { hint: "Both dates belong to the turn; for one day write it twice." },
  });
export type RotaTurn = z.infer<typeof RotaTurn>;

/** What the question of duty needs of a pool. Without hours its days are those of Europe/London. */
export interface DutyPool {
  rota?: readonly RotaTurn[] | null | undefined;
  hours?: { timezone: string } | null | undefined;
}

/** The day of an instant in a zone, as YYYY-MM-DD. */
export function localDate(at: Date, timezone: string): string {
  const localMs = at.getTime() + zoneOf(timezone).offsetAt(at.getTime());
  return new Date(Math.floor(localMs / DAY_MS) * DAY_MS).toISOString().slice(0, 10);
}

/** The hour, 0 to 23, that a wall clock of the zone shows at that moment. */
export function localHour(at: Date, timezone: string): number {
  const localMs = at.getTime() + zoneOf(timezone).offsetAt(at.getTime());
  return Math.floor((localMs - Math.floor(localMs / DAY_MS) * DAY_MS) / 3_600_000);
}

/**
 * Those of `advisors` (the pool's own, active ones) who are on duty on a day, as YYYY-MM-DD in the pool's zone, in the order
 * given. Without a rota all are; with one, those of every turn that covers the day, and nobody where none does.
 */
export function onDutyOn<A extends { id: string }>(
  { rota }: Pick<DutyPool, "rota">,
  advisors: readonly A[],
  day: string,
): A[] {
  if (!rota || rota.length === 0) return [...advisors];
  const onDuty = new Set(rota.flatMap((turn) => (turn.from <= day && day <= turn.to ? turn.advisors : [])));
  return advisors.filter((advisor) => onDuty.has(advisor.id));
}

/** The day that it is for a pool at a moment. */
export const dutyDay = ({ hours }: Pick<DutyPool, "hours">, at: Date): string =>
  localDate(at, hours?.timezone ?? "Europe/London");

/** The same at a moment. */
export const advisorsOnDuty = <A extends { id: string }>(
  pool: DutyPool,
  advisors: readonly A[],
  at: Date,
): A[] => onDutyOn(pool, advisors, dutyDay(pool, at));
