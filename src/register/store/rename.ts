import { Prisma, type Tx } from "../../db/index.ts";
import type { ListName } from "../content.ts";

/** Some entries of one list: their names before, and after, at the same places. No name is on both sides. */
interface Names {
  from: string[];
  to: string[];
}

/**
 * Gives entries of a list their new names, former to new, with everything that refers to them and is not history: the
 * audit keeps the names that held when it was written. One statement for each table, however many they are. Answers the
 * new names that belong to removed entries which history still needs; then nothing may be committed.
 */
export async function renameEntries(
  tx: Tx,
  list: ListName,
  renames: ReadonlyMap<string, string>,
): Promise<string[]> {
  if (renames.size === 0) return [];
  const names = { from: [...renames.keys()], to: [...renames.values()] };
  switch (list) {
    case "departments":
      return renameDepartments(tx, names);
    case "pools":
      return renamePools(tx, names);
    case "forums":
      return renameForums(tx, names);
    case "topics":
      await renameIn(tx, "topic", "code", names);
      await renameIn(tx, "referral", "topic", names);
      return [];
    case "advisors":
      await renameIn(tx, "advisor", "id", names);
      await renameIn(tx, "referral", "owner_id", names);
      await renameIn(tx, "referral", "last_owner_id", names);
      await renameIn(tx, "reply", "author_id", names);
      await renamePerson(tx, "advisor", names);
      return [];
    case "people":
      await renameIn(tx, "person", "id", names);
      await renamePerson(tx, "person", names);
      return [];
  }
}

/** The names as rows `(old, new)` called `renamed`, each behind a prefix. */
const rowsOf = ({ from, to }: Names, prefix = ""): Prisma.Sql => Prisma.sql`
  (SELECT ${prefix}::text || old AS old, ${prefix}::text || new AS new
     FROM unnest(${from}::text[], ${to}::text[]) AS pair(old, new)) AS renamed`;

/** Every table and column here is written in this file, so safe to stand in SQL. */
async function renameIn(tx: Tx, table: string, column: string, names: Names, prefix = ""): Promise<void> {
  const at = Prisma.raw(column);
  await tx.$executeRaw`
    UPDATE ${Prisma.raw(table)} SET ${at} = renamed.new FROM ${rowsOf(names, prefix)}
     WHERE ${Prisma.raw(table)}.${at} = renamed.old`;
}

/** The same in a column that holds a list of names, in their order. */
async function renameWithin(tx: Tx, table: string, column: string, names: Names, prefix = ""): Promise<void> {
  const at = Prisma.raw(column);
  const old = names.from.map((name) => prefix + name);
  await tx.$executeRaw`
    UPDATE ${Prisma.raw(table)} SET ${at} = ARRAY(
        SELECT coalesce(renamed.new, one.name) FROM unnest(${at}) WITH ORDINALITY AS one(name, place)
          LEFT JOIN ${rowsOf(names, prefix)} ON renamed.old = one.name ORDER BY place)
     WHERE ${at} && ${old}::text[]`;
}

/**
 * Where deliveries go, what adapters remember of the messages there, and what is still to be blanked: an erasure finds the
 * old messages only under the new name.
 */
async function renamePlaces(tx: Tx, names: Names, prefix: string): Promise<void> {
  await renameIn(tx, "delivery", "destination", names, prefix);
  await tx.$executeRaw`
    UPDATE adapter_memory m SET key = 'remember:' || m.referral_id || ':' || renamed.new
      FROM ${rowsOf(names, prefix)} WHERE m.key = 'remember:' || m.referral_id || ':' || renamed.old`;
  await tx.$executeRaw`
    UPDATE erasure SET unredacted = ARRAY(
        SELECT CASE WHEN renamed.new IS NULL THEN one.label ELSE split_part(one.label, ' ', 1) || ' ' || renamed.new END
          FROM unnest(unredacted) WITH ORDINALITY AS one(label, place)
          LEFT JOIN ${rowsOf(names, prefix)} ON renamed.old = substr(one.label, strpos(one.label, ' ') + 1)
         ORDER BY place)
     WHERE EXISTS (SELECT FROM unnest(unredacted) AS label, ${rowsOf(names, prefix)}
                    WHERE renamed.old = substr(label, strpos(label, ' ') + 1))`;
}

/** What somebody sends again through an adapter is still known: its scope holds, as JSON, who acted. */
async function renameCallers(
  tx: Tx,
  field: "forum" | "id",
  kinds: readonly string[],
  names: Names,
): Promise<void> {
  await tx.$executeRaw`
    UPDATE idempotency SET scope = replace(scope, '"' || ${field}::text || '":' || to_json(renamed.old)::text,
                                                  '"' || ${field}::text || '":' || to_json(renamed.new)::text)
      FROM ${rowsOf(names)}
     WHERE CASE WHEN scope LIKE 'adapter:{%'
                THEN substring(scope FROM 9)::jsonb ->> ${field}::text = renamed.old
                     AND substring(scope FROM 9)::jsonb ->> 'kind' = ANY (${[...kinds]}::text[]) END`;
}

async function renamePerson(tx: Tx, scope: string, names: Names): Promise<void> {
  await renameCallers(tx, "id", [scope], names);
  await renameIn(tx, "reply", "clearer_id", names);
  await renameIn(tx, "text", "author_id", names);
  await renameWithin(tx, "api_key", "scopes", names, `${scope}:`);
}

/** Which of the new names are still taken, once removed entries that nothing needs have made room. */
async function taken(tx: Tx, table: string, names: Names, isNeeded: Prisma.Sql): Promise<string[]> {
  const at = Prisma.raw(table);
  await tx.$executeRaw`
    DELETE FROM ${at} WHERE slug = ANY(${names.to}) AND removed_at IS NOT NULL AND NOT (${isNeeded})`;
  const rows = await tx.$queryRaw<{ slug: string }[]>`SELECT slug FROM ${at} WHERE slug = ANY(${names.to})`;
  return rows.map(({ slug }) => slug);
}

async function renameDepartments(tx: Tx, names: Names): Promise<string[]> {
  const isNeeded = Prisma.sql`EXISTS (SELECT FROM pool WHERE department_slug = department.slug)`;
  const inTheWay = await taken(tx, "department", names, isNeeded);
  if (inTheWay.length > 0) return inTheWay;
  await renameIn(tx, "department", "slug", names);
  await renameWithin(tx, "api_key", "scopes", names, "manager:");
  return [];
}

async function renamePools(tx: Tx, names: Names): Promise<string[]> {
  const isNeeded = Prisma.sql`EXISTS (SELECT FROM referral WHERE pool_slug = pool.slug)
    OR EXISTS (SELECT FROM reply WHERE pool_slug = pool.slug)`;
  const inTheWay = await taken(tx, "pool", names, isNeeded);
  if (inTheWay.length > 0) return inTheWay;
  await renameIn(tx, "pool", "slug", names);
  await renameWithin(tx, "referral", "tried_pools", names);
  await renameIn(tx, "lost_claim", "pool_slug", names);
  await renamePlaces(tx, names, "pool:");
  return [];
}

async function renameForums(tx: Tx, names: Names): Promise<string[]> {
  const isNeeded = Prisma.sql`EXISTS (SELECT FROM referral WHERE forum_slug = forum.slug)
    OR EXISTS (SELECT FROM reply WHERE forum_slug = forum.slug)`;
  const inTheWay = await taken(tx, "forum", names, isNeeded);
  if (inTheWay.length > 0) return inTheWay;
  await renameIn(tx, "forum", "slug", names);
  // Who asked, then where: a scope is `forum:slug METHOD /path`, and the path may name the forum too.
  await tx.$executeRaw`
    UPDATE idempotency SET scope = 'forum:' || renamed.new || substr(scope, length('forum:' || renamed.old) + 1)
      FROM ${rowsOf(names)} WHERE substring(scope FROM '^forum:([^ ]+)') = renamed.old`;
  await tx.$executeRaw`
    UPDATE idempotency
       SET scope = replace(scope, '/forums/' || renamed.old || '/', '/forums/' || renamed.new || '/')
      FROM ${rowsOf(names)} WHERE substring(scope FROM '/forums/([^/]+)/') = renamed.old`;
  // What a forum's own software sends again is still known.
  for (const what of ["intake:", "events:", "questions:"])
    await renameIn(tx, "idempotency", "scope", names, what);
  await tx.$executeRaw`DELETE FROM rate_bucket WHERE forum_slug = ANY(${names.to})`;
  await renameIn(tx, "rate_bucket", "forum_slug", names);
  await renamePlaces(tx, names, "forum:");
  await renameCallers(tx, "forum", ["forum", "operator"], names);
  await renameWithin(tx, "api_key", "scopes", names, "forum:");
  await renameWithin(tx, "api_key", "scopes", names, "operator:");
  return [];
}
