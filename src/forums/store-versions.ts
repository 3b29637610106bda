import type { Tx } from "../db/index.ts";
import type { PublicEntry } from "./public-entry.ts";

/** One version of an entry beside the one before it; null where there was none, or where it was taken out. */
export interface EntryVersion {
  id: string;
  slug: string;
  at: Date;
  entry: PublicEntry | null;
  before: PublicEntry | null;
}

/** The latest versions, of one forum or of all, the newest first. */
export async function readVersions(
  tx: Tx,
  { forum = null, limit }: { forum?: string | null; limit: number },
): Promise<EntryVersion[]> {
  return tx.$queryRaw<EntryVersion[]>`
    SELECT v.id::text AS id, v.forum_slug AS slug, v.at, v.entry,
      (SELECT p.entry FROM forum_version p WHERE p.forum_slug = v.forum_slug AND p.id < v.id
        ORDER BY p.id DESC LIMIT 1) AS before
    FROM forum_version v
    WHERE (${forum}::text IS NULL OR v.forum_slug = ${forum})
    ORDER BY v.id DESC LIMIT ${limit}`;
}

/** Forgets every version of a forum's entry, as its own wish not to be listed asks. */
export async function forgetVersions(tx: Tx, forum: string): Promise<void> {
  await tx.forumVersion.deleteMany({ where: { forumSlug: forum } });
}

/** Notes that a forum took itself out of the directory. False when it had before. Bump the register's revision with it. */
export async function saveDelisted(tx: Tx, forum: string, now: Date): Promise<boolean> {
  const { count } = await tx.forum.updateMany({
    where: { slug: forum, delistedAt: null },
    data: { delistedAt: now },
  });
  return count > 0;
}
