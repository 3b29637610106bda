import { createHash, randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import pg from "pg";
import { z } from "zod";
import type { Database } from "./client.ts";
import { type DatabaseLogger, silentLogger } from "./logger.ts";
import { migrationsFolder } from "./package-root.ts";

export interface MigrateOptions {
  /** The folder of migrations; that of this release when not given. */
  dir?: string;
  logger?: DatabaseLogger;
}

interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

/** Prisma's own lock for migrations, so that `prisma migrate deploy` beside us waits too. */
const migrationLock = 72_707_369;
/** How long to wait for another instance that is migrating. */
const waitForOthers = "180s";
/** How long a migration may wait for a table in use: everybody else queues behind it meanwhile. */
const waitForTables = "10s";

const Row = z.object({
  name: z.string(),
  checksum: z.string(),
  isFinished: z.boolean(),
});
type Row = z.infer<typeof Row>;

const rowsSql = `SELECT migration_name AS "name", checksum, finished_at IS NOT NULL AS "isFinished"
  FROM "_prisma_migrations" WHERE rolled_back_at IS NULL`;

/** The migrations of this release and the history of this database do not fit together. The message says what to do. */
export class MigrationRefused extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "MigrationRefused";
  }
}

/**
 * Brings a database up to this release and answers the names of the migrations it applied, in order.
 *
 * Each runs in a transaction of its own together with its row in `_prisma_migrations`, which is what
 * `prisma migrate deploy` would write. Instances that start at once wait for one another, and one applies. Refuses a
 * migration that was edited after it was applied, one that another tool left half done, and a database that a newer release
 * has migrated.
 */
export async function applyMigrations(db: { url: string }, options: MigrateOptions = {}): Promise<string[]> {
  const { dir = migrationsFolder(), logger = silentLogger } = options;
  const migrations = await readMigrations(dir);
  const client = new pg.Client({
    connectionString: db.url,
    application_name: "fingerpost migrate",
    keepAlive: true,
  });
  client.on("error", () => {});
  await client.connect();
  try {
    await client.query(`SET lock_timeout = '${waitForOthers}'`);
    await client.query("SELECT pg_advisory_lock($1)", [migrationLock]);
    await client.query(`SET lock_timeout = '${waitForTables}'`);
    await client.query(createTableSql);
    const pending = unapplied(migrations, z.array(Row).parse((await client.query(rowsSql)).rows));
    for (const migration of pending) {
      await applyOne(client, migration);
      logger.info("migration applied", { migration: migration.name });
    }
    return pending.map(({ name }) => name);
  } finally {
    // The lock goes with the connection.
    await client.end();
  }
}

/** The migrations of this release that the database does not have yet. Refuses what `applyMigrations` would refuse. */
export async function pendingMigrations(
  db: Pick<Database, "prisma">,
  dir = migrationsFolder(),
): Promise<string[]> {
  const migrations = await readMigrations(dir);
  const known = await db.prisma.$queryRaw`SELECT to_regclass('"_prisma_migrations"') IS NOT NULL AS "exists"`;
  const hasTable = z.tuple([z.object({ exists: z.boolean() })]).parse(known)[0].exists;
  const rows = hasTable ? z.array(Row).parse(await db.prisma.$queryRawUnsafe(rowsSql)) : [];
  return unapplied(migrations, rows).map(({ name }) => name);
}

/** The form of the table is Prisma's own. */
const createTableSql = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  id VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL,
  logs TEXT,
  rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT CURRENT_TIMESTAMP,
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`;

async function applyOne(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  await client.query("BEGIN");
  try {
    await client.query(sql);
    await client.query(
      `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, CURRENT_TIMESTAMP, clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query("COMMIT");
  } catch (cause) {
    await client.query("ROLLBACK").catch(() => {});
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MigrationRefused(`The migration ${name} did not apply, and nothing of it was kept: ${reason}`, {
      cause,
    });
  }
}

function unapplied(migrations: Migration[], rows: Row[]): Migration[] {
  const byName = new Map(rows.map((row) => [row.name, row]));
  const names = new Set(migrations.map(({ name }) => name));
  const unfinished = rows.find((row) => !row.isFinished);
  if (unfinished !== undefined) {
    throw new MigrationRefused(
      `The migration ${unfinished.name} was begun by another tool and never finished. Look at what it left, ` +
        "then settle it with `prisma migrate resolve`.",
    );
  }
  const unknown = rows.find((row) => !names.has(row.name));
  if (unknown !== undefined) {
    throw new MigrationRefused(
      `The database is newer than this release: it has the migration ${unknown.name}, which is unknown here. ` +
        "Start the release that made it, or restore a backup from before.",
    );
  }
  const edited = migrations.find(
    ({ name, checksum }) => (byName.get(name)?.checksum ?? checksum) !== checksum,
  );
  if (edited !== undefined) {
    throw new MigrationRefused(
      `The migration ${edited.name} was edited after this database applied it. Put its file back as it was ` +
        "and write the change as a new migration.",
    );
  }
  return migrations.filter(({ name }) => !byName.has(name));
}

async function readMigrations(dir: string): Promise<Migration[]> {
  const entries = await readdir(dir, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(path.join(dir, name, "migration.sql"), "utf8");
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
    }),
  );
}
