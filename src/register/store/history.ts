import type { Tx } from "../../db/index.ts";
import { changedFields, publicEntry } from "../../forums/public-entry.ts";
import { isSame, type RegisterContent } from "../content.ts";
import type { ForumEntry } from "../forum-entry.ts";
import type { Renames } from "../plan-register.ts";

/** Writes down what the directory says from now on of each forum whose public entry changed. */
export async function recordVersions(
  tx: Tx,
  {
    before,
    renames,
    after,
    now,
  }: { before: RegisterContent; renames: Renames; after: RegisterContent; now: Date },
): Promise<void> {
  const old = new Map(before.forums.map((entry) => [renames.forums.get(entry.slug) ?? entry.slug, entry]));
  const kept = new Set(after.forums.map(({ slug }) => slug));
  const publicOf = (entry: ForumEntry | undefined) => (entry ? publicEntry(entry) : null);
  const rows = [
    ...after.forums.flatMap((entry) => {
      const earlier = old.get(entry.slug);
      // Most entries of a large directory do not change: they are told from the others before they are projected.
      if (isSame(earlier, entry)) return [];
      const later = publicEntry(entry);
      const isChanged = changedFields(publicOf(earlier) ?? {}, later ?? {}).length > 0;
      return isChanged ? [{ slug: entry.slug, entry: later }] : [];
    }),
    ...[...old].flatMap(([slug, entry]) =>
      !kept.has(slug) && publicEntry(entry) ? [{ slug, entry: null }] : [],
    ),
  ];
  if (rows.length === 0) return;
  await tx.$executeRaw`
    INSERT INTO forum_version (forum_slug, at, entry)
    SELECT slug, ${now}, nullif(entry, 'null'::jsonb)
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS row(slug text, entry jsonb)`;
}
