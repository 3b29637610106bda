import { z } from "zod";
import { Prisma, type Tx } from "../../db/index.ts";

/** A text that replaces a reply's, and that the forum has not confirmed. */
export interface PendingCorrection {
  replyId: string;
  textId: string;
}

/** The newest correction of a reply that stands, where no later word says that the forum has it. */
const corrections = Prisma.sql`
  SELECT e.referral_id, e.text_id, p.id AS reply_id
    FROM event e JOIN reply p ON p.referral_id = e.referral_id AND p.id::text = e.data->>'replyId'
   WHERE e.type = 'reply.correction_queued' AND e.text_id IS NOT NULL AND p.state IN ('delivered', 'corrected')
     AND NOT EXISTS (SELECT FROM event later WHERE later.referral_id = e.referral_id AND later.seq > e.seq
           AND later.data->>'replyId' = e.data->>'replyId'
           AND (later.type = 'reply.correction_queued'
                OR later.type = 'referral.corrected' AND coalesce(later.data->>'textId', e.text_id::text) = e.text_id::text))`;

/** A notice that the outbox carries, or has carried, to the forum. */
const isCarried = (notice: string, about: Prisma.Sql): Prisma.Sql => Prisma.sql`
  EXISTS (SELECT FROM delivery d WHERE d.referral_id = p.referral_id AND d.notice = ${notice} AND ${about}
            AND d.state IN ('waiting', 'leased', 'unknown', 'delivered'))`;

/** A reply that was taken back after the forum had it, of which the forum neither was told nor has said that it is gone. */
const retractions = Prisma.sql`
  SELECT p.referral_id, p.id AS reply_id FROM reply p
   WHERE p.state = 'withdrawn' AND p.delivered_at IS NOT NULL AND p.removed_at IS NULL
     AND NOT ${isCarried("referral.retracted", Prisma.sql`d.data->>'replyId' = p.id::text`)}`;

const events = (type: string, after: Prisma.Sql): Prisma.Sql => Prisma.sql`
  EXISTS (SELECT FROM event e WHERE e.referral_id = r.id AND e.type = ${type} AND NOT EXISTS (
    SELECT FROM event later WHERE later.referral_id = r.id AND later.seq > e.seq AND ${after}))`;

function waits(what: string): Prisma.Sql {
  if (what === "reply") {
    return Prisma.sql`r.erased_at IS NULL AND (
      EXISTS (SELECT FROM reply p WHERE p.referral_id = r.id AND p.state = 'queued')
      OR EXISTS (SELECT FROM (${corrections}) c WHERE c.referral_id = r.id)
      OR EXISTS (SELECT FROM (${retractions}) t WHERE t.referral_id = r.id))`;
  }
  if (what === "consent") {
    return Prisma.sql`r.state = 'awaiting_consent'
      AND NOT EXISTS (SELECT FROM event e WHERE e.referral_id = r.id AND e.type = 'consent.posted')`;
  }
  const over = Prisma.sql`later.type IN ('question.queued', 'referral.asked', 'reply.queued', 'question.cancelled')`;
  return Prisma.sql`r.state = 'claimed' AND ${events("question.queued", over)}`;
}

const Ids = z.array(z.object({ id: z.string() }));
const most = 1000;

/**
 * Ids of referrals for which a forum without a callback still has something to collect, newest first: a `reply` on its way
 * or one that was corrected or taken back since, a `question` or a request for `consent` that it has not reported as
 * posted.
 */
export async function findWaiting(
  tx: Tx,
  what: string,
  forum: string | undefined,
  before: string | undefined,
): Promise<string[]> {
  const ofForum = forum === undefined ? Prisma.empty : Prisma.sql`AND r.forum_slug = ${forum}`;
  const older = before === undefined ? Prisma.empty : Prisma.sql`AND r.id < ${before}::uuid`;
  const rows = await tx.$queryRaw`
    SELECT r.id FROM referral r WHERE ${waits(what)} ${ofForum} ${older} ORDER BY r.id DESC LIMIT ${most}::int`;
  return Ids.parse(rows).map(({ id }) => id);
}

/** Corrections of a referral that no delivery carries, in the order they were made: its forum collects them. */
export async function findCorrections(tx: Tx, referralId: string): Promise<PendingCorrection[]> {
  const rows = await tx.$queryRaw`
    SELECT c.reply_id::text AS "replyId", c.text_id::text AS "textId" FROM (${corrections}) c
     WHERE c.referral_id = ${referralId}::uuid AND NOT EXISTS (SELECT FROM delivery d
             WHERE d.referral_id = c.referral_id AND d.notice = 'referral.corrected'
               AND d.data->>'textId' = c.text_id::text AND d.state IN ('waiting', 'leased', 'unknown', 'delivered'))
     ORDER BY c.text_id`;
  return z.array(z.object({ replyId: z.string(), textId: z.string() })).parse(rows);
}

/** The replies of a referral that were taken back and of which its forum was not told, newest first. */
export async function findRetractions(tx: Tx, referralId: string): Promise<string[]> {
  const rows = await tx.$queryRaw`
    SELECT t.reply_id::text AS id FROM (${retractions}) t WHERE t.referral_id = ${referralId}::uuid
     ORDER BY t.reply_id DESC`;
  return Ids.parse(rows).map(({ id }) => id);
}
