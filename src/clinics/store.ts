import { type Actor, auditOf } from "../contract/actor.ts";
import type { Prisma, Tx } from "../db/index.ts";
import { type Clinic, ClinicDocument, type QuestionState, type Session } from "./document.ts";

type Json = Prisma.InputJsonValue;

interface ClinicRow {
  slug: string;
  poolSlug: string;
  forumSlug: string;
  document: unknown;
  sequence: number;
  createdAt: Date;
  changedAt: Date;
  cancelledAt: Date | null;
}

/** Pool and forum are the columns', which follow a rename; the schema puts the keys back in order. */
const toClinic = ({ poolSlug, forumSlug, document, ...row }: ClinicRow): Clinic => ({
  ...row,
  document: ClinicDocument.parse({ ...(document as object), pool: poolSlug, forum: forumSlug }),
});

/** Clinics by slug; of some pools or of one forum where they are named. */
export async function selectClinics(
  tx: Tx,
  which: { pools?: readonly string[]; forum?: string } = {},
): Promise<Clinic[]> {
  const rows = await tx.clinic.findMany({
    where: {
      ...(which.pools === undefined ? {} : { poolSlug: { in: [...which.pools] } }),
      ...(which.forum === undefined ? {} : { forumSlug: which.forum }),
    },
    orderBy: { slug: "asc" },
  });
  return rows.map(toClinic);
}

/** One clinic; with `hold` nobody else changes it or its sessions until the transaction ends. */
export async function selectClinic(tx: Tx, slug: string, hold = false): Promise<Clinic | null> {
  if (hold) await tx.$queryRaw`SELECT slug FROM clinic WHERE slug = ${slug} FOR NO KEY UPDATE`;
  const row = await tx.clinic.findUnique({ where: { slug } });
  return row && toClinic(row);
}

/** Keeps two from making a clinic of one name at the same time. */
export async function holdClinicName(tx: Tx, slug: string): Promise<void> {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(hashtext(${`clinic:${slug}`}))::text`;
}

export async function saveClinic(tx: Tx, { slug, document, ...rest }: Clinic): Promise<void> {
  const data = {
    ...rest,
    poolSlug: document.pool,
    forumSlug: document.forum,
    document: document as unknown as Json,
  };
  await tx.clinic.upsert({ where: { slug }, create: { slug, ...data }, update: data });
}

type SessionRow = Omit<Session, "clinic"> & { clinicSlug: string };
const toSession = ({ clinicSlug, ...row }: SessionRow): Session => ({ ...row, clinic: clinicSlug });

/** Sessions that something happened to, the latest first; of one clinic, of some or of all. */
export async function selectSessions(
  tx: Tx,
  which: { clinic?: string; clinics?: readonly string[]; state?: Session["state"][]; limit?: number } = {},
): Promise<Session[]> {
  const rows = await tx.clinicSession.findMany({
    where: {
      ...(which.clinic === undefined ? {} : { clinicSlug: which.clinic }),
      ...(which.clinics === undefined ? {} : { clinicSlug: { in: [...which.clinics] } }),
      ...(which.state === undefined ? {} : { state: { in: which.state } }),
    },
    orderBy: { startsAt: "desc" },
    ...(which.limit === undefined ? {} : { take: which.limit }),
  });
  return (rows as SessionRow[]).map(toSession);
}

/** Sessions by the slug of their clinic, in the order in which they came. */
export function byClinic(sessions: readonly Session[]): ReadonlyMap<string, readonly Session[]> {
  const found = new Map<string, Session[]>();
  for (const session of sessions) {
    const own = found.get(session.clinic);
    if (own) own.push(session);
    else found.set(session.clinic, [session]);
  }
  return found;
}

/** A session with what changes of it; made where nothing has happened to it before. */
export async function saveSession(
  tx: Tx,
  { clinic, startsAt }: Pick<Session, "clinic" | "startsAt">,
  change: Partial<Omit<Session, "clinic" | "startsAt">>,
): Promise<void> {
  await tx.clinicSession.upsert({
    where: { clinicSlug_startsAt: { clinicSlug: clinic, startsAt } },
    create: { clinicSlug: clinic, startsAt, ...change },
    update: change,
  });
}

export interface StoredQuestion {
  id: string;
  clinic: string;
  startsAt: Date;
  state: QuestionState;
  externalId: string;
  content: Uint8Array | null;
  takenBy: string | null;
  reference: string | null;
  askedAt: Date;
  isPublic: boolean;
  key: { wrapped: Uint8Array; keyId: string } | null;
}

/** Questions in the order in which they were asked, with their keys. */
export async function selectQuestions(
  tx: Tx,
  which: {
    clinic?: string;
    startsAt?: Date;
    id?: string;
    externalId?: string;
    state?: readonly QuestionState[];
    /** Only those whose text is still there and which were asked before this. */
    keptSince?: Date;
    limit?: number;
  },
): Promise<StoredQuestion[]> {
  const { clinic, startsAt, id, externalId, state, keptSince, limit } = which;
  const rows = await tx.clinicQuestion.findMany({
    where: {
      ...(clinic === undefined ? {} : { clinicSlug: clinic }),
      ...(startsAt === undefined ? {} : { startsAt }),
      ...(id === undefined ? {} : { id }),
      ...(externalId === undefined ? {} : { externalId }),
      ...(state === undefined ? {} : { state: { in: [...state] } }),
      ...(keptSince === undefined ? {} : { content: { not: null }, askedAt: { lt: keptSince } }),
    },
    orderBy: { id: "asc" },
    ...(limit === undefined ? {} : { take: limit }),
  });
  const keys = await tx.contentKey.findMany({ where: { id: { in: rows.map((row) => row.id) } } });
  const keyOf = new Map(keys.map((key) => [key.id, key]));
  return rows.map(({ clinicSlug, ...row }) => ({
    ...row,
    state: row.state as QuestionState,
    clinic: clinicSlug,
    key: keyOf.get(row.id) ?? null,
  }));
}

/** Holds one question until the transaction ends. */
export async function holdQuestion(tx: Tx, id: string): Promise<StoredQuestion | null> {
  await tx.$queryRaw`SELECT id FROM clinic_question WHERE id = ${id}::uuid FOR NO KEY UPDATE`;
  return (await selectQuestions(tx, { id }))[0] ?? null;
}

export async function insertQuestion(
  tx: Tx,
  question: Pick<StoredQuestion, "id" | "clinic" | "startsAt" | "externalId" | "askedAt" | "isPublic"> & {
    content: Uint8Array<ArrayBuffer>;
    key: { wrapped: Uint8Array<ArrayBuffer>; keyId: string };
  },
): Promise<void> {
  const { clinic, key, ...row } = question;
  await tx.contentKey.create({ data: { id: row.id, wrapped: key.wrapped, keyId: key.keyId } });
  await tx.clinicQuestion.create({ data: { ...row, clinicSlug: clinic, state: "waiting" } });
}

export async function updateQuestion(
  tx: Tx,
  id: string,
  change: { state: QuestionState; takenBy?: string | null; reference?: string },
): Promise<void> {
  await tx.clinicQuestion.update({ where: { id }, data: change });
}

/** Counts one less of what a session left over: it is not passed on after all. */
export async function countOneLess(
  tx: Tx,
  { clinic, startsAt }: Pick<Session, "clinic" | "startsAt">,
): Promise<void> {
  await tx.clinicSession.updateMany({
    where: { clinicSlug: clinic, startsAt, leftOver: { gt: 0 } },
    data: { leftOver: { decrement: 1 } },
  });
}

/** Every question of a session that is in the queue, into another state. How many there were. */
export async function moveQuestions(
  tx: Tx,
  { clinic, startsAt }: Pick<Session, "clinic" | "startsAt">,
  to: QuestionState,
): Promise<number> {
  const { count } = await tx.clinicQuestion.updateMany({
    where: { clinicSlug: clinic, startsAt, state: { in: ["waiting", "taken"] } },
    data: { state: to },
  });
  return count;
}

export async function countQuestions(
  tx: Tx,
  { clinic, startsAt }: Pick<Session, "clinic" | "startsAt">,
  state: QuestionState,
): Promise<number> {
  return tx.clinicQuestion.count({ where: { clinicSlug: clinic, startsAt, state } });
}

/** Takes the content of these questions and the forum's ids of them, for good. */
export async function forgetQuestions(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.contentKey.deleteMany({ where: { id: { in: [...ids] } } });
  await tx.$executeRaw`
    UPDATE clinic_question SET content = NULL, external_id = id::text WHERE id = ANY(${[...ids]}::uuid[])`;
}

export type ClinicEventType =
  | "clinic.planned"
  | "clinic.changed"
  | "clinic.cancelled"
  | "clinic.opened"
  | "clinic.finished"
  | "clinic.summarised"
  | "clinic.imported";

/** Adds to the audit what was done to a clinic: slugs and times, no text. */
export async function recordClinicEvent(
  tx: Tx,
  event: {
    type: ClinicEventType;
    clinic: Clinic;
    department: string;
    actor: Actor;
    now: Date;
    session?: Date;
  },
): Promise<void> {
  const { type, clinic, department, actor, now, session } = event;
  await tx.event.create({
    data: {
      type,
      at: now,
      ...auditOf(actor),
      chain: department,
      poolSlug: clinic.document.pool,
      data: {
        clinic: clinic.slug,
        sequence: clinic.sequence,
        ...(session === undefined ? {} : { session: session.toISOString() }),
      },
    },
  });
}

/** Beginnings of the sessions that somebody cancelled by themselves, as ISO strings. */
export async function selectCancelledAlone(tx: Tx, slug: string): Promise<ReadonlySet<string>> {
  const events = await selectClinicEvents(tx, slug);
  const sessions = events.filter(({ type }) => type === "clinic.cancelled").map(({ data }) => data.session);
  return new Set(sessions.filter((session) => typeof session === "string"));
}

/** What was done to a clinic, the oldest first. */
export async function selectClinicEvents(
  tx: Tx,
  slug: string,
): Promise<{ type: string; at: Date; role: string; data: Record<string, unknown> }[]> {
  return tx.$queryRaw`
    SELECT type, at, actor_role AS role, data FROM event
    WHERE type LIKE 'clinic.%' AND data->>'clinic' = ${slug} ORDER BY id`;
}
