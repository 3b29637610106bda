import { Prisma, type Tx } from "../../db/index.ts";
import { type ListName, lists } from "../content.ts";
import type { ListWrites, RegisterWrites } from "../plan-writes.ts";

/** The table of each list and the column its entries are known by. Fixed names, so safe to stand in SQL. */
const tables = {
  departments: { table: "department", key: "slug", keepsRow: true },
  topics: { table: "topic", key: "code", keepsRow: false },
  pools: { table: "pool", key: "slug", keepsRow: true },
  advisors: { table: "advisor", key: "id", keepsRow: false },
  people: { table: "person", key: "id", keepsRow: false },
  forums: { table: "forum", key: "slug", keepsRow: true },
} as const satisfies Record<ListName, { table: string; key: string; keepsRow: boolean }>;

/** Writes what an apply changes as the next version, one statement for each table. Answers the version's number. */
export async function saveWrites(
  tx: Tx,
  writes: RegisterWrites,
  { appliedBy, now }: { appliedBy: string; now: Date },
): Promise<number> {
  for (const list of lists) {
    await saveList(tx, list, writes.lists[list]);
    await removeFrom(tx, list, writes.lists[list], now);
  }
  await restartForums(tx, writes.restarts);
  if (writes.versions !== null)
    await tx.$executeRaw`
      INSERT INTO forum_version (forum_slug, at, entry)
      SELECT slug, ${now}, nullif(entry, 'null'::jsonb)
      FROM jsonb_to_recordset(${writes.versions}::jsonb) AS row(slug text, entry jsonb)`;
  const rows = await tx.$queryRaw<{ version: number }[]>`
    INSERT INTO register_version (version, applied_at, applied_by, settings, rules)
    SELECT coalesce(max(version), 0) + 1, ${now}, ${appliedBy}, ${writes.settings}::jsonb, ${writes.rules}::jsonb
    FROM register_version
    RETURNING version`;
  return rows[0]?.version ?? 0;
}

async function saveList(tx: Tx, list: ListName, { rows }: ListWrites): Promise<void> {
  if (rows === null) return;
  const { table, key, keepsRow } = tables[list];
  const ofPools = list === "pools";
  await tx.$executeRaw`
    INSERT INTO ${Prisma.raw(table)} (${Prisma.raw(key)}, position, document ${Prisma.raw(ofPools ? ", department_slug" : "")})
    SELECT key, position, document ${Prisma.raw(ofPools ? ", department" : "")}
    FROM jsonb_to_recordset(${rows}::jsonb) AS row(key text, position int, document jsonb, department text)
    ON CONFLICT (${Prisma.raw(key)}) DO UPDATE SET position = excluded.position, document = excluded.document
      ${Prisma.raw(keepsRow ? ", removed_at = NULL" : "")}
      ${Prisma.raw(ofPools ? ", department_slug = excluded.department_slug" : "")}`;
}

async function removeFrom(tx: Tx, list: ListName, { gone }: ListWrites, now: Date): Promise<void> {
  if (gone.length === 0) return;
  const { table, key, keepsRow } = tables[list];
  const named = Prisma.sql`${Prisma.raw(key)} = ANY(${[...gone]})`;
  if (keepsRow) await tx.$executeRaw`UPDATE ${Prisma.raw(table)} SET removed_at = ${now} WHERE ${named}`;
  else await tx.$executeRaw`DELETE FROM ${Prisma.raw(table)} WHERE ${named}`;
  if (list !== "forums") return;
  await tx.$executeRaw`DELETE FROM forum_secret WHERE forum_slug = ANY(${[...gone]})`;
  await tx.$executeRaw`DELETE FROM forum_link WHERE forum_slug = ANY(${[...gone]})`;
}

/** What happened to a forum since, and is forgotten where the register says something new about it. */
const forgotten = {
  readdressed: "callback_stopped_at",
  agreedAnew: "left_at",
  consentedAnew: "delisted_at",
} as const satisfies Record<keyof RegisterWrites["restarts"], string>;

async function restartForums(tx: Tx, restarts: RegisterWrites["restarts"]): Promise<void> {
  for (const why of ["readdressed", "agreedAnew", "consentedAnew"] as const) {
    const column = Prisma.raw(forgotten[why]);
    if (restarts[why].length > 0)
      await tx.$executeRaw`
        UPDATE forum SET ${column} = NULL WHERE ${column} IS NOT NULL AND slug = ANY(${[...restarts[why]]})`;
  }
}
