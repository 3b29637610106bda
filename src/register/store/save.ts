import { Prisma, type Tx } from "../../db/index.ts";
import {
  type AnyEntry,
  isSame,
  keyOf,
  type ListName,
  lists,
  type RegisterContent,
  wholes,
} from "../content.ts";
import type { Renames } from "../plan-register.ts";
import { recordVersions } from "./history.ts";

/** The table of each list and the column its entries are known by. Fixed names, so safe to stand in SQL. */
const tables = {
  departments: { table: "department", key: "slug", keepsRow: true },
  topics: { table: "topic", key: "code", keepsRow: false },
  pools: { table: "pool", key: "slug", keepsRow: true },
  advisors: { table: "advisor", key: "id", keepsRow: false },
  people: { table: "person", key: "id", keepsRow: false },
  forums: { table: "forum", key: "slug", keepsRow: true },
} as const satisfies Record<ListName, { table: string; key: string; keepsRow: boolean }>;

export interface SavedChange {
  /** What the database has, under the names from before the renames, which were made already. */
  before: RegisterContent;
  renames: Renames;
  after: RegisterContent;
  appliedBy: string;
  now: Date;
}

/** Writes what differs between two contents as the next version. Answers its number. */
export async function saveContent(tx: Tx, change: SavedChange): Promise<number> {
  const { before, after, renames, appliedBy, now } = change;
  for (const list of lists) {
    const stored = new Map(
      before[list].map((entry, position) => [
        renames[list].get(keyOf(entry)) ?? keyOf(entry),
        { entry, position },
      ]),
    );
    await saveList(tx, list, stored, after[list]);
    await removeFrom(tx, list, [...stored.keys()], after[list], now);
  }
  await restartForums(tx, change);
  await recordVersions(tx, change);
  const rows = await tx.$queryRaw<{ version: number }[]>`
    INSERT INTO register_version (version, applied_at, applied_by, settings, rules)
    SELECT coalesce(max(version), 0) + 1, ${now}, ${appliedBy}, ${json(wholesOf(after))}::jsonb, ${json(after.rules)}::jsonb
    FROM register_version
    RETURNING version`;
  return rows[0]?.version ?? 0;
}

const json = (value: unknown): string => JSON.stringify(value);

function wholesOf(content: RegisterContent) {
  return Object.fromEntries(wholes.filter((part) => part !== "rules").map((part) => [part, content[part]]));
}

async function saveList(
  tx: Tx,
  list: ListName,
  stored: ReadonlyMap<string, { entry: AnyEntry; position: number }>,
  after: readonly AnyEntry[],
): Promise<void> {
  const rows = after.flatMap((document, position) => {
    const old = stored.get(keyOf(document));
    if (old?.position === position && isSame(old.entry, document)) return [];
    return [
      {
        key: keyOf(document),
        position,
        document,
        ...("department" in document ? { department: document.department } : {}),
      },
    ];
  });
  if (rows.length === 0) return;
  const { table, key, keepsRow } = tables[list];
  const ofPools = list === "pools";
  await tx.$executeRaw`
    INSERT INTO ${Prisma.raw(table)} (${Prisma.raw(key)}, position, document ${Prisma.raw(ofPools ? ", department_slug" : "")})
    SELECT key, position, document ${Prisma.raw(ofPools ? ", department" : "")}
    FROM jsonb_to_recordset(${json(rows)}::jsonb) AS row(key text, position int, document jsonb, department text)
    ON CONFLICT (${Prisma.raw(key)}) DO UPDATE SET position = excluded.position, document = excluded.document
      ${Prisma.raw(keepsRow ? ", removed_at = NULL" : "")}
      ${Prisma.raw(ofPools ? ", department_slug = excluded.department_slug" : "")}`;
}

async function removeFrom(
  tx: Tx,
  list: ListName,
  before: readonly string[],
  after: readonly AnyEntry[],
  now: Date,
): Promise<void> {
  const left = new Set(after.map(keyOf));
  const gone = before.filter((key) => !left.has(key));
  if (gone.length === 0) return;
  const { table, key, keepsRow } = tables[list];
  if (keepsRow) {
    await tx.$executeRaw`UPDATE ${Prisma.raw(table)} SET removed_at = ${now} WHERE ${Prisma.raw(key)} = ANY(${gone})`;
  } else {
    await tx.$executeRaw`DELETE FROM ${Prisma.raw(table)} WHERE ${Prisma.raw(key)} = ANY(${gone})`;
  }
  if (list !== "forums") return;
  await tx.forumSecret.deleteMany({ where: { forumSlug: { in: gone } } });
  await tx.forumLink.deleteMany({ where: { forumSlug: { in: gone } } });
}

/**
 * Forgets what happened to forums since, where the register says something new about it: a callback that was stopped
 * may run again at another address, a forum that left has come back when something new is agreed, and one that took
 * itself out of the directory is listed again when it has consented anew.
 */
async function restartForums(tx: Tx, { before, renames, after }: SavedChange): Promise<void> {
  const old = new Map(before.forums.map((forum) => [renames.forums.get(forum.slug) ?? forum.slug, forum]));
  const changed = (field: "callbackUrl" | "intervention") =>
    after.forums
      .filter((forum) => !isSame(old.get(forum.slug)?.[field] ?? null, forum[field] ?? null))
      .map(({ slug }) => slug);
  const readdressed = changed("callbackUrl");
  const agreedAnew = changed("intervention");
  if (readdressed.length > 0)
    await tx.forum.updateMany({ where: { slug: { in: readdressed } }, data: { callbackStoppedAt: null } });
  if (agreedAnew.length > 0)
    await tx.forum.updateMany({ where: { slug: { in: agreedAnew } }, data: { leftAt: null } });
  const consented = after.forums
    .filter(
      (forum) =>
        forum.directory?.consent && !isSame(old.get(forum.slug)?.directory?.consent, forum.directory.consent),
    )
    .map(({ slug }) => slug);
  if (consented.length > 0)
    await tx.forum.updateMany({ where: { slug: { in: consented } }, data: { delistedAt: null } });
}
