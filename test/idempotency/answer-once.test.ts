import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Deps } from "../../src/deps.ts";
import { answerOnce, claimKey, keepAnswer, type Once } from "../../src/idempotency/index.ts";
import { depsOver, smallRegister } from "../access/support.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

const now = new Date("2026-12-01T09:00:00Z");
let database: TestDatabase;
let deps: Deps;

beforeAll(async () => {
  database = await createTestDatabase();
  deps = depsOver(database, { register: smallRegister(), now: () => now });
});
afterAll(() => database.drop());

const once = (key: string, body = "body"): Once => ({
  scope: "test",
  key,
  requestHash: new Uint8Array(createHash("sha256").update(body).digest()),
});
const answer = (given: Once | undefined, work: () => Promise<{ status: 201; body: unknown }>) =>
  deps.transaction((tx) => answerOnce(deps, tx, given, work));

describe("an answer given once", () => {
  test("without a key the work is done each time", async () => {
    let times = 0;
    const work = async () => ({ status: 201 as const, body: ++times });
    await answer(undefined, work);
    expect(await answer(undefined, work)).toEqual({ status: 201, body: 2 });
  });

  test("twenty at once do the work once, and all are given the first answer", async () => {
    let times = 0;
    const work = async () => ({ status: 201 as const, body: { time: ++times } });
    const answers = await Promise.all(Array.from({ length: 20 }, () => answer(once("many"), work)));
    expect(times).toBe(1);
    expect(answers).toEqual(Array(20).fill({ status: 201, body: { time: 1 } }));
  });

  test("the mutant that reads before it writes does the work more than once", async () => {
    let times = 0;
    const mutant = async () => {
      const key = { scope: "test", key: "mutant" };
      const known = await database.prisma.idempotency.findUnique({ where: { scope_key: key } });
      if (known !== null) return;
      times++;
      const row = { ...key, requestHash: new Uint8Array(), createdAt: now };
      await database.prisma.idempotency.createMany({ data: [row], skipDuplicates: true });
    };
    await Promise.all(Array.from({ length: 8 }, mutant));
    expect(times).toBeGreaterThan(1);
  });

  test("work that fails leaves the key to the one who waited for it", async () => {
    let second: Promise<unknown> = Promise.resolve();
    const first = answer(once("fails"), async () => {
      second = answer(once("fails"), async () => ({ status: 201 as const, body: "done" }));
      throw new Error("no");
    });
    await expect(first).rejects.toThrow("no");
    expect(await second).toEqual({ status: 201, body: "done" });
  });

  test("another body is refused, before and after the content is gone", async () => {
    const work = async () => ({ status: 201 as const, body: "content" });
    await answer(once("gone"), work);
    await expect(answer(once("gone", "other"), work)).rejects.toMatchObject({
      code: "request/idempotency-key-reused",
    });
    const key = Buffer.from(deps.keyring.hash("idempotency", "gone")).toString("base64url");
    const emptied = await database.prisma.idempotency.updateMany({
      where: { key },
      data: { response: null },
    });
    expect(emptied.count).toBe(1);
    await expect(answer(once("gone"), work)).rejects.toMatchObject({ code: "referral/erased" });
    await expect(answer(once("gone", "other"), work)).rejects.toMatchObject({
      code: "request/idempotency-key-reused",
    });
  });

  test("nothing that a caller chose is kept: neither the key nor a hash that could be guessed", async () => {
    const call = once("jane.doe@example.org", "short");
    await answer(call, async () => ({ status: 201 as const, body: null }));
    const kept = await database.prisma.idempotency.findMany();
    expect(JSON.stringify(kept.map(({ key }) => key))).not.toContain("jane.doe");
    for (const { requestHash } of kept)
      expect(Buffer.from(requestHash)).not.toEqual(Buffer.from(call.requestHash));
  });

  test("a claim and its answer can be kept by hand, with the referral they belong to", async () => {
    const referralId = "0192f0c1-7c1e-7a63-9b1e-3f0d8a1c2b4d";
    const given = once("by-hand");
    await deps.transaction(async (tx) => {
      expect(await claimKey(tx, { ...given, now })).toEqual({ state: "new" });
      await keepAnswer(tx, { ...given, status: 202, response: new Uint8Array([1, 2]), referralId });
    });
    const known = await deps.transaction((tx) => claimKey(tx, { ...given, now }));
    expect(known).toEqual({ state: "known", status: 202, response: new Uint8Array([1, 2]), referralId });
  });
});
