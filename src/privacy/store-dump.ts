import pg from "pg";
import { z } from "zod";
import type { Header, Table } from "./backup-format.ts";

const page = 500;
const fetchMs = 120_000;

const Name = z.object({ name: z.string() });
const namesOf = (rows: unknown): string[] =>
  z
    .array(Name)
    .parse(rows)
    .map(({ name }) => name);

export interface Dump {
  header: Pick<Header, "migrations" | "keyIds">;
  tables: (Table & { rows: number })[];
  /** The rows of one table, as JSON that the database wrote. */
  rowsOf(table: Table): AsyncGenerator<string>;
  close(): Promise<void>;
}

/** Opens one view of the whole database, the same however long it is read, while others go on writing. */
export async function openDump(url: string): Promise<Dump> {
  const client = new pg.Client({
    connectionString: url,
    application_name: "fingerpost backup",
    statement_timeout: fetchMs,
    keepAlive: true,
  });
  client.on("error", () => {});
  await client.connect();
  try {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    await client.query("SET LOCAL TimeZone = 'UTC'");
    const migrations = namesOf(
      (
        await client.query(`SELECT migration_name AS name FROM "_prisma_migrations"
          WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name`)
      ).rows,
    );
    const keyIds = namesOf((await client.query("SELECT DISTINCT key_id AS name FROM content_key")).rows);
    const tables = await readTables(client);
    return {
      header: { migrations, keyIds },
      tables,
      rowsOf: (table) => readRows(client, table),
      // Nothing was written: the transaction ends with its connection.
      close: () => client.end(),
    };
  } catch (error) {
    await client.end();
    throw error;
  }
}

async function readTables(client: pg.Client): Promise<(Table & { rows: number })[]> {
  const found = await client.query(`
    SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attnum) AS columns
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' AND c.relname <> '_prisma_migrations'
       AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
     GROUP BY c.relname ORDER BY c.relname`);
  const tables = z.array(z.object({ name: z.string(), columns: z.array(z.string()) })).parse(found.rows);
  const counted: (Table & { rows: number })[] = [];
  for (const table of tables) {
    const { rows } = await client.query(
      `SELECT count(*)::int AS rows FROM ${pg.escapeIdentifier(table.name)}`,
    );
    counted.push({ ...table, ...z.tuple([z.object({ rows: z.number() })]).parse(rows)[0] });
  }
  return counted;
}

async function* readRows(client: pg.Client, { name, columns }: Table): AsyncGenerator<string> {
  const list = columns.map((column) => pg.escapeIdentifier(column)).join(", ");
  await client.query(
    `DECLARE dump NO SCROLL CURSOR FOR SELECT row_to_json(t)::text AS name FROM (SELECT ${list} FROM ${pg.escapeIdentifier(name)}) t`,
  );
  for (;;) {
    const rows = namesOf((await client.query(`FETCH ${page} FROM dump`)).rows);
    yield* rows;
    if (rows.length < page) break;
  }
  await client.query("CLOSE dump");
}
