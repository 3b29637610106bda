import pg from "pg";
import { z } from "zod";
import type { ErasureLine, Table } from "./backup-format.ts";

const ident = (name: string): string => pg.escapeIdentifier(name);
const TableName = z.object({ name: z.string() });
const Statement = z.object({ statement: z.string() });

/** Tables that a database may hold rows in although nothing has happened in it yet. */
const ownRows = new Set(["content_key", "adapter_lease", "register_state"]);

export interface Loader {
  insert(table: Table, rows: readonly string[]): Promise<void>;
  /** Destroys the keys of what was erased since, so that nothing of it can be read when the load is committed. */
  erase(erasures: readonly ErasureLine[]): Promise<number>;
  commit(): Promise<void>;
  /** Leaves the database as it was, unless the load was committed. */
  close(): Promise<void>;
}

/** The tables of a database with anything in them that happened, its migrations aside. */
async function filledTables(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query(`SELECT relname AS name FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND relname <> '_prisma_migrations'`);
  const filled: string[] = [];
  for (const { name } of z.array(TableName).parse(rows)) {
    if (ownRows.has(name)) continue;
    if ((await client.query(`SELECT FROM ${ident(name)} LIMIT 1`)).rowCount) filled.push(name);
  }
  return filled;
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: "fingerpost restore",
    keepAlive: true,
  });
  client.on("error", () => {});
  await client.connect();
  return client;
}

/** What is in the way of a restore: names of tables that hold something. */
export async function whatIsThere(url: string): Promise<string[]> {
  const client = await connect(url);
  try {
    return await filledTables(client);
  } finally {
    await client.end();
  }
}

/**
 * Begins to fill an empty, migrated database in one transaction. References between tables are checked at the end, all at
 * once, and no trigger fires: what triggers wrote is in the backup.
 */
export async function openLoader(url: string): Promise<Loader> {
  const client = await connect(url);
  const run = async (sql: string) => z.array(Statement).parse((await client.query(sql)).rows);
  try {
    await client.query("BEGIN");
    await client.query("SET LOCAL TimeZone = 'UTC'");
    const ours = "c.connamespace = current_schema()::regnamespace AND c.contype = 'f'";
    const back =
      await run(`SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s', c.conrelid::regclass, c.conname,
      pg_get_constraintdef(c.oid)) AS statement FROM pg_constraint c WHERE ${ours}`);
    const away =
      await run(`SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', c.conrelid::regclass, c.conname) AS statement
      FROM pg_constraint c WHERE ${ours}`);
    const tables =
      "relnamespace = current_schema()::regnamespace AND relkind = 'r' AND relname <> '_prisma_migrations'";
    const silent = await run(
      `SELECT format('ALTER TABLE %I DISABLE TRIGGER USER', relname) AS statement FROM pg_class WHERE ${tables}`,
    );
    const empty = await run(
      `SELECT format('DELETE FROM %I', relname) AS statement FROM pg_class WHERE ${tables}`,
    );
    for (const { statement } of [...away, ...silent, ...empty]) await client.query(statement);
    return {
      insert: (table, rows) => insert(client, table, rows),
      erase: (erasures) => erase(client, erasures),
      async commit() {
        for (const { statement } of back) await client.query(statement);
        for (const { statement } of silent) await client.query(statement.replace("DISABLE", "ENABLE"));
        await followSequences(client);
        await client.query("COMMIT");
      },
      close: () => client.end(),
    };
  } catch (error) {
    await client.end();
    throw error;
  }
}

async function insert(client: pg.Client, { name, columns }: Table, rows: readonly string[]): Promise<void> {
  const list = columns.map(ident).join(", ");
  await client.query(
    `INSERT INTO ${ident(name)} (${list}) OVERRIDING SYSTEM VALUE
     SELECT ${list} FROM json_populate_recordset(NULL::${ident(name)}, $1::json)`,
    [`[${rows.join(",")}]`],
  );
}

async function erase(client: pg.Client, erasures: readonly ErasureLine[]): Promise<number> {
  const { rowCount } = await client.query(
    `INSERT INTO erasure (id, referral_id, because, at, unredacted)
     SELECT gen_random_uuid(), e."referralId", e.because, e.at, '{}'
       FROM json_to_recordset($1::json) AS e ("referralId" uuid, because text, at timestamptz)
       JOIN referral r ON r.id = e."referralId" AND r.erased_at IS NULL
     ON CONFLICT (referral_id) DO NOTHING`,
    [JSON.stringify(erasures)],
  );
  const erased =
    "(SELECT e.referral_id FROM erasure e JOIN referral r ON r.id = e.referral_id WHERE r.erased_at IS NULL)";
  await client.query(`DELETE FROM content_key WHERE id IN ${erased}`);
  await client.query(`UPDATE idempotency SET response = NULL WHERE referral_id IN ${erased}`);
  await client.query(`UPDATE referral SET external_id = NULL, member_hash = NULL WHERE id IN ${erased}`);
  return rowCount ?? 0;
}

/** Lets every counter go on after the highest number there is. */
async function followSequences(client: pg.Client): Promise<void> {
  const { rows } = await client.query(`
    SELECT format('SELECT setval(%L, (SELECT max(%I) FROM %I))', s.name, s.attname, s.relname) AS statement
      FROM (SELECT pg_get_serial_sequence(quote_ident(c.relname), a.attname) AS name, c.relname, a.attname
              FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
             WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND a.attnum > 0
               AND NOT a.attisdropped) s
     WHERE s.name IS NOT NULL`);
  for (const { statement } of z.array(Statement).parse(rows)) await client.query(statement);
}
