import { addServiceTime, type CompiledHours, type Holidays, isOpen } from "../../src/pools/index.ts";

const minuteMs = 60_000;

/** The moment itself when the pool is open, otherwise its next opening: a minute before one minute of service is over. */
export function nextOpening(at: Date, hours: CompiledHours, holidays: Holidays): Date {
  if (isOpen(at, hours, holidays)) return at;
  return new Date(addServiceTime(at, "PT1M", hours, holidays).getTime() - minuteMs);
}
