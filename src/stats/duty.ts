import { type CompiledHours, type RotaTurn, serviceDays, ukHolidays } from "../pools/index.ts";
import type { StatsRow } from "./model.ts";

const hourMs = 3_600_000;
/** Of a longer period nobody asks who was on duty on each of its days. */
const mostDays = 1_100;
const round = (value: number): number => Math.round(value * 100) / 100;

/** What the register says of a pool's duty, and how much is open there. */
export interface Duty {
  rota: readonly RotaTurn[];
  closed?: { on: string } | undefined;
  hours: CompiledHours;
  advisors: readonly { id: string }[];
  open: number;
}

/**
 * How much each advisor of a pool has to carry, and how long it was open in a period without anybody on duty: from the
 * register as it is now and the calendar. Of a period of more than three years there is no cover.
 */
export function dutyFigures(
  { rota, closed, hours, advisors, open }: Duty,
  period: { from: Date; to: Date },
): Pick<StatsRow, "load" | "cover"> {
  const load = {
    advisors: advisors.length,
    openPerAdvisor: advisors.length === 0 ? null : round(open / advisors.length),
  };
  if (period.to.getTime() - period.from.getTime() > mostDays * 24 * hourMs) return { load, cover: null };
  const days = serviceDays(period, { rota, closed }, advisors, { hours, holidays: ukHolidays });
  const hoursOf = (some: typeof days) =>
    round(some.reduce((sum, { serviceMs }) => sum + serviceMs, 0) / hourMs);
  return {
    load,
    cover: {
      serviceHours: hoursOf(days),
      uncoveredHours: hoursOf(days.filter(({ isCovered }) => !isCovered)),
    },
  };
}
