import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { applyMigrations, migrationsFolder, pendingMigrations } from "../../src/db/index.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { spawnFixture } from "./process.ts";

let dir: string;
let db: TestDatabase;

beforeAll(async () => {
  dir = await mkdtemp(path.join(os.tmpdir(), "fp-migrations-"));
  // A migration that takes its time, so that instances starting at once do meet.
  await write("1_first", "CREATE TABLE first (id int); SELECT pg_sleep(0.5);");
  await write(
    "2_second",
    "CREATE FUNCTION second() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 2; END $$;",
  );
});
afterAll(() => rm(dir, { recursive: true, force: true }));
beforeEach(async () => {
  db = await createTestDatabase({ migrated: false });
});
afterEach(() => db.drop());

async function write(name: string, sql: string): Promise<void> {
  await mkdir(path.join(dir, name), { recursive: true });
  await writeFile(path.join(dir, name, "migration.sql"), sql);
}

const rows = () =>
  db.prisma
    .$queryRaw`SELECT migration_name, checksum, finished_at >= started_at AS finished, applied_steps_count AS steps,
    rolled_back_at, logs FROM "_prisma_migrations" ORDER BY migration_name`;

describe("migrating", () => {
  test("happens once when five processes start at once", async () => {
    const outputs = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const child = spawnFixture("migrate.ts", [db.url, dir]);
        if (child.stdout === null) throw new Error("no output");
        const [output, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
        return { code, applied: JSON.parse(output) };
      }),
    );
    expect(outputs.every(({ code }) => code === 0)).toBe(true);
    expect(outputs.flatMap(({ applied }) => applied).sort()).toEqual(["1_first", "2_second"]);
    expect(await rows()).toHaveLength(2);
  });

  test("would not happen once without the lock: five that look first and then apply run into each other", async () => {
    const sql = "CREATE TABLE first (id int); SELECT pg_sleep(0.5);";
    const lookThenApply = async () => {
      const client = new pg.Client({ connectionString: db.url });
      await client.connect();
      try {
        const { rows: found } = await client.query("SELECT to_regclass('first') AS first");
        if (found[0].first === null) await client.query(sql);
      } finally {
        await client.end();
      }
    };
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, lookThenApply));
    expect(outcomes.some(({ status }) => status === "rejected")).toBe(true);
  });

  test("writes the rows that Prisma's own tool would write", async () => {
    await applyMigrations(db, { dir });
    const checksum = createHash("sha256")
      .update("CREATE TABLE first (id int); SELECT pg_sleep(0.5);")
      .digest("hex");
    expect(await rows()).toMatchObject([
      { migration_name: "1_first", checksum, finished: true, steps: 1, rolled_back_at: null, logs: null },
      { migration_name: "2_second" },
    ]);
  });

  test("applies nothing the second time, and nothing is pending then", async () => {
    expect(await pendingMigrations(db, dir)).toEqual(["1_first", "2_second"]);
    expect(await applyMigrations(db, { dir })).toEqual(["1_first", "2_second"]);
    expect(await applyMigrations(db, { dir })).toEqual([]);
    expect(await pendingMigrations(db, dir)).toEqual([]);
  });

  test("keeps nothing of a migration that fails, and what came before stays", async () => {
    await write("3_broken", "CREATE TABLE third (id int); SELECT 1 / 0;");
    await expect(applyMigrations(db, { dir })).rejects.toThrow(
      "The migration 3_broken did not apply, and nothing of it was kept: division by zero",
    );
    expect(await pendingMigrations(db, dir)).toEqual(["3_broken"]);
    expect(await db.prisma.$queryRaw`SELECT to_regclass('third')::text AS third`).toEqual([{ third: null }]);
    await rm(path.join(dir, "3_broken"), { recursive: true });
  });

  test("is refused when an applied migration was edited", async () => {
    await applyMigrations(db, { dir });
    await db.prisma
      .$executeRaw`UPDATE "_prisma_migrations" SET checksum = 'other' WHERE migration_name = '1_first'`;
    const sentence = "The migration 1_first was edited after this database applied it.";
    await expect(applyMigrations(db, { dir })).rejects.toThrow(sentence);
    await expect(pendingMigrations(db, dir)).rejects.toThrow(sentence);
  });

  test("is refused when the database is newer than the release", async () => {
    await applyMigrations(db, { dir });
    await db.prisma
      .$executeRaw`UPDATE "_prisma_migrations" SET migration_name = '9_later' WHERE migration_name = '2_second'`;
    await expect(applyMigrations(db, { dir })).rejects.toThrow(
      "The database is newer than this release: it has the migration 9_later",
    );
  });

  test("is refused when another tool left a migration half done", async () => {
    await applyMigrations(db, { dir });
    await db.prisma
      .$executeRaw`UPDATE "_prisma_migrations" SET finished_at = NULL WHERE migration_name = '2_second'`;
    await expect(applyMigrations(db, { dir })).rejects.toThrow(
      "2_second was begun by another tool and never finished",
    );
  });

  test("leads an empty database to this release", async () => {
    await applyMigrations(db);
    expect(await pendingMigrations(db, migrationsFolder())).toEqual([]);
  });
});
