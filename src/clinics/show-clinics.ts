import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import type { Deps } from "../deps.ts";
import { nameOf, type Register } from "../register/model.ts";
import { beginningOf, nextDay } from "../stats/index.ts";
import { departmentOf, mayWork } from "./clinic-turn.ts";
import { type Clinic, endOf, questionsFrom, type Session, type SessionState } from "./document.ts";
import { openQuestion } from "./hold-session.ts";
import { takesPublicQuestions } from "./public-questions.ts";
import { occurrences } from "./recurrence.ts";
import {
  byClinic,
  selectClinic,
  selectClinicEvents,
  selectClinics,
  selectQuestions,
  selectSessions,
} from "./store.ts";

type ReadDeps = Pick<Deps, "db" | "now" | "register">;
type Named = { slug: string; name: string };
const dayMs = 24 * 60 * 60_000;
/** How far ahead sessions are shown. */
const aheadMs = 92 * dayMs;
/** How many sessions that something happened to are shown of one clinic. */
const latest = 200;

/** A session as anybody may see it. Times are ISO 8601. */
export interface SessionView {
  clinic: string;
  title: string;
  language: string;
  startsAt: string;
  endsAt: string;
  questionsFrom: string;
  state: SessionState;
  department: Named;
  pool: Named;
  forum: Named;
  /** How many were answered and how many were left over; null to the public until a summary is published with them. */
  answered: number | null;
  leftOver: number | null;
  summary: string | null;
}

export interface ClinicView {
  slug: string;
  title: string;
  description: string;
  language: string;
  department: Named;
  pool: Named;
  forum: Named;
  startsAt: string;
  minutes: number;
  recurrence: string | null;
  except: string[];
  questionsDays: number;
  thread: string | null;
  /** Anybody may ask on the clinic's page, on the days on which questions are taken. */
  publicQuestions: boolean;
  sequence: number;
  cancelled: boolean;
  next: SessionView[];
  past: SessionView[];
}

function namesOf(register: Register, { document }: Clinic) {
  const department = departmentOf(register, document.pool);
  return {
    department: { slug: department, name: nameOf(register, "departments", department) },
    pool: { slug: document.pool, name: nameOf(register, "pools", document.pool) },
    forum: { slug: document.forum, name: nameOf(register, "forums", document.forum) },
  };
}

function viewOf(
  register: Register,
  clinic: Clinic,
  startsAt: Date,
  session: Session | undefined,
): SessionView {
  const { document } = clinic;
  return {
    clinic: clinic.slug,
    title: document.title,
    language: document.language,
    startsAt: startsAt.toISOString(),
    endsAt: endOf(startsAt, document).toISOString(),
    questionsFrom: questionsFrom(startsAt, document).toISOString(),
    state: session?.state ?? (clinic.cancelledAt ? "cancelled" : "planned"),
    ...namesOf(register, clinic),
    answered: session?.answered ?? 0,
    leftOver: session?.leftOver ?? 0,
    summary: session?.summary ?? null,
  };
}

/** Sessions to come within three months, the next first, and those that were held, the last first. */
export function sessionsOf(register: Register, clinic: Clinic, stored: readonly Session[], now: Date) {
  const known = new Map(stored.map((session) => [session.startsAt.getTime(), session]));
  const earliest = new Date(now.getTime() - clinic.document.minutes * 60_000);
  const planned = clinic.cancelledAt
    ? []
    : occurrences(clinic.document, earliest, new Date(now.getTime() + aheadMs));
  const told = stored.flatMap(({ startsAt, state }) =>
    startsAt >= now && state === "cancelled" ? [startsAt] : [],
  );
  const coming = [...new Set([...planned, ...told].map((at) => at.getTime()))].sort((a, b) => a - b);
  return {
    next: coming
      .filter((at) => known.get(at)?.state !== "finished")
      .map((at) => viewOf(register, clinic, new Date(at), known.get(at))),
    past: stored
      .filter(({ state }) => state === "finished")
      .map((session) => viewOf(register, clinic, session.startsAt, session)),
  };
}

function clinicView(register: Register, clinic: Clinic, stored: readonly Session[], now: Date): ClinicView {
  const { document } = clinic;
  return {
    slug: clinic.slug,
    title: document.title,
    description: document.description,
    language: document.language,
    ...namesOf(register, clinic),
    startsAt: document.startsAt,
    minutes: document.minutes,
    recurrence: document.recurrence,
    except: document.except,
    questionsDays: document.questionsDays,
    thread: document.thread,
    publicQuestions: takesPublicQuestions(register, clinic),
    sequence: clinic.sequence,
    cancelled: clinic.cancelledAt !== null,
    ...sessionsOf(register, clinic, stored, now),
  };
}

/** Without the numbers of sessions of which nobody published a summary: one that ended by itself has told nobody. */
function asPublished(view: ClinicView): ClinicView {
  const withhold = (session: SessionView): SessionView =>
    session.state === "finished" && session.summary !== null
      ? session
      : { ...session, answered: null, leftOver: null };
  return { ...view, next: view.next.map(withhold), past: view.past.map(withhold) };
}

/** One clinic with its sessions as anybody may see it; `clinic/not-found` where there is none. */
export async function showClinic(deps: ReadDeps, slug: string): Promise<ClinicView> {
  return asPublished(await showWholeClinic(deps, slug));
}

/** The same with the numbers of every session, for those who work on it. */
export async function showWholeClinic(deps: ReadDeps, slug: string): Promise<ClinicView> {
  const clinic = await selectClinic(deps.db, slug);
  if (!clinic) throw new DomainError("clinic/not-found");
  const stored = await selectSessions(deps.db, { clinic: slug, limit: latest });
  return clinicView(await deps.register(deps.db), clinic, stored, deps.now());
}

/** Every clinic with its sessions, by slug; of one department or on one forum where it is named. */
export async function listClinics(
  deps: ReadDeps,
  { department, forum }: { department?: string | undefined; forum?: string | undefined } = {},
): Promise<ClinicView[]> {
  const register = await deps.register(deps.db);
  const pools = [...register.pools.values()].filter((pool) => pool.department === department);
  const clinics = await selectClinics(deps.db, {
    ...(forum === undefined ? {} : { forum }),
    ...(department === undefined ? {} : { pools: pools.map(({ slug }) => slug) }),
  });
  const isAll = department === undefined && forum === undefined;
  const of = isAll ? {} : { clinics: clinics.map(({ slug }) => slug) };
  const stored = byClinic(await selectSessions(deps.db, of));
  return clinics.map((clinic) =>
    asPublished(clinicView(register, clinic, (stored.get(clinic.slug) ?? []).slice(0, latest), deps.now())),
  );
}

/** Every session to come, the next first, and the last that were held. */
export function sessionsIn(clinics: readonly Pick<ClinicView, "next" | "past">[]): {
  next: SessionView[];
  past: SessionView[];
} {
  const by = (sign: 1 | -1) => (a: SessionView, b: SessionView) =>
    a.startsAt === b.startsAt ? 0 : a.startsAt < b.startsAt ? -sign : sign;
  return {
    next: clinics.flatMap(({ next }) => next).sort(by(1)),
    past: clinics.flatMap(({ past }) => past).sort(by(-1)),
  };
}

/** Sessions of a department's pools in a period (days of London, both included): how many were planned, and held. */
export async function sessionsHeld(
  deps: Pick<Deps, "db" | "register">,
  { department, from, to }: { department: string; from: string; to: string },
): Promise<{ planned: number; held: number }> {
  const register = await deps.register(deps.db);
  const [begin, end] = [beginningOf(from), new Date(beginningOf(nextDay(to)).getTime() - 1)];
  const clinics = (await selectClinics(deps.db)).filter(
    ({ document }) => departmentOf(register, document.pool) === department,
  );
  const counts = { planned: 0, held: 0 };
  for (const clinic of clinics) {
    const stored = (await selectSessions(deps.db, { clinic: clinic.slug })).filter(
      ({ startsAt }) => startsAt >= begin && startsAt <= end,
    );
    const until = clinic.cancelledAt && clinic.cancelledAt < end ? clinic.cancelledAt : end;
    const times = new Set(
      [...occurrences(clinic.document, begin, until), ...stored.map(({ startsAt }) => startsAt)].map((at) =>
        at.getTime(),
      ),
    );
    counts.planned += times.size;
    counts.held += stored.filter(({ state }) => state === "finished").length;
  }
  return counts;
}

export interface QueueEntry {
  id: string;
  state: string;
  takenBy: string | null;
  askedAt: string;
  /** Asked on the clinic's page, by nobody whom the forum knows. */
  isPublic: boolean;
  question: { title?: string | undefined; excerpt: string; url: string; note?: string | undefined } | null;
}

/** The questions that wait for a session, in the order in which they were asked; for its pool and those who keep the record. */
export async function showQueue(
  deps: ReadDeps & Pick<Deps, "keyring">,
  { slug, session }: { slug: string; session: Date },
  actor: Actor,
): Promise<QueueEntry[]> {
  const clinic = await selectClinic(deps.db, slug);
  if (!clinic) throw new DomainError("clinic/not-found");
  if (!mayWork(await deps.register(deps.db), actor, clinic.document.pool, "pool"))
    throw new DomainError("access/forbidden");
  const questions = await selectQuestions(deps.db, { clinic: slug, startsAt: session });
  return questions.map((stored) => {
    const body = openQuestion(deps, stored);
    return {
      id: stored.id,
      state: stored.state,
      takenBy: stored.takenBy,
      askedAt: stored.askedAt.toISOString(),
      isPublic: stored.isPublic,
      question: body && { title: body.title, excerpt: body.excerpt, url: body.url, note: body.note },
    };
  });
}

/** What was done to a clinic, the oldest first; without who did it. */
export async function clinicHistory(deps: Pick<Deps, "db">, slug: string) {
  return selectClinicEvents(deps.db, slug);
}
