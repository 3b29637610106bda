import type { State } from "../../contract/vocabulary.ts";
import type { Prisma } from "../../db/generated/client.ts";
import { runStatement, type Statement, type Tx } from "../../db/index.ts";
import { newId } from "../../delivery/index.ts";
import type { Referral, ReferralChange } from "../model.ts";
import { parseReference } from "../reference.ts";
import type { Scope } from "../roles.ts";

export type Row = Prisma.ReferralGetPayload<object>;

/** An `OR` of nothing matches nothing on its own, but everything where it stands inside an `AND`: it is never made. */
const nothing = { id: { in: [] } } satisfies Prisma.ReferralWhereInput;

/** Prisma's filter for what an actor may see; no scope, or one that names nothing, matches nothing. */
function visible(scopes: Scope[] | null): Prisma.ReferralWhereInput {
  if (scopes === null) return {};
  const parts = scopes.map(
    (scope): Prisma.ReferralWhereInput => ({
      ...(scope.forum === undefined ? {} : { forumSlug: scope.forum }),
      ...(scope.pools === undefined ? {} : { poolSlug: { in: [...scope.pools] } }),
      ...(scope.referralId === undefined ? {} : { id: scope.referralId }),
      ...(scope.diverted ? { everDiverted: true } : {}),
    }),
  );
  const named = parts.filter((part) => Object.keys(part).length > 0);
  return named.length === 0 ? nothing : { OR: named };
}

/** A referral from its row and the key of its content. */
export function toReferral(row: Row, key: { wrapped: Uint8Array; keyId: string } | null): Referral {
  const { content, memberHash: _hash, ...rest } = row;
  return {
    ...rest,
    state: row.state as State,
    stateBeforeMerge: row.stateBeforeMerge as State | null,
    masked: row.masked as Referral["masked"],
    routing: row.routing as unknown as Referral["routing"],
    feedback: row.feedback as unknown as Referral["feedback"],
    sealed: content && key ? { content, key } : null,
  };
}

async function withKey(tx: Tx, row: Row | null): Promise<Referral | null> {
  if (!row) return null;
  return toReferral(
    row,
    row.content === null ? null : await tx.contentKey.findUnique({ where: { id: row.id } }),
  );
}

/** The referral by its reference, if these scopes may see it; locked against other changes when asked. */
export async function findReferral(
  tx: Tx,
  reference: string,
  scopes: Scope[] | null,
  lock: boolean,
): Promise<Referral | null> {
  const written = parseReference(reference) ?? reference;
  // The database takes no text with this character in it.
  if (reference.includes("\0")) return null;
  if (lock) await tx.$queryRaw`SELECT id FROM referral WHERE reference = ${written} FOR UPDATE`;
  return withKey(
    tx,
    await tx.referral.findFirst({ where: { AND: [{ reference: written }, visible(scopes)] } }),
  );
}

export async function findReferralById(tx: Tx, id: string, lock: boolean): Promise<Referral | null> {
  if (lock) await tx.$queryRaw`SELECT id FROM referral WHERE id = ${id}::uuid FOR UPDATE`;
  const [row, key] = await Promise.all([
    tx.referral.findUnique({ where: { id } }),
    tx.contentKey.findUnique({ where: { id } }),
  ]);
  return row && toReferral(row, key);
}

/** Ids of the referrals merged into one, and of those merged into them before; oldest first. */
export async function findOrigins(tx: Tx, id: string): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    WITH RECURSIVE origin AS (
      SELECT id FROM referral WHERE merged_into_id = ${id}::uuid
      UNION
      SELECT referral.id FROM referral JOIN origin ON referral.merged_into_id = origin.id
    )
    SELECT id FROM origin ORDER BY id`;
  return rows.map((row) => row.id);
}

/** Which of these an answer still goes to, as the one who writes it is told. */
export async function findOriginsShown(
  tx: Tx,
  ids: readonly string[],
): Promise<{ reference: string; forumSlug: string }[]> {
  if (ids.length === 0) return [];
  return tx.referral.findMany({
    where: { id: { in: [...ids] }, state: "merged", erasedAt: null },
    select: { reference: true, forumSlug: true },
    orderBy: { id: "asc" },
  });
}

/** Where a merged referral leads: the referral that was merged into no other. */
export async function findEndOfMerges(tx: Tx, mergedIntoId: string): Promise<Referral | null> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    WITH RECURSIVE target AS (
      SELECT id, merged_into_id FROM referral WHERE id = ${mergedIntoId}::uuid
      UNION
      SELECT referral.id, referral.merged_into_id FROM referral JOIN target ON referral.id = target.merged_into_id
    )
    SELECT id FROM target WHERE merged_into_id IS NULL`;
  return rows[0] ? findReferralById(tx, rows[0].id, false) : null;
}

/** Says of a new referral which finished one it takes up. */
export async function linkReferral(tx: Tx, id: string, reopenedFromId: string): Promise<void> {
  await tx.referral.update({ where: { id }, data: { reopenedFromId } });
}

/**
 * The one way a referral changes: an update that holds only while state and version are as they were read. False when
 * they no longer are. Every change adds one to the version, which is also the number of its event.
 */
export async function changeReferral(
  tx: Tx,
  read: Pick<Referral, "id" | "state" | "version">,
  change: ReferralChange & { state?: State; stateSince?: Date },
): Promise<boolean> {
  const { routing, feedback, sealed: _sealed, ...columns } = change as ReferralChange & { sealed?: unknown };
  const changed = await tx.referral.updateMany({
    where: { id: read.id, state: read.state, version: read.version },
    data: {
      ...columns,
      ...(routing === undefined ? {} : { routing: routing as unknown as Prisma.InputJsonValue }),
      ...(feedback === undefined ? {} : { feedback: feedback as unknown as Prisma.InputJsonValue }),
      version: read.version + 1,
    },
  });
  return changed.count === 1;
}

/**
 * Counts a race that an advisor of these pools lost, under the pool that has the referral, and answers the referral's id;
 * null where it was erased. Whoever has the referral, or is of another pool, lost no race: that only answers the id.
 */
export async function countLostClaim(
  tx: Tx,
  reference: string,
  loser: { id: string; pools: readonly string[] },
  at: Date,
): Promise<string | null> {
  const values = [newId(at), parseReference(reference) ?? reference, at, loser.id, loser.pools];
  const [row] = (await runStatement(tx, lostClaim, values)) as { id: string }[];
  return row?.id ?? null;
}

const lostClaim: Statement = {
  name: "fp_lost_claim",
  text: `WITH found AS (
      SELECT r.id, r.pool_slug, r.owner_id FROM referral r JOIN content_key k ON k.id = r.id WHERE r.reference = $2
    ), counted AS (
      INSERT INTO lost_claim (id, referral_id, pool_slug, at)
      SELECT $1::uuid, id, pool_slug, $3::timestamptz FROM found
       WHERE pool_slug = ANY($5::text[]) AND owner_id IS DISTINCT FROM $4
    )
    SELECT id::text AS id FROM found`,
};

export interface ListFilter {
  owner?: string;
  /** What falls due first, before what has no clock; otherwise the newest. */
  byDue?: boolean;
  states?: readonly string[];
  pool?: string;
  forum?: string;
  /** A part, in lower case, of a forum's slug or a topic; or parts of a reference; or forums. */
  q?: { part: string; references: readonly string[]; forums: readonly string[] };
  ids?: readonly string[];
  before?: string;
  limit: number;
}

/** A text without the signs that mean "anything" to the database. */
const literally = (text: string): string => text.replace(/[\\%_]/g, "\\$&");

/** The wrapped keys of the content of these referrals, by their ids; none for what was erased. */
export async function findContentKeys(
  tx: Tx,
  ids: readonly string[],
): Promise<Map<string, { wrapped: Uint8Array; keyId: string }>> {
  const rows = await tx.contentKey.findMany({ where: { id: { in: [...ids] } } });
  return new Map(rows.map((row) => [row.id, row]));
}

/** Referrals that these scopes may see, newest first; one more than asked tells that there are more. */
export async function listVisible(tx: Tx, filter: ListFilter, scopes: Scope[] | null): Promise<Referral[]> {
  const { q } = filter;
  const rows = await tx.referral.findMany({
    where: {
      AND: [
        visible(scopes),
        filter.states ? { state: { in: [...filter.states] } } : {},
        filter.pool ? { poolSlug: filter.pool } : {},
        filter.forum ? { forumSlug: filter.forum } : {},
        filter.owner ? { ownerId: filter.owner } : {},
        filter.ids ? { id: { in: [...filter.ids] } } : {},
        filter.before ? { id: { lt: filter.before } } : {},
        q
          ? {
              OR: [
                ...q.references.map((part) => ({ reference: { contains: part } })),
                { forumSlug: { in: [...q.forums] } },
                { forumSlug: { contains: literally(q.part) } },
                { topic: { contains: literally(q.part) } },
              ],
            }
          : {},
      ],
    },
    orderBy: filter.byDue ? [{ dueAt: { sort: "asc", nulls: "last" } }, { id: "asc" }] : { id: "desc" },
    take: filter.limit + 1,
  });
  return rows.map((row) => toReferral(row, null));
}
