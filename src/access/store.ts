import { Prisma, runStatement, type Statement, type Tx } from "../db/index.ts";
import type { Owner } from "./scopes.ts";

export interface KeyRow {
  id: string;
  name: string;
  scopes: string[];
  createdAt: Date;
  expiresAt: Date | null;
  revokedAt: Date | null;
}

const keyColumns = {
  id: true,
  name: true,
  scopes: true,
  createdAt: true,
  expiresAt: true,
  revokedAt: true,
} satisfies Prisma.ApiKeySelect;

export function insertKey(
  tx: Tx,
  key: {
    name: string;
    hash: Uint8Array<ArrayBuffer>;
    scopes: string[];
    createdAt: Date;
    expiresAt: Date | null;
  },
): Promise<KeyRow> {
  return tx.apiKey.create({ data: key, select: keyColumns });
}

/** Every key, newest first. */
export function findKeys(tx: Tx): Promise<KeyRow[]> {
  return tx.apiKey.findMany({ select: keyColumns, orderBy: { id: "desc" } });
}

export async function findKeyByHash(tx: Tx, hash: Uint8Array): Promise<KeyRow | null> {
  const [row] = (await runStatement(tx, keyByHash, [hash])) as KeyRow[];
  return row ?? null;
}

const keyByHash: Statement = {
  name: "fp_key_by_hash",
  text: `SELECT id, name, scopes, created_at AS "createdAt", expires_at AS "expiresAt", revoked_at AS "revokedAt"
    FROM api_key WHERE hash = $1`,
};

/** Marks a key as revoked unless it was before; null for an unknown one. `changed` says which. */
export async function markRevoked(
  tx: Tx,
  id: string,
  now: Date,
): Promise<{ key: KeyRow & { revokedAt: Date }; changed: boolean } | null> {
  const { count } = await tx.apiKey.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: now } });
  const key = await tx.apiKey.findUnique({ where: { id }, select: keyColumns });
  if (key === null) return null;
  return { key: { ...key, revokedAt: key.revokedAt ?? now }, changed: count === 1 };
}

export interface Use {
  events: number;
  lastAt: Date | null;
}

/** The events that a key left behind, or its owner since the key was made where events do not name the key. */
export async function countUse(tx: Tx, key: KeyRow, owner: Owner | null, until: Date): Promise<Use> {
  const rows = await tx.$queryRaw<Use[]>`
    SELECT count(*)::int AS events, max(event.at) AS "lastAt"
    FROM event LEFT JOIN referral ON referral.id = event.referral_id
    WHERE event.at BETWEEN ${key.createdAt} AND ${until} AND (${madeWith(key.id, owner)})`;
  return rows[0] ?? { events: 0, lastAt: null };
}

function madeWith(keyId: string, owner: Owner | null): Prisma.Sql {
  switch (owner?.kind) {
    case "advisor":
    case "person":
      return Prisma.sql`event.actor_id = ${owner.id}`;
    case "operator":
      return Prisma.sql`event.actor_role = 'operator' AND referral.forum_slug = ${owner.id}`;
    case "forum":
      return Prisma.sql`event.actor_role IN ('moderator', 'member') AND referral.forum_slug = ${owner.id}`;
    default:
      return Prisma.sql`event.acted_by = ${keyId} OR event.actor_id = ${keyId}`;
  }
}

export interface AccessEvent {
  type:
    | "key.created"
    | "key.revoked"
    | "guidance.acknowledged"
    | "session.begun"
    | "session.ended"
    | "sign-in-link.issued";
  at: Date;
  actorRole: "administrator" | "advisor" | "person" | "operator";
  actorId: string | null;
  /** The administrator's key that acted as the actor. */
  actedBy?: string | undefined;
  /** Codes and ids only. */
  data:
    | { key: string; scopes: string[] }
    | { version: string }
    | { session?: string; scopes: string[]; method?: string };
}

/** Adds to the audit. */
export async function recordEvent(tx: Tx, { actedBy, ...event }: AccessEvent): Promise<void> {
  await tx.event.create({ data: { ...event, actedBy: actedBy ?? null } });
}

/** Keeps an advisor's first acknowledgement of a version; gives its time and whether it is new. */
export async function insertAcknowledgement(
  tx: Tx,
  { advisorId, version, now }: { advisorId: string; version: string; now: Date },
): Promise<{ at: Date; isNew: boolean }> {
  const { count } = await tx.guidanceAcknowledgement.createMany({
    data: [{ advisorId, version, at: now }],
    skipDuplicates: true,
  });
  const { at } = await tx.guidanceAcknowledgement.findUniqueOrThrow({
    where: { advisorId_version: { advisorId, version } },
  });
  return { at, isNew: count === 1 };
}

/** Whether an advisor has acknowledged the guidance, in any of its versions. */
export async function hasAcknowledged(tx: Tx, advisorId: string): Promise<boolean> {
  return (await tx.guidanceAcknowledgement.findFirst({ where: { advisorId } })) !== null;
}
