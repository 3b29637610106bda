import type { Tx } from "../db/index.ts";

export interface SessionRow {
  id: string;
  scopes: string[];
  lastSeenAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
}

export async function insertSession(
  tx: Tx,
  session: {
    hash: Uint8Array<ArrayBuffer>;
    scopes: string[];
    method: string;
    now: Date;
    expiresAt: Date;
  },
): Promise<string> {
  const { now, ...columns } = session;
  const row = await tx.session.create({
    data: { ...columns, createdAt: now, lastSeenAt: now },
    select: { id: true },
  });
  return row.id;
}

export async function findSession(tx: Tx, hash: Uint8Array): Promise<SessionRow | null> {
  const rows = await tx.$queryRaw<SessionRow[]>`
    SELECT id::text, scopes, last_seen_at AS "lastSeenAt", expires_at AS "expiresAt", revoked_at AS "revokedAt"
    FROM session WHERE hash = ${hash}`;
  return rows[0] ?? null;
}

export async function touchSession(tx: Tx, id: string, now: Date): Promise<void> {
  await tx.session.updateMany({ where: { id, lastSeenAt: { lt: now } }, data: { lastSeenAt: now } });
}

/** Ends a session unless it has ended; gives its scopes where it did so. */
export async function markEnded(tx: Tx, id: string, now: Date): Promise<string[] | null> {
  const rows = await tx.$queryRaw<{ scopes: string[] }[]>`
    UPDATE session SET revoked_at = ${now} WHERE id = ${id}::uuid AND revoked_at IS NULL RETURNING scopes`;
  return rows[0]?.scopes ?? null;
}

export async function insertSignInLink(
  tx: Tx,
  link: { hash: Uint8Array<ArrayBuffer>; scopes: string[]; createdAt: Date; expiresAt: Date },
): Promise<void> {
  await tx.signInLink.create({ data: link });
}

/** Uses a link up, in one conditional update; whom it signs in, or null when unknown, used or out of date. */
export async function useLink(tx: Tx, hash: Uint8Array, now: Date): Promise<string[] | null> {
  const rows = await tx.$queryRaw<{ scopes: string[] }[]>`
    UPDATE sign_in_link SET used_at = ${now} WHERE hash = ${hash} AND used_at IS NULL AND expires_at > ${now}
    RETURNING scopes`;
  return rows[0]?.scopes ?? null;
}

/** Whether a link could sign somebody in at this moment. */
export async function isLinkGood(tx: Tx, hash: Uint8Array<ArrayBuffer>, now: Date): Promise<boolean> {
  const found = await tx.signInLink.findFirst({ where: { hash, usedAt: null, expiresAt: { gt: now } } });
  return found !== null;
}

/** Links for these scopes that were made since a moment, used or not. */
export async function countLinksSince(tx: Tx, scopes: readonly string[], since: Date): Promise<number> {
  return tx.signInLink.count({ where: { scopes: { equals: [...scopes] }, createdAt: { gt: since } } });
}

export async function deleteEnded(tx: Tx, before: Date): Promise<void> {
  await tx.session.deleteMany({
    where: { OR: [{ expiresAt: { lt: before } }, { revokedAt: { lt: before } }] },
  });
  await tx.signInLink.deleteMany({ where: { expiresAt: { lt: before } } });
}
