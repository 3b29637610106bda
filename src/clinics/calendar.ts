import ical, {
  escape as escaped,
  type ICalCalendar,
  ICalCalendarMethod,
  ICalEventStatus,
  type ICalLuxonDateTimeStub,
} from "ical-generator";
import { Temporal } from "temporal-polyfill";
import { type Clinic, endOf, type Session } from "./document.ts";

const zone = "Europe/London";

/** The rules of London's clocks (https://www.iana.org/time-zones), as calendars want them told. */
const london = [
  "BEGIN:VTIMEZONE",
  "TZID:Europe/London",
  "BEGIN:DAYLIGHT",
  "TZOFFSETFROM:+0000",
  "TZOFFSETTO:+0100",
  "TZNAME:BST",
  "DTSTART:19810329T010000",
  "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
  "END:DAYLIGHT",
  "BEGIN:STANDARD",
  "TZOFFSETFROM:+0100",
  "TZOFFSETTO:+0000",
  "TZNAME:GMT",
  "DTSTART:19961027T020000",
  "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
  "END:STANDARD",
  "END:VTIMEZONE",
].join("\r\n");

/** A clinic as a calendar shows it. */
export interface CalendarEntry {
  clinic: Clinic;
  /** Sessions that were cancelled one by one. */
  cancelled: readonly Pick<Session, "startsAt">[];
  forum: string;
  /** The clinic's own page. */
  page: string;
}

/** An instant as the library takes times with a zone: it asks for the wall time in these two forms. */
function inLondon(at: Date): ICalLuxonDateTimeStub {
  const wall = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(zone);
  const digits = (text: string) => text.replace(/[-:]/g, "");
  const stub: ICalLuxonDateTimeStub = {
    isValid: true,
    setZone: () => stub,
    toFormat: (format) =>
      format === "HHmmss"
        ? digits(wall.toPlainTime().toString({ smallestUnit: "second" }))
        : digits(wall.toPlainDate().toString()),
    toJSDate: () => at,
    toJSON: () => at.toISOString(),
    zone: { type: "iana" },
  };
  return stub;
}

const oneLine = (text: string): string => escaped(text.replace(/[\r\n]+/g, " "), false);

/**
 * Clinics as a calendar to subscribe to (RFC 5545). The UID of a clinic is its slug at this site and never changes; SEQUENCE
 * counts its changes; what was cancelled stays, as CANCELLED, so that calendars take it out. Times are London's.
 */
export function calendarOf(
  calendar: { name: string; host: string },
  entries: readonly CalendarEntry[],
): string {
  const file = ical({
    name: oneLine(calendar.name),
    prodId: { company: "Fingerpost", product: "Clinics", language: "EN" },
    method: ICalCalendarMethod.PUBLISH,
    timezone: { name: null, generator: (name) => (name === zone ? london : null) },
  });
  for (const entry of entries) addClinic(file, calendar.host, entry);
  return file.toString();
}

function addClinic(
  file: ICalCalendar,
  host: string,
  { clinic, cancelled, forum, page }: CalendarEntry,
): void {
  const { document, slug, sequence, createdAt, changedAt, cancelledAt } = clinic;
  const first = firstOf(document);
  const common = {
    id: `${slug}@${host}`,
    sequence,
    stamp: changedAt,
    created: createdAt,
    lastModified: changedAt,
    timezone: zone,
    summary: document.title,
    description: document.description,
    location: document.thread === null ? forum : `${forum}: ${document.thread}`,
    url: page,
  };
  const times = (at: Date) => ({ start: inLondon(at), end: inLondon(endOf(at, document)) });
  const left = document.except.map((day) => firstOf({ startsAt: `${day}${document.startsAt.slice(10)}` }));
  const event = file.createEvent({
    ...common,
    ...times(first),
    status: cancelledAt ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
  });
  if (document.recurrence === null) {
    // A session that was cancelled when the clinic was moved away from it says nothing of the one there is now.
    if (cancelled.some(({ startsAt }) => startsAt.getTime() === first.getTime()))
      event.status(ICalEventStatus.CANCELLED);
    return;
  }
  const excluded = left.map((at) => `EXDATE;TZID=${zone}:${wallOf(at)}`);
  event.repeating([`RRULE:${document.recurrence}`, ...excluded].join("\r\n"));
  for (const { startsAt } of cancelledAt ? [] : cancelled)
    file.createEvent({
      ...common,
      ...times(startsAt),
      recurrenceId: inLondon(startsAt),
      status: ICalEventStatus.CANCELLED,
    });
}

const firstOf = ({ startsAt }: Pick<Clinic["document"], "startsAt">): Date =>
  new Date(Temporal.PlainDateTime.from(startsAt).toZonedDateTime(zone).epochMilliseconds);

function wallOf(at: Date): string {
  const time = inLondon(at);
  return `${time.toFormat("yyyyLLdd")}T${time.toFormat("HHmmss")}`;
}
