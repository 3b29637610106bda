import { calendarOf } from "./calendar.ts";
import type { Holidays } from "./holidays.ts";
import type { CompiledHours } from "./hours.ts";
import { type DutyPool, onDutyOn } from "./rota.ts";

const dayMs = 86_400_000;

/** A day on which a pool is open, as YYYY-MM-DD in its zone: for how long, and whether anybody is on duty. */
export interface ServiceDay {
  day: string;
  serviceMs: number;
  isCovered: boolean;
}

/** The days between two instants on which a pool is open, each with its service between them; bank holidays have none. */
export function serviceDays(
  { from, to }: { from: Date; to: Date },
  pool: Pick<DutyPool, "rota"> & { closed?: { on: string } | undefined },
  advisors: readonly { id: string }[],
  { hours, holidays }: { hours: CompiledHours; holidays: Holidays },
): ServiceDay[] {
  const calendar = calendarOf(hours, holidays);
  const [fromMs, toMs] = [from.getTime(), to.getTime()];
  const found: ServiceDay[] = [];
  for (let n = calendar.dayOf(fromMs); n <= calendar.dayOf(toMs); n += 1) {
    const day = new Date(n * dayMs).toISOString().slice(0, 10);
    if (pool.closed && pool.closed.on <= day) break;
    const open = calendar.openOn(n);
    let serviceMs = 0;
    for (let i = 0; i + 1 < open.length; i += 2)
      serviceMs += Math.max(0, Math.min(open[i + 1] ?? 0, toMs) - Math.max(open[i] ?? 0, fromMs));
    if (serviceMs > 0) found.push({ day, serviceMs, isCovered: onDutyOn(pool, advisors, day).length > 0 });
  }
  return found;
}
