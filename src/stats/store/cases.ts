import type { State } from "../../contract/vocabulary.ts";
import { Prisma, type Tx } from "../../db/index.ts";
import type { Case } from "../model.ts";
import type { Period } from "../period.ts";
import type { Sight } from "../scope.ts";

type Row = Omit<Case, "history"> & {
  history: {
    type: string;
    at: number;
    from: string | null;
    to: string | null;
    pool: string | null;
    data: object;
  }[];
};

/** Changes of state, and the few records that figures are made of. */
const counted = [
  "reply.delivered",
  "reply.failed",
  "reply.held",
  "reply.posted",
  "referral.corrected",
  "referral.feedback",
];

/** Referrals that lie, or lay, in what the reader may see. */
function seenBy(sight: Sight): Prisma.Sql {
  if (sight === null) return Prisma.sql`TRUE`;
  return Prisma.sql`(r.forum_slug = ANY(${[...sight.forums]}) OR r.pool_slug = ANY(${[...sight.pools]}) OR EXISTS (
    SELECT 1 FROM event e WHERE e.referral_id = r.id AND e.pool_slug = ANY(${[...sight.pools]})))`;
}

/** The columns of a case, its history and its lost races, without any content; `r` is the referral. */
const caseColumns = Prisma.sql`r.id::text AS id, r.forum_slug AS forum, r.pool_slug AS pool, r.topic, r.language,
  r.state, r.disposition, r.result, r.said_by AS "saidBy", r.submitted_at AS "submittedAt",
  r.consented_at AS "consentedAt", r.first_offered_at AS "firstOfferedAt", r.first_claimed_at AS "firstClaimedAt",
  r.first_replied_at AS "firstRepliedAt", r.resolved_at AS "resolvedAt", r.finished_at AS "finishedAt",
  r.state_since AS "stateSince", r.claim_due_at AS "claimDueAt", r.reply_due_at AS "replyDueAt",
  r.resolve_due_at AS "resolveDueAt",
  coalesce((SELECT json_agg(json_build_object('type', e.type, 'at', extract(epoch FROM e.at) * 1000, 'from',
      e.state_from, 'to', e.state_to, 'pool', e.pool_slug, 'data', e.data) ORDER BY e.seq)
    FROM event e WHERE e.referral_id = r.id AND e.seq IS NOT NULL
      AND (e.state_to IS NOT NULL OR e.type = ANY(${counted}))), '[]') AS history,
  ARRAY(SELECT l.pool_slug FROM lost_claim l WHERE l.referral_id = r.id ORDER BY l.id) AS "lostClaims"`;

const toCase = (row: Row): Case => ({
  ...row,
  history: row.history.map((event) => ({
    ...event,
    at: new Date(event.at),
    from: event.from as State | null,
    to: event.to as State | null,
    data: event.data as Record<string, unknown>,
  })),
});

/** Referrals of a period with their histories, in order of id, `limit` at a time after `after`. No content is read. */
export async function readCases(
  tx: Tx,
  period: Pick<Period, "from" | "before">,
  sight: Sight,
  after: string,
  limit: number,
): Promise<Case[]> {
  const rows = await tx.$queryRaw<Row[]>`
    SELECT ${caseColumns} FROM referral r
    WHERE r.id > ${after}::uuid AND r.submitted_at >= ${period.from}
      AND (${period.before}::timestamptz IS NULL OR r.submitted_at < ${period.before}) AND ${seenBy(sight)}
    ORDER BY r.id LIMIT ${limit}`;
  return rows.map(toCase);
}

/** These referrals as they are now. */
export async function readCasesById(tx: Tx, ids: readonly string[]): Promise<Case[]> {
  const rows = await tx.$queryRaw<Row[]>`
    SELECT ${caseColumns} FROM referral r WHERE r.id = ANY(${[...ids]}::uuid[])`;
  return rows.map(toCase);
}

/** Open referrals that were submitted before a period: how many, and when the oldest was. */
export async function countOlderOpen(
  tx: Tx,
  from: Date,
  sight: Sight,
  open: readonly string[],
): Promise<{ count: number; oldest: Date | null }> {
  const [found] = await tx.$queryRaw<{ count: number; oldest: Date | null }[]>`
    SELECT count(*)::int AS count, min(r.submitted_at) AS oldest FROM referral r
    WHERE r.submitted_at < ${from} AND r.state = ANY(${[...open]}) AND ${
      sight === null
        ? Prisma.sql`TRUE`
        : Prisma.sql`(r.forum_slug = ANY(${[...sight.forums]}) OR r.pool_slug = ANY(${[...sight.pools]}))`
    }`;
  return found ?? { count: 0, oldest: null };
}

/** The department of every pool that ever was, by slug. */
export async function readPoolDepartments(tx: Tx): Promise<Map<string, string>> {
  const rows = await tx.pool.findMany({ select: { slug: true, departmentSlug: true } });
  return new Map(rows.map((row) => [row.slug, row.departmentSlug]));
}
