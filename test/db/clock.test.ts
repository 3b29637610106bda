import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createDatabaseClock, createManualClock } from "../../src/db/index.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase({ migrated: false });
});
afterAll(() => db.drop());

describe("the database's clock", () => {
  test("is told right by a machine whose own clock is an hour wrong", async () => {
    const clock = await createDatabaseClock(db, () => Date.now() - 3_600_000);
    expect(Math.abs(clock.now().getTime() - Date.now())).toBeLessThan(2_000);
    clock.stop();
  });

  test("moves on between measurements", async () => {
    let local = 1_000_000;
    const clock = await createDatabaseClock(db, () => local);
    const before = clock.now().getTime();
    local += 1_500;
    expect(clock.now().getTime() - before).toBe(1_500);
    clock.stop();
  });
});

describe("a manual clock", () => {
  test("stands still until it is moved", () => {
    const clock = createManualClock(new Date("2026-11-22T09:00:00Z"));
    expect(clock.now()).toEqual(new Date("2026-11-22T09:00:00Z"));
    clock.advance(90_000);
    expect(clock.now()).toEqual(new Date("2026-11-22T09:01:30Z"));
    clock.set(new Date("2027-03-28T01:00:00Z"));
    expect(clock.now()).toEqual(new Date("2027-03-28T01:00:00Z"));
  });
});
