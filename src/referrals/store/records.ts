import type { Prisma } from "../../db/generated/client.ts";
import type { Tx } from "../../db/index.ts";
import type { TimerKind, TimerPlan } from "../clocks.ts";
import type { EventRecord, Reply, TextRecord } from "../model.ts";

/** Appends one line of the audit. Without `seq` it stands in the audit but not in the referral's own history. */
export async function appendEvent(
  tx: Tx,
  event: Omit<EventRecord, "seq" | "data"> & {
    referralId: string;
    seq: number | null;
    chain: string;
    data: Record<string, unknown>;
  },
): Promise<void> {
  await tx.event.create({ data: { ...event, data: event.data as Prisma.InputJsonValue } });
}

/** A referral's history, oldest first. */
export async function readHistory(
  tx: Tx,
  referralIds: readonly string[],
): Promise<Map<string, EventRecord[]>> {
  const rows = await tx.event.findMany({
    where: { referralId: { in: [...referralIds] }, seq: { not: null } },
    orderBy: { seq: "asc" },
  });
  const histories = new Map<string, EventRecord[]>();
  for (const row of rows) {
    if (row.referralId === null || row.seq === null) continue;
    const record = { ...row, seq: row.seq, data: row.data as Record<string, unknown> };
    const known = histories.get(row.referralId);
    if (known) known.push(record);
    else histories.set(row.referralId, [record]);
  }
  return histories;
}

export async function insertText(
  tx: Tx,
  text: Omit<TextRecord, "id" | "body" | "expiresAt"> & {
    referralId: string;
    body: Uint8Array<ArrayBuffer>;
    expiresAt?: Date;
  },
): Promise<string> {
  const row = await tx.text.create({ data: text, select: { id: true } });
  return row.id;
}

export async function readTexts(tx: Tx, referralId: string): Promise<TextRecord[]> {
  return tx.text.findMany({ where: { referralId }, orderBy: { id: "asc" } });
}

/** Typed texts by their ids. */
export async function findTexts(tx: Tx, ids: readonly string[]): Promise<TextRecord[]> {
  return ids.length === 0 ? [] : tx.text.findMany({ where: { id: { in: [...ids] } } });
}

export async function findText(tx: Tx, id: string): Promise<TextRecord | null> {
  return tx.text.findUnique({ where: { id } });
}

export async function readReplies(tx: Tx, referralIds: readonly string[]): Promise<Map<string, Reply[]>> {
  const rows = await tx.reply.findMany({
    where: { referralId: { in: [...referralIds] } },
    orderBy: { id: "asc" },
  });
  const replies = new Map<string, Reply[]>();
  for (const row of rows) {
    if (row.referralId === null) continue;
    const known = replies.get(row.referralId);
    if (known) known.push(row);
    else replies.set(row.referralId, [row]);
  }
  return replies;
}

export async function insertContentKey(
  tx: Tx,
  key: { id: string; wrapped: Uint8Array<ArrayBuffer>; keyId: string },
): Promise<void> {
  await tx.contentKey.create({ data: key });
}

export async function insertReply(tx: Tx, reply: Prisma.ReplyUncheckedCreateInput): Promise<string> {
  const row = await tx.reply.create({ data: reply, select: { id: true } });
  return row.id;
}

/** Changes a reply while it is in one of the states named; false when it no longer is. */
export async function changeReply(
  tx: Tx,
  id: string,
  from: readonly string[],
  change: Prisma.ReplyUncheckedUpdateManyInput,
): Promise<boolean> {
  const changed = await tx.reply.updateMany({ where: { id, state: { in: [...from] } }, data: change });
  return changed.count === 1;
}

/** Replaces what may fall due for a referral. */
export async function setTimers(tx: Tx, referralId: string, timers: readonly TimerPlan[]): Promise<void> {
  const kinds = timers.map(({ kind }) => kind);
  await tx.$executeRaw`
    WITH over AS (DELETE FROM timer WHERE referral_id = ${referralId}::uuid AND NOT kind = ANY (${kinds}::text[]))
    INSERT INTO timer (referral_id, kind, due_at)
    SELECT ${referralId}::uuid, t.kind, t.due_at
      FROM unnest(${kinds}::text[], ${timers.map(({ dueAt }) => dueAt)}::timestamptz[]) AS t (kind, due_at)
    ON CONFLICT (referral_id, kind) DO UPDATE SET due_at = excluded.due_at`;
}

/** Sets one timer beside the others. */
export async function setTimer(tx: Tx, referralId: string, timer: TimerPlan): Promise<void> {
  await tx.timer.upsert({
    where: { referralId_kind: { referralId, kind: timer.kind } },
    create: { ...timer, referralId },
    update: { dueAt: timer.dueAt },
  });
}

/** What is due, oldest first; only looked at, taken later by `takeTimer` in the transaction of its effect. */
export async function findDueTimers(
  tx: Tx,
  now: Date,
  limit: number,
): Promise<{ referralId: string; kind: TimerKind }[]> {
  const rows = await tx.timer.findMany({
    where: { dueAt: { lte: now } },
    orderBy: { dueAt: "asc" },
    take: limit,
  });
  return rows.map((row) => ({ referralId: row.referralId, kind: row.kind as TimerKind }));
}

/** Takes a due timer away; false when another instance already has, or it was set anew. */
export async function takeTimer(tx: Tx, referralId: string, kind: TimerKind, now: Date): Promise<boolean> {
  const taken = await tx.timer.deleteMany({ where: { referralId, kind, dueAt: { lte: now } } });
  return taken.count === 1;
}
