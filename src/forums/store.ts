import { type Actor, auditOf } from "../contract/actor.ts";
import { runStatement, type Statement, type Tx } from "../db/index.ts";

export interface StoredSecret {
  secret: Uint8Array;
  validUntil: Date | null;
}

/** Keeps others from changing this forum's secrets, links or life until the transaction ends. False: no such forum. */
export async function holdForum(tx: Tx, forum: string): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT slug FROM forum WHERE slug = ${forum} AND removed_at IS NULL FOR NO KEY UPDATE`;
  return rows.length > 0;
}

/** Secrets that hold at that moment, the newest first. */
export async function selectLiveSecrets(tx: Tx, forum: string, now: Date): Promise<StoredSecret[]> {
  return (await runStatement(tx, liveSecrets, [forum, now])) as StoredSecret[];
}

const liveSecrets: Statement = {
  name: "fp_live_secrets",
  text: `SELECT secret, valid_until AS "validUntil" FROM forum_secret
    WHERE forum_slug = $1 AND (valid_until IS NULL OR valid_until > $2::timestamptz)
    ORDER BY created_at DESC, id DESC`,
};

/** Adds a secret. The others end at `othersUntil` unless they end before; those that have ended are forgotten. */
export async function replaceSecret(
  tx: Tx,
  input: { forum: string; secret: Uint8Array<ArrayBuffer>; now: Date; othersUntil: Date },
): Promise<void> {
  const { forum, secret, now, othersUntil } = input;
  await tx.$executeRaw`
    UPDATE forum_secret SET valid_until = least(valid_until, ${othersUntil}) WHERE forum_slug = ${forum}`;
  await tx.forumSecret.deleteMany({ where: { forumSlug: forum, validUntil: { lte: now } } });
  await tx.forumSecret.create({ data: { forumSlug: forum, secret, createdAt: now } });
}

/** Adds a link code, as its hash, and forgets this forum's codes that were used or have ended. */
export async function insertLink(
  tx: Tx,
  link: { forum: string; hash: Uint8Array<ArrayBuffer>; now: Date; expiresAt: Date },
): Promise<void> {
  const { forum, hash, now, expiresAt } = link;
  await tx.forumLink.deleteMany({
    where: { forumSlug: forum, OR: [{ usedAt: { not: null } }, { expiresAt: { lte: now } }] },
  });
  await tx.forumLink.create({ data: { hash, forumSlug: forum, expiresAt } });
}

/** Uses a link code up, in one conditional update. The forum it belongs to; null when unknown, used or out of date. */
export async function useLink(tx: Tx, hash: Uint8Array<ArrayBuffer>, now: Date): Promise<string | null> {
  const rows = await tx.$queryRaw<{ forum: string }[]>`
    UPDATE forum_link SET used_at = ${now} WHERE hash = ${hash} AND used_at IS NULL AND expires_at > ${now}
    RETURNING forum_slug AS forum`;
  return rows[0]?.forum ?? null;
}

/** Notes what an adapter learned about a forum's place. Bump the register's revision with it. */
export async function saveJoined(
  tx: Tx,
  forum: string,
  adapter: string,
  joined: Readonly<Record<string, string>>,
): Promise<void> {
  await tx.$executeRaw`
    UPDATE forum SET joined = joined || ${JSON.stringify({ [adapter]: joined })}::jsonb WHERE slug = ${forum}`;
}

/** Notes that the forum wants no more callbacks. False when that was noted before. Bump the revision with it. */
export async function saveCallbackStopped(tx: Tx, forum: string, now: Date): Promise<boolean> {
  const { count } = await tx.forum.updateMany({
    where: { slug: forum, callbackStoppedAt: null },
    data: { callbackStoppedAt: now },
  });
  return count > 0;
}

/** Notes that a forum left, and takes its secrets, codes and joined places. False when it had left before. */
export async function saveLeft(tx: Tx, forum: string, now: Date): Promise<boolean> {
  const { count } = await tx.forum.updateMany({
    where: { slug: forum, leftAt: null },
    data: { leftAt: now, joined: {} },
  });
  if (count === 0) return false;
  await tx.forumSecret.deleteMany({ where: { forumSlug: forum } });
  await tx.forumLink.deleteMany({ where: { forumSlug: forum } });
  return true;
}

export type ForumEventType =
  | "forum.secret-issued"
  | "forum.link-issued"
  | "forum.joined"
  | "forum.callback-stopped"
  | "forum.left"
  | "forum.delisted";

/** Adds to the audit what was done to a forum. Never a secret or a code. */
export async function recordForumEvent(
  tx: Tx,
  event: {
    type: ForumEventType;
    forum: string;
    actor: Actor;
    now: Date;
    data?: Readonly<Record<string, string | boolean>>;
  },
): Promise<void> {
  const { type, forum, actor, now, data } = event;
  await tx.event.create({ data: { type, at: now, ...auditOf(actor), data: { forum, ...data } } });
}
