import { z } from "zod";
import { Prisma, type Tx } from "../../db/index.ts";
import type { StoredDelivery } from "../delivery.ts";
import { blockedUntil } from "../model.ts";
import { StoredRow, storedColumns } from "./outbox.ts";

const ListedRow = StoredRow.extend({ reference: z.string().nullable() });
export type ListedRow = z.infer<typeof ListedRow>;

/** Newest first, each with the public reference of its referral. `before` is the id of the last one already seen. */
export async function selectDeliveries(
  tx: Tx,
  wish: { state?: string | undefined; before?: string | undefined; limit: number },
): Promise<ListedRow[]> {
  const inState = wish.state === undefined ? Prisma.empty : Prisma.sql`AND state = ${wish.state}`;
  const older = wish.before === undefined ? Prisma.empty : Prisma.sql`AND id < ${wish.before}::uuid`;
  const rows = await tx.$queryRaw`
    SELECT ${storedColumns},
           (SELECT reference FROM referral WHERE referral.id = delivery.referral_id) AS reference
      FROM delivery WHERE true ${inState} ${older}
     ORDER BY id DESC LIMIT ${wish.limit}::int`;
  return z.array(ListedRow).parse(rows);
}

export async function selectDelivery(tx: Tx, id: string): Promise<StoredDelivery | null> {
  const rows = await tx.$queryRaw`SELECT ${storedColumns} FROM delivery WHERE id = ${id}::uuid`;
  return z.array(StoredRow).parse(rows)[0] ?? null;
}

/**
 * Makes a settled failure the next to go again, on a schedule that begins now; behind it waits what its referral and
 * destination still have, unless that is under way. What may have been applied is looked up first. Null where it is neither parked nor refused.
 */
export async function restart(tx: Tx, row: StoredDelivery, now: Date): Promise<StoredDelivery | null> {
  const restarted = await tx.$queryRaw`
    UPDATE delivery d
       SET state = CASE WHEN d.state = 'parked' AND (d.data->>'uncertain')::boolean THEN 'unknown' ELSE 'waiting' END,
           step = 0, settled_at = NULL, failing_since = NULL, alarmed_at = NULL,
           data = data || jsonb_build_object('replayedAt', ${now.toISOString()}::text),
           next_at = CASE WHEN EXISTS (
             SELECT 1 FROM delivery e WHERE e.referral_id = d.referral_id AND e.adapter = d.adapter
                AND e.destination = d.destination AND e.seq < d.seq AND e.settled_at IS NULL
           ) THEN ${blockedUntil}::timestamptz ELSE ${now}::timestamptz END
     WHERE id = ${row.id}::uuid AND state IN ('parked', 'refused')
    RETURNING ${storedColumns}`;
  const [first] = z.array(StoredRow).parse(restarted);
  if (!first) return null;
  await tx.$executeRaw`
    UPDATE delivery SET next_at = ${blockedUntil}::timestamptz
     WHERE referral_id = ${row.referralId}::uuid AND adapter = ${row.adapter} AND destination = ${row.destination}
       AND seq > ${row.seq} AND state IN ('waiting', 'unknown')`;
  return first;
}

/** Writes the audit's line: who sent which delivery again. */
export async function recordReplay(
  tx: Tx,
  row: StoredDelivery,
  by: { role: string; id: string | null },
  now: Date,
): Promise<void> {
  const data = { delivery: row.id, adapter: row.adapter, destination: row.destination, notice: row.notice };
  await tx.event.create({
    data: { type: "delivery.replayed", at: now, actorRole: by.role, actorId: by.id, data },
  });
}
