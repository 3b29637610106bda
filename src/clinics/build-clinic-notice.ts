import type { ClinicMessage } from "../contract/notice.ts";
import type { Language } from "../contract/vocabulary.ts";
import type { Tx } from "../db/index.ts";
import type { Deps } from "../deps.ts";
import { nameOf, type Register } from "../register/model.ts";
import { type ClinicNews, departmentOf } from "./clinic-turn.ts";
import { type Clinic, endOf } from "./document.ts";
import { occurrences } from "./recurrence.ts";
import { selectClinic, selectSessions } from "./store.ts";

const zone = "Europe/London";
const words: Record<Language, Record<ClinicNews, string>> = {
  en: {
    announced:
      "{title}: advisors of {department} are here on {when}. Ask a moderator to put your question down.",
    reminder: "{title}: advisors of {department} are here on {when}. There is still time to ask.",
    changed: "{title}: the details have changed. Advisors of {department} are here on {when}.",
    cancelled:
      "{title}: the session on {when} has been cancelled. Questions that were put down are passed on.",
  },
  cy: {
    announced: "{title}: bydd cynghorwyr {department} yma ar {when}. Gofynnwch i safonwr nodi eich cwestiwn.",
    reminder: "{title}: bydd cynghorwyr {department} yma ar {when}. Mae amser i ofyn o hyd.",
    changed: "{title}: mae'r manylion wedi newid. Bydd cynghorwyr {department} yma ar {when}.",
    cancelled: "{title}: mae'r sesiwn ar {when} wedi'i chanslo. Caiff y cwestiynau a nodwyd eu trosglwyddo.",
  },
};

/** A moment on London's clocks, as people write it. */
function spoken(at: Date, language: Language): string {
  return new Intl.DateTimeFormat(language === "cy" ? "cy" : "en-GB", {
    timeZone: zone,
    weekday: "long",
    day: "numeric",
    month: "long",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(at);
}

/** What waited to be said of a session that has fallen away since is not said: its cancelling is. */
async function isStillPlanned(tx: Tx, clinic: Clinic, startsAt: Date): Promise<boolean> {
  if (clinic.cancelledAt || occurrences(clinic.document, startsAt, startsAt).length === 0) return false;
  const cancelled = await selectSessions(tx, { clinic: clinic.slug, state: ["cancelled"] });
  return cancelled.every((session) => session.startsAt.getTime() !== startsAt.getTime());
}

/** What a forum is told of a session, built at the moment it is sent. Null where nothing is to be said of it any more. */
export function createClinicNotice(deps: Pick<Deps, "baseUrl" | "now">) {
  return async (
    tx: Tx,
    row: { data: Readonly<Record<string, unknown>>; sequence: number },
    register: Register,
  ): Promise<ClinicMessage | null> => {
    const {
      clinic: slug,
      news,
      startsAt,
    } = row.data as { clinic: string; news: ClinicNews; startsAt: string };
    const clinic = await selectClinic(tx, slug);
    if (!clinic) return null;
    const { document } = clinic;
    const at = new Date(startsAt);
    const isOver = endOf(at, document) <= deps.now();
    if (news !== "cancelled" && (isOver || !(await isStillPlanned(tx, clinic, at)))) return null;
    const language = register.forums.get(document.forum)?.language ?? "en";
    const department = nameOf(register, "departments", departmentOf(register, document.pool));
    const values: Record<string, string> = { title: document.title, department, when: spoken(at, language) };
    return {
      audience: "announcement",
      type: "clinic",
      data: {
        news,
        clinic: slug,
        title: document.title,
        forum: document.forum,
        from: { department, pool: nameOf(register, "pools", document.pool) },
        startsAt,
        endsAt: endOf(at, document).toISOString(),
        language,
        text: words[language][news].replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole),
        url: `${deps.baseUrl}/clinics/${slug}`,
        calendar: `${deps.baseUrl}/clinics/${slug}.ics`,
        thread: document.thread,
        sequence: row.sequence,
      },
    };
  };
}
