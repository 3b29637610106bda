import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isDuplicate, isUnavailable } from "../../src/db/index.ts";
import { createPool } from "../../src/db/pool.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase({ migrated: false });
  await db.prisma.$executeRaw`CREATE TABLE probe (id int PRIMARY KEY)`;
});
afterAll(() => db.drop());

describe("a transaction", () => {
  test("keeps nothing when its work throws", async () => {
    const work = db.transaction(async (tx) => {
      await tx.$executeRaw`INSERT INTO probe VALUES (1)`;
      throw new Error("no");
    });
    await expect(work).rejects.toThrow("no");
    expect(await db.prisma.$queryRaw`SELECT * FROM probe`).toEqual([]);
  });

  test("keeps everything when its work ends", async () => {
    await db.transaction(async (tx) => tx.$executeRaw`INSERT INTO probe VALUES (2)`);
    expect(await db.prisma.$queryRaw`SELECT id FROM probe`).toEqual([{ id: 2 }]);
  });
});

describe("an error", () => {
  test("is told as a duplicate when the row exists", async () => {
    await db.prisma.$executeRaw`INSERT INTO probe VALUES (3)`;
    const error = await db.prisma.$executeRaw`INSERT INTO probe VALUES (3)`.catch(
      (caught: unknown) => caught,
    );
    expect([isDuplicate(error), isUnavailable(error)]).toEqual([true, false]);
  });
});

describe("a connection given back", () => {
  const pidOf = async (pool: pg.Pool) => (await pool.query("SELECT pg_backend_pid() AS pid")).rows[0].pid;

  /** Gives a connection back in the middle of a transaction, twice, and tells whether the next taker got the same one. */
  async function isPassedOn(pool: pg.Pool): Promise<boolean> {
    const client = await pool.connect();
    const { pid } = (await client.query("SELECT pg_backend_pid() AS pid")).rows[0];
    await client.query("BEGIN");
    client.release();
    client.release();
    return (await pidOf(pool)) === pid;
  }

  test("inside a transaction goes to nobody else, and a second release harms nothing", async () => {
    const pool = createPool({ url: db.url, maxConnections: 1 });
    expect(await isPassedOn(pool)).toBe(false);
    await pool.end();
    // The driver's own pool throws at the second release.
    const plain = new pg.Pool({ connectionString: db.url, max: 1 });
    await expect(isPassedOn(plain)).rejects.toThrow("already been released");
    await plain.end();
  });

  test("after a refused statement is used again", async () => {
    const pool = createPool({ url: db.url, maxConnections: 1 });
    const pid = await pidOf(pool);
    await expect(pool.query("SELECT 1 / 0")).rejects.toThrow("division by zero");
    expect(await pidOf(pool)).toBe(pid);
    await pool.end();
  });
});
