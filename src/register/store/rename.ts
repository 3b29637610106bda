import type { Tx } from "../../db/index.ts";
import type { ListName } from "../content.ts";

/**
 * Gives an entry its new name, with everything that refers to it and is not history: the audit keeps the names that
 * held when it was written. False when the name belongs to a removed entry that history still needs.
 */
export async function renameEntry(tx: Tx, list: ListName, from: string, to: string): Promise<boolean> {
  switch (list) {
    case "departments":
      return renameDepartment(tx, from, to);
    case "pools":
      return renamePool(tx, from, to);
    case "forums":
      return renameForum(tx, from, to);
    case "topics":
      await tx.$executeRaw`UPDATE topic SET code = ${to} WHERE code = ${from}`;
      await tx.$executeRaw`UPDATE referral SET topic = ${to} WHERE topic = ${from}`;
      return true;
    case "advisors":
      await tx.$executeRaw`UPDATE advisor SET id = ${to} WHERE id = ${from}`;
      await tx.$executeRaw`UPDATE referral SET owner_id = ${to} WHERE owner_id = ${from}`;
      await tx.$executeRaw`UPDATE referral SET last_owner_id = ${to} WHERE last_owner_id = ${from}`;
      await tx.$executeRaw`UPDATE reply SET author_id = ${to} WHERE author_id = ${from}`;
      await renamePerson(tx, "advisor", from, to);
      return true;
    case "people":
      await tx.$executeRaw`UPDATE person SET id = ${to} WHERE id = ${from}`;
      await renamePerson(tx, "person", from, to);
      return true;
  }
}

async function renamePerson(tx: Tx, scope: string, from: string, to: string): Promise<void> {
  await tx.$executeRaw`UPDATE reply SET clearer_id = ${to} WHERE clearer_id = ${from}`;
  await tx.$executeRaw`UPDATE text SET author_id = ${to} WHERE author_id = ${from}`;
  await renameScope(tx, scope, from, to);
}

async function renameScope(tx: Tx, scope: string, from: string, to: string): Promise<void> {
  const [old, next] = [`${scope}:${from}`, `${scope}:${to}`];
  await tx.$executeRaw`UPDATE api_key SET scopes = array_replace(scopes, ${old}, ${next}) WHERE ${old} = ANY(scopes)`;
}

async function renameDestination(tx: Tx, kind: string, from: string, to: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE delivery SET destination = ${`${kind}:${to}`} WHERE destination = ${`${kind}:${from}`}`;
}

async function renameDepartment(tx: Tx, from: string, to: string): Promise<boolean> {
  await tx.$executeRaw`
    DELETE FROM department WHERE slug = ${to} AND removed_at IS NOT NULL
      AND NOT EXISTS (SELECT FROM pool WHERE department_slug = ${to})`;
  if (await tx.department.findUnique({ where: { slug: to } })) return false;
  await tx.$executeRaw`UPDATE department SET slug = ${to} WHERE slug = ${from}`;
  await renameScope(tx, "manager", from, to);
  return true;
}

async function renamePool(tx: Tx, from: string, to: string): Promise<boolean> {
  await tx.$executeRaw`
    DELETE FROM pool WHERE slug = ${to} AND removed_at IS NOT NULL
      AND NOT EXISTS (SELECT FROM referral WHERE pool_slug = ${to})
      AND NOT EXISTS (SELECT FROM reply WHERE pool_slug = ${to})`;
  if (await tx.pool.findUnique({ where: { slug: to } })) return false;
  await tx.$executeRaw`UPDATE pool SET slug = ${to} WHERE slug = ${from}`;
  await tx.$executeRaw`
    UPDATE referral SET tried_pools = array_replace(tried_pools, ${from}, ${to}) WHERE ${from} = ANY(tried_pools)`;
  await tx.$executeRaw`UPDATE lost_claim SET pool_slug = ${to} WHERE pool_slug = ${from}`;
  await renameDestination(tx, "pool", from, to);
  return true;
}

async function renameForum(tx: Tx, from: string, to: string): Promise<boolean> {
  await tx.$executeRaw`
    DELETE FROM forum WHERE slug = ${to} AND removed_at IS NOT NULL
      AND NOT EXISTS (SELECT FROM referral WHERE forum_slug = ${to})
      AND NOT EXISTS (SELECT FROM reply WHERE forum_slug = ${to})`;
  if (await tx.forum.findUnique({ where: { slug: to } })) return false;
  await tx.$executeRaw`UPDATE forum SET slug = ${to} WHERE slug = ${from}`;
  await tx.$executeRaw`
    UPDATE idempotency SET scope = rtrim(replace(replace(scope || ' ', ${`forum:${from} `}, ${`forum:${to} `}),
      ${`/forums/${from}/`}, ${`/forums/${to}/`}))
    WHERE scope = ${`forum:${from}`} OR scope LIKE ${`forum:${from} %`} OR scope LIKE ${`%/forums/${from}/%`}`;
  await tx.$executeRaw`DELETE FROM rate_bucket WHERE forum_slug = ${to}`;
  await tx.$executeRaw`UPDATE rate_bucket SET forum_slug = ${to} WHERE forum_slug = ${from}`;
  await renameDestination(tx, "forum", from, to);
  await renameScope(tx, "forum", from, to);
  await renameScope(tx, "operator", from, to);
  return true;
}
