import { z } from "zod";
import { Prisma, type Tx } from "../../db/index.ts";

/** One place of one adapter. */
export interface Place {
  adapter: string;
  destination: string;
}

const labelOf = ({ adapter, destination }: Place): string => `${adapter} ${destination}`;

/**
 * Destroys a referral's key and empties everything it sealed; what remains is the counted row and its times. What an
 * adapter remembers of its messages stays until they are blanked: without it they could not be found.
 */
export async function destroyContent(tx: Tx, referralId: string, because: string, now: Date): Promise<void> {
  await tx.contentKey.deleteMany({ where: { id: referralId } });
  await tx.referral.update({ where: { id: referralId }, data: { memberHash: null } });
  await tx.text.deleteMany({ where: { referralId, kind: "kept" } });
  await tx.text.updateMany({ where: { referralId }, data: { body: null } });
  await tx.reply.updateMany({ where: { referralId }, data: { body: null, url: null } });
  await tx.adapterMemory.deleteMany({ where: { referralId, NOT: { key: { startsWith: "remember:" } } } });
  await tx.idempotency.updateMany({ where: { referralId }, data: { response: null } });
  await tx.timer.deleteMany({ where: { referralId } });
  await tx.erasure.createMany({
    data: [{ referralId, because, at: now, unredacted: [] }],
    skipDuplicates: true,
  });
}

/** Notes places that showed content and were not blanked. */
export async function listUnredacted(tx: Tx, referralId: string, places: readonly Place[]): Promise<void> {
  for (const label of places.map(labelOf)) {
    await tx.$executeRaw`
      UPDATE erasure SET unredacted = array_append(unredacted, ${label})
       WHERE referral_id = ${referralId}::uuid AND NOT ${label} = ANY (unredacted)`;
  }
}

/** A place was blanked: it leaves the list, and what its adapter remembered of the referral goes. */
export async function forgetRedacted(tx: Tx, referralId: string, place: Place): Promise<void> {
  const known = await tx.$executeRaw`
    UPDATE erasure SET unredacted = array_remove(unredacted, ${labelOf(place)}) WHERE referral_id = ${referralId}::uuid`;
  if (known === 0) return;
  await tx.adapterMemory.deleteMany({
    where: { adapter: place.adapter, key: `remember:${referralId}:${place.destination}` },
  });
}

/** Places whose word to blank still waits although their adapter is off; they are added to the lists. Gives how many. */
export async function listWaitingForOff(tx: Tx, adaptersOn: readonly string[]): Promise<number> {
  return tx.$executeRaw`
    UPDATE erasure e SET unredacted = array_append(e.unredacted, w.label)
      FROM (SELECT DISTINCT referral_id, adapter || ' ' || destination AS label FROM delivery
             WHERE settled_at IS NULL AND notice = 'redact' AND NOT adapter = ANY (${[...adaptersOn]}::text[])) w
     WHERE e.referral_id = w.referral_id AND NOT w.label = ANY (e.unredacted)`;
}

const Ids = z.array(z.object({ id: z.string() }));
const idsOf = async (rows: Promise<unknown>): Promise<string[]> => Ids.parse(await rows).map(({ id }) => id);

/** What is to be erased now, and why: at most `limit` of each kind, oldest first. */
export async function findErasable(
  tx: Tx,
  due: { now: Date; leftBefore: Date; finishedBefore: Date; limit: number },
): Promise<{ id: string; because: string }[]> {
  const limit = Prisma.sql`ORDER BY r.id LIMIT ${due.limit}::int`;
  const retention = await idsOf(
    tx.$queryRaw`SELECT r.id FROM timer t JOIN referral r ON r.id = t.referral_id
      WHERE t.kind = 'purge' AND t.due_at <= ${due.now}::timestamptz AND r.erased_at IS NULL ${limit}`,
  );
  const left = await idsOf(
    tx.$queryRaw`SELECT r.id FROM referral r JOIN forum f ON f.slug = r.forum_slug
      WHERE f.left_at <= ${due.leftBefore}::timestamptz AND r.erased_at IS NULL ${limit}`,
  );
  // A merged referral follows the one it went into; where that was merged too, it follows its erasure.
  const merged = await idsOf(
    tx.$queryRaw`SELECT r.id FROM referral r JOIN referral other ON other.id = r.merged_into_id
      WHERE r.state = 'merged' AND r.erased_at IS NULL
        AND CASE WHEN other.state = 'merged' THEN other.erased_at IS NOT NULL
                 ELSE other.finished_at <= ${due.finishedBefore}::timestamptz END ${limit}`,
  );
  const replayed = z.array(z.object({ id: z.string(), because: z.string() })).parse(
    await tx.$queryRaw`SELECT r.id, e.because FROM erasure e JOIN referral r ON r.id = e.referral_id
      WHERE r.erased_at IS NULL ${limit}`,
  );
  return [
    ...replayed,
    ...retention.map((id) => ({ id, because: "retention" })),
    ...left.map((id) => ({ id, because: "forum-left" })),
    ...merged.map((id) => ({ id, because: "retention" })),
  ];
}

/** Texts kept for their author whose time is over. Gives how many went. */
export async function deleteExpiredTexts(tx: Tx, now: Date): Promise<number> {
  return (await tx.text.deleteMany({ where: { expiresAt: { lte: now } } })).count;
}

/** Replies recorded without a referral whose time is over: their keys, texts and addresses go. Gives how many. */
export async function emptyDirectReplies(tx: Tx, before: Date): Promise<number> {
  return tx.$executeRaw`
    WITH emptied AS (
      UPDATE reply SET body = NULL, url = NULL
       WHERE referral_id IS NULL AND created_at <= ${before}::timestamptz AND (body IS NOT NULL OR url IS NOT NULL)
      RETURNING id
    ) DELETE FROM content_key WHERE id IN (SELECT id FROM emptied)`;
}

/**
 * What adapters remember and need no longer: values whose time is over, and those of erased referrals with nothing left
 * to blank, or that could not be blanked since `givenUpBefore`. Gives how many went.
 */
export async function deleteSpentMemories(tx: Tx, now: Date, givenUpBefore: Date): Promise<number> {
  return tx.$executeRaw`
    DELETE FROM adapter_memory m
     WHERE m.expires_at <= ${now}::timestamptz
        OR EXISTS (SELECT FROM referral r WHERE r.id = m.referral_id AND r.erased_at IS NOT NULL
                      AND NOT EXISTS (SELECT FROM delivery d WHERE d.referral_id = r.id AND d.adapter = m.adapter
                                         AND (d.settled_at IS NULL OR (d.notice = 'redact' AND d.state IN ('parked', 'refused')
                                              AND r.erased_at > ${givenUpBefore}::timestamptz))))`;
}

/** Ids of the referrals of a forum that carry this keyed hash of a member and still have content. */
export async function findByMember(
  tx: Tx,
  forumSlug: string,
  memberHash: Uint8Array<ArrayBuffer>,
): Promise<string[]> {
  const rows = await tx.referral.findMany({
    where: { forumSlug, memberHash, erasedAt: null },
    select: { id: true },
    orderBy: { id: "asc" },
  });
  return rows.map((row) => row.id);
}

/** The next referrals of a forum that name a member and still have content, after an id. */
export async function findNamingMember(
  tx: Tx,
  forumSlug: string,
  after: string,
  limit: number,
): Promise<{ id: string; content: Uint8Array; key: { wrapped: Uint8Array; keyId: string } }[]> {
  const rows = await tx.$queryRaw`
    SELECT r.id, r.content, k.wrapped, k.key_id AS "keyId" FROM referral r JOIN content_key k ON k.id = r.id
     WHERE r.forum_slug = ${forumSlug} AND r.member_hash IS NOT NULL AND r.erased_at IS NULL AND r.content IS NOT NULL
       AND r.id > ${after}::uuid
     ORDER BY r.id LIMIT ${limit}::int`;
  return z
    .array(
      z.object({
        id: z.string(),
        content: z.instanceof(Uint8Array),
        wrapped: z.instanceof(Uint8Array),
        keyId: z.string(),
      }),
    )
    .parse(rows)
    .map(({ wrapped, keyId, ...row }) => ({ ...row, key: { wrapped, keyId } }));
}

/** What was erased, without what it was: for the list that a restored backup needs. */
export async function readErasures(
  tx: Tx,
): Promise<{ referralId: string; because: string; at: Date; unredacted: string[] }[]> {
  return tx.erasure.findMany({
    select: { referralId: true, because: true, at: true, unredacted: true },
    orderBy: { at: "asc" },
  });
}
