import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isDuplicate, isUnavailable } from "../../src/db/index.ts";
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
