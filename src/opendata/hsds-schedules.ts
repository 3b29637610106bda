import { Temporal } from "temporal-polyfill";
import { type ClinicView, nextOccurrence, type SessionView } from "../clinics/index.ts";
import { idOf } from "../forums/index.ts";

const zone = "Europe/London";
const everyDay = "MO,TU,WE,TH,FR,SA,SU";
/** The parts of a recurrence that a schedule of HSDS 3 has a place for. */
const known = ["FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "WKST"];

const inLondon = (at: string): Temporal.ZonedDateTime => Temporal.Instant.from(at).toZonedDateTimeISO(zone);
const wall = (time: { toPlainTime(): Temporal.PlainTime }): string =>
  time.toPlainTime().toString({ smallestUnit: "minute" });

/** The recurrence as HSDS has it, whose schedules know weeks and months only; null where it cannot be said so. */
function ruleOf(recurrence: string) {
  const parts = new Map(recurrence.split(";").map((part) => part.split("=", 2) as [string, string]));
  if ([...parts.keys()].some((name) => !known.includes(name))) return null;
  const until = parts.get("UNTIL");
  const interval = Number(parts.get("INTERVAL") ?? 1);
  const isDaily = parts.get("FREQ") === "DAILY" && interval === 1 && !parts.has("BYMONTHDAY");
  const freq = isDaily ? "WEEKLY" : parts.get("FREQ");
  if (freq !== "WEEKLY" && freq !== "MONTHLY") return null;
  const byday = parts.get("BYDAY") ?? (isDaily ? everyDay : undefined);
  return {
    freq,
    interval,
    ...(byday === undefined ? {} : { byday }),
    ...(parts.has("BYMONTHDAY") ? { bymonthday: parts.get("BYMONTHDAY") } : {}),
    ...(parts.has("WKST") ? { wkst: parts.get("WKST") } : {}),
    ...(parts.has("COUNT") ? { count: Number(parts.get("COUNT")) } : {}),
    ...(until === undefined ? {} : { until: dayOf(until) }),
  };
}

/** The day in London of a moment that a recurrence writes as `20261231T235959Z`. */
const dayOf = (until: string): string =>
  inLondon(until.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, "$1-$2-$3T$4:$5:$6Z"))
    .toPlainDate()
    .toString();

/**
 * The sessions to come of a forum's clinics as schedules of HSDS 3. A recurrence that the standard can say is one schedule,
 * in the times that London's clocks show. Another one, and one of which a session to come falls away, is told session by
 * session, three months ahead: the standard has no exceptions, and a day on which nobody is there must not stand in it.
 */
export function schedulesOf(
  service: string,
  clinics: readonly ClinicView[],
  { now, baseUrl }: { now: Date; baseUrl: string },
): object[] {
  return clinics
    .filter((clinic) => !clinic.cancelled && nextOccurrence(clinic, now) !== null)
    .flatMap((clinic) => {
      const common = {
        service_id: service,
        description: `${clinic.title} (${clinic.department.name}). ${clinic.description}`,
        schedule_link: `${baseUrl}/clinics/${clinic.slug}`,
        attending_type: "On the forum",
      };
      const rule = hasExceptions(clinic, now) ? null : clinic.recurrence && ruleOf(clinic.recurrence);
      if (rule) return [{ id: idOf("schedule", clinic.slug), ...common, ...recurring(clinic), ...rule }];
      return clinic.next
        .filter(({ state }) => state !== "cancelled")
        .map((session) => ({
          id: idOf("schedule", `${clinic.slug}/${session.startsAt}`),
          ...common,
          ...single(session),
        }));
    });
}

/** Whether a day that the recurrence names falls away, now or later. */
const hasExceptions = ({ except, next }: ClinicView, now: Date): boolean =>
  except.some((day) => day >= now.toISOString().slice(0, 10)) ||
  next.some(({ state }) => state === "cancelled");

function recurring({ startsAt, minutes }: ClinicView): object {
  const first = Temporal.PlainDateTime.from(startsAt);
  const day = first.toPlainDate().toString();
  return {
    valid_from: day,
    dtstart: day,
    opens_at: wall(first),
    closes_at: wall(first.add({ minutes })),
    notes: "The times are those that clocks in London show, in summer and in winter.",
  };
}

function single({ startsAt, endsAt }: SessionView): object {
  const [begin, end] = [inLondon(startsAt), inLondon(endsAt)];
  const day = begin.toPlainDate().toString();
  return {
    valid_from: day,
    valid_to: day,
    dtstart: day,
    until: day,
    opens_at: `${wall(begin)}${begin.offset}`,
    closes_at: `${wall(end)}${end.offset}`,
  };
}
