import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDatabase, type Database, isUnavailable } from "../../src/db/index.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { createStallableProxy, type StallableProxy } from "../support/stallable-proxy.ts";

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase({ migrated: false });
  await db.prisma.$executeRaw`CREATE TABLE probe (id int PRIMARY KEY)`;
});
afterAll(() => db.drop());

const reasonOf = (work: Promise<unknown>) =>
  work.then(
    () => "no error",
    (error: unknown) => error,
  );

describe("is told as unavailable, to be tried again:", () => {
  test("a statement that takes longer than five seconds", async () => {
    const error = await reasonOf(db.prisma.$queryRaw`SELECT 1 AS one FROM pg_sleep(8)`);
    expect(isUnavailable(error)).toBe(true);
  });

  test("a row that somebody else keeps locked", async () => {
    await db.prisma.$executeRaw`INSERT INTO probe VALUES (1)`;
    const error = await db.transaction(async (tx) => {
      await tx.$queryRaw`SELECT id FROM probe WHERE id = 1 FOR UPDATE`;
      return reasonOf(db.prisma.$queryRaw`SELECT id FROM probe WHERE id = 1 FOR UPDATE`);
    });
    expect(isUnavailable(error)).toBe(true);
  });

  test("a transaction that gave way in a deadlock", async () => {
    await db.prisma.$executeRaw`INSERT INTO probe VALUES (10), (11)`;
    const lock = (first: number, second: number) =>
      db.transaction(async (tx) => {
        await tx.$queryRaw`SELECT id FROM probe WHERE id = ${first} FOR UPDATE`;
        // Both hold their first row before either asks for its second.
        await tx.$queryRaw`SELECT 1 AS one FROM pg_sleep(0.3)`;
        await tx.$queryRaw`SELECT id FROM probe WHERE id = ${second} FOR UPDATE`;
      });
    const errors = await Promise.all([reasonOf(lock(10, 11)), reasonOf(lock(11, 10))]);
    expect(errors.map(isUnavailable).sort()).toEqual([false, true]);
    expect(errors).toContain("no error");
  });

  test("a connection that the server ended, and the next call gets another", async () => {
    const error = await reasonOf(db.prisma.$queryRaw`SELECT pg_terminate_backend(pg_backend_pid())`);
    expect(isUnavailable(error)).toBe(true);
    expect(await db.prisma.$queryRaw`SELECT 1 AS one`).toEqual([{ one: 1 }]);
  });

  test("a server that is not there", async () => {
    const nowhere = createDatabase({ url: "postgresql://nobody@localhost/none?host=/nowhere" });
    expect(isUnavailable(await reasonOf(nowhere.prisma.$queryRaw`SELECT 1`))).toBe(true);
    expect(isUnavailable(await reasonOf(nowhere.transaction((tx) => tx.$queryRaw`SELECT 1`)))).toBe(true);
    await nowhere.close();
  });

  test("a pool whose every connection is taken", async () => {
    const narrow = createDatabase({ url: db.url, maxConnections: 1 });
    const error = await narrow.transaction(() => reasonOf(narrow.transaction(async () => {})));
    expect(isUnavailable(error)).toBe(true);
    await narrow.close();
  });
});

test("a mistake in a statement is not told as unavailable", async () => {
  expect(isUnavailable(await reasonOf(db.prisma.$queryRaw`SELECT * FROM nothing`))).toBe(false);
  expect(isUnavailable(await reasonOf(db.prisma.$queryRaw`SELECT 1 / 0`))).toBe(false);
  expect(isUnavailable(new Error("no"))).toBe(false);
  expect(isUnavailable(undefined)).toBe(false);
});

describe("a network that goes half open", () => {
  let proxy: StallableProxy;
  let far: Database;

  beforeAll(async () => {
    proxy = await createStallableProxy(db.url);
    far = createDatabase({ url: proxy.url, maxConnections: 1 });
  });
  afterAll(async () => {
    await far.close();
    await proxy.close();
  });

  test("holds a commit no longer than the time-outs, and the pool works again afterwards", async () => {
    const begun = performance.now();
    const error = await reasonOf(
      far.transaction(async (tx) => {
        await tx.$executeRaw`INSERT INTO probe VALUES (20)`;
        proxy.stall();
      }),
    );
    expect(isUnavailable(error)).toBe(true);
    expect(performance.now() - begun).toBeLessThan(15_000);
    proxy.resume();
    await far.transaction((tx) => tx.$executeRaw`INSERT INTO probe VALUES (21)`);
    expect(await db.prisma.$queryRaw`SELECT id FROM probe WHERE id = 21`).toEqual([{ id: 21 }]);
  });
});
