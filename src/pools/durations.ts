import { z } from "zod";

/** A length of time as its parts. `days` are service days in a target, 24 hours in a window. */
export interface DurationParts {
  days: number;
  minutes: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const DURATION = /^P(?:(\d{1,4})D)?(?:T(?=\d)(?:(\d{1,5})H)?(?:(\d{1,6})M)?)?$/;
const MAX_SERVICE_DAYS = 366;
const MAX_SERVICE_MINUTES = 366 * 24 * 60;
const MAX_WINDOW_MS = 3_660 * DAY_MS;

const EXAMPLES = "Write hours and minutes as PT2H or PT1H30M, days as P1D, or both as P1DT2H.";

function partsOf(text: string): DurationParts | null {
  const found = DURATION.exec(text);
  if (!found) return null;
  const days = Number(found[1] ?? 0);
  const minutes = Number(found[2] ?? 0) * 60 + Number(found[3] ?? 0);
  return days + minutes > 0 ? { days, minutes } : null;
}

/** The unit a person used that this product does not count in, or null. */
function refusedUnit(text: string): string | null {
  const found = /^P(?<date>[^T]*)(?:T(?<time>.*))?$/.exec(text);
  const { date = "", time = "" } = found?.groups ?? {};
  if (date.includes("W")) return "Weeks";
  if (date.includes("M")) return "Months";
  if (date.includes("Y")) return "Years";
  return time.includes("S") ? "Seconds" : null;
}

function explainRefusal(text: string): { message: string; hint: string } {
  const unit = refusedUnit(text);
  if (unit) return { message: `${unit} are not counted here.`, hint: EXAMPLES };
  if (DURATION.test(text)) return { message: "A duration must be longer than nothing.", hint: EXAMPLES };
  return { message: "This is not a duration.", hint: EXAMPLES };
}

function durationSchema(tooLong: (parts: DurationParts) => string | null) {
  return z.string().superRefine((text, ctx) => {
    const parts = partsOf(text);
    const refusal = parts ? tooLong(parts) : null;
    if (parts && !refusal) return;
    const { message, hint } = refusal ? { message: refusal, hint: EXAMPLES } : explainRefusal(text);
    ctx.addIssue({ code: "custom", message, params: { hint } });
  });
}

/**
 * A target in service time: `PT2H` (open hours and minutes), `P1D` (service days), `P1DT2H` (days first).
 * Refuses weeks, months, years and seconds, which mean nothing exact against opening hours, nothing at all, and more
 * than 366 days. A refusal carries `params.hint`.
 */
export const ServiceDuration = durationSchema(({ days, minutes }) =>
  days > MAX_SERVICE_DAYS || minutes > MAX_SERVICE_MINUTES
    ? "A target may not be longer than 366 days."
    : null,
);
export type ServiceDuration = z.infer<typeof ServiceDuration>;

/**
 * A window in elapsed time: `P7D`, `PT8H`, `P1DT12H`; a day is 24 hours, whatever the clocks do.
 * Refuses weeks, months, years and seconds, nothing at all, and more than 3,660 days. A refusal carries `params.hint`.
 */
export const ElapsedDuration = durationSchema((parts) =>
  toMs(parts) > MAX_WINDOW_MS ? "A window may not be longer than 3,660 days." : null,
);
export type ElapsedDuration = z.infer<typeof ElapsedDuration>;

function toMs({ days, minutes }: DurationParts): number {
  return days * DAY_MS + minutes * MINUTE_MS;
}

const partsByText = new Map<string, DurationParts>();

/** The parts of a duration that a schema above has taken. Throws a `RangeError` for any other text. */
export function durationParts(text: string): DurationParts {
  const known = partsByText.get(text);
  if (known) return known;
  const parts = partsOf(text);
  if (!parts) throw new RangeError("Not a duration in days, hours and minutes.");
  // Registers hold a handful of durations; the bound only keeps odd input from growing the map for ever.
  if (partsByText.size >= 1_000) partsByText.clear();
  partsByText.set(text, parts);
  return parts;
}

/** Milliseconds of an `ElapsedDuration`. Throws a `RangeError` for a text the schema refuses. */
export function elapsedMs(duration: string): number {
  return toMs(durationParts(duration));
}
