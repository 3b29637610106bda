import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exportAudit, sealEvents } from "../../src/audit/index.ts";
import { verifyAudit } from "../support/audit.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

let db: TestDatabase;
const at = new Date("2026-06-15T09:00:00.123Z");

const depsOf = (database: TestDatabase) => ({ db: database.prisma, transaction: database.transaction });

async function write(
  database: TestDatabase,
  chain: string,
  count: number,
  type = "referral.offered",
): Promise<void> {
  await database.prisma.event.createMany({
    data: Array.from({ length: count }, (_, index) => ({
      type,
      at: new Date(at.getTime() + index),
      actorRole: "moderator",
      chain,
      data: { z: index, a: { nested: ["é", 1.5, null], because: "code" } },
    })),
  });
}

/** What somebody with every right on the database can do, and the chain has to show. */
async function tamper(database: TestDatabase, sql: string): Promise<void> {
  await database.prisma.$executeRawUnsafe("ALTER TABLE event DISABLE TRIGGER event_append_only");
  for (const statement of sql.split(";")) await database.prisma.$executeRawUnsafe(statement);
  await database.prisma.$executeRawUnsafe("ALTER TABLE event ENABLE TRIGGER event_append_only");
}

beforeAll(async () => {
  db = await createTestDatabase();
  await write(db, "dwp", 30);
  await write(db, "", 5, "register.applied");
});
afterAll(() => db.drop());

describe("sealing", () => {
  test("gives every committed event a place in its department's chain and in the whole audit", async () => {
    expect(await sealEvents(depsOf(db))).toBe(35);
    await write(db, "health", 3);
    await write(db, "dwp", 2);
    expect(await sealEvents(depsOf(db), 4)).toBe(4);
    expect(await sealEvents(depsOf(db))).toBe(1);
    expect(await sealEvents(depsOf(db))).toBe(0);
    const report = await verifyAudit(depsOf(db));
    expect(report).toMatchObject({ ok: true, unsealed: 0 });
    expect(report.chains.map(({ chain, events, ok }) => [chain, events, ok])).toEqual([
      ["", 5, true],
      ["dwp", 32, true],
      ["health", 3, true],
    ]);
    expect(report.chains[1]?.upTo).toEqual({ id: "40", at: "2026-06-15T09:00:00.124Z" });
  });

  test("by several instances at once, with events written meanwhile, leaves whole chains", async () => {
    const busy = await createTestDatabase();
    try {
      const writers = ["dwp", "health", "", "dwp"].map(async (chain) => {
        for (let round = 0; round < 15; round += 1) await write(busy, chain, 7);
      });
      const sealers = Array.from({ length: 4 }, async () => {
        for (let round = 0; round < 30; round += 1) await sealEvents(depsOf(busy), 25);
      });
      await Promise.all([...writers, ...sealers]);
      await sealEvents(depsOf(busy));
      const report = await verifyAudit(depsOf(busy));
      expect(report).toMatchObject({ ok: true, unsealed: 0 });
      expect(report.chains.map(({ events }) => events)).toEqual([105, 210, 105]);
    } finally {
      await busy.drop();
    }
  });
});

describe("the database refuses", () => {
  test.each([
    ["to change an event", "UPDATE event SET because = 'other' WHERE number = 3"],
    ["to change who did it", "UPDATE event SET actor_id = 'somebody' WHERE number IS NULL"],
    [
      "to seal an event twice",
      "UPDATE event SET hash = '\\x00', position = 99, number = 99 WHERE number = 3",
    ],
    ["to take a seal away", "UPDATE event SET hash = NULL, position = NULL, number = NULL WHERE number = 3"],
    ["to remove an event", "DELETE FROM event WHERE number = 3"],
    ["to empty the audit", "TRUNCATE event"],
    ["to empty what it refers to", "TRUNCATE referral CASCADE"],
    [
      "to change an event while sealing it",
      "UPDATE event SET type = 'x', hash = '\\x00', position = 99, number = 99 WHERE number IS NULL",
    ],
  ])("%s", async (_, sql) => {
    await write(db, "refused", 1);
    await expect(db.prisma.$executeRawUnsafe(sql)).rejects.toThrow(/append-only/);
  });
});

describe("verification finds", () => {
  const swap =
    "UPDATE event SET number = -1, position = -1 WHERE number = 12; UPDATE event SET number = 12, position = 12 WHERE number = 13; UPDATE event SET number = 13, position = 13 WHERE number = -1";
  test.each([
    ["an altered event", "UPDATE event SET actor_role = 'advisor' WHERE number = 12", 12, "altered"],
    [
      "an altered code inside an event",
      `UPDATE event SET data = data || '{"z": 99}' WHERE number = 12`,
      12,
      "altered",
    ],
    ["a removed event", "DELETE FROM event WHERE number = 12", 12, "missing"],
    ["swapped events", swap, 12, "altered"],
    ["an event moved to another chain", "UPDATE event SET chain = 'health' WHERE number = 12", 12, "missing"],
    ["the last event removed", "DELETE FROM event WHERE number = 30", 30, "cut-short"],
    ["a whole chain removed", "DELETE FROM event WHERE chain = 'dwp'", 1, "cut-short"],
  ])("%s, and says up to where the chain holds", async (_, sql, position, why) => {
    const tampered = await createTestDatabase();
    try {
      await write(tampered, "dwp", 30);
      await write(tampered, "other", 3);
      await sealEvents(depsOf(tampered));
      await tamper(tampered, sql);
      const report = await verifyAudit(depsOf(tampered));
      expect(report.ok).toBe(false);
      const dwp = report.chains.find(({ chain }) => chain === "dwp");
      expect(dwp).toMatchObject({ ok: false, events: position - 1, brokenAt: { position, why } });
      expect(dwp?.upTo?.id ?? "0").toBe(String(position - 1));
      expect(report.chains.find(({ chain }) => chain === "other")).toMatchObject({ ok: true, events: 3 });
    } finally {
      await tampered.drop();
    }
  });

  test("an audit that was shortened and sealed anew, by the ends of an earlier export", async () => {
    const tampered = await createTestDatabase();
    try {
      await write(tampered, "dwp", 10);
      const earlier = await collect(exportAudit(depsOf(tampered)));
      const { heads } = earlier.at(-1) as { heads: { chain: string; position: number; hash: string }[] };
      await tamper(
        tampered,
        `DELETE FROM event WHERE number = 5; UPDATE event SET number = NULL, position = NULL, hash = NULL; DELETE FROM audit_head`,
      );
      await sealEvents(depsOf(tampered));
      expect((await verifyAudit(depsOf(tampered))).ok).toBe(true);
      expect((await verifyAudit(depsOf(tampered), heads)).chains).toMatchObject([
        { ok: false, brokenAt: { position: 10, why: "cut-short" } },
      ]);
    } finally {
      await tampered.drop();
    }
  });
});

describe("an export", () => {
  test("has every event once, and ends with the heads and the verdict", async () => {
    const lines = await collect(exportAudit(depsOf(db), { verify: true }));
    const end = lines.at(-1) as { heads: unknown[]; ok: boolean; unsealed: number };
    expect(end).toMatchObject({ ok: true, unsealed: 0 });
    const events = lines.slice(0, -1) as { id: string }[];
    expect(events.map(({ id }) => id)).toEqual(events.map((_, index) => String(index + 1)));
    expect(events).toHaveLength(await db.prisma.event.count());
  });
});

async function collect(values: AsyncIterable<unknown>): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const value of values) all.push(value);
  return all;
}
