import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { acknowledgeGuidance, guidance, hasAcknowledged } from "../../src/access/index.ts";
import type { Actor } from "../../src/contract/actor.ts";
import type { Deps } from "../../src/deps.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { depsOver, smallRegister } from "./support.ts";

const amal: Actor = { kind: "advisor", id: "amal.h" };
let database: TestDatabase;
let deps: Deps;

beforeAll(async () => {
  database = await createTestDatabase();
  const now = () => new Date("2026-12-01T09:00:00Z");
  deps = depsOver(database, { register: smallRegister(), now });
  await database.prisma.advisor.create({ data: { id: "amal.h", position: 1, document: {} } });
});
afterAll(() => database.drop());

const acknowledge = (body: { version?: string; as?: string }, actor: Actor) =>
  deps.transaction((tx) => acknowledgeGuidance(deps, tx, body, actor));

describe("guidance", () => {
  test("names its source, its version and all five principles", () => {
    const { version, text } = guidance();
    expect(version).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    for (const words of [
      "Participation online",
      "credible",
      "consistent",
      "responsive",
      "integrated",
      "civil servant",
    ])
      expect(text).toContain(words);
  });

  test.each([
    [{ version: "2008-06-18" }, amal, "request/invalid"],
    [{}, { kind: "person", id: "sam.t" }, "access/forbidden"],
    [{}, { kind: "admin", keyId: "k" }, "access/forbidden"],
    [{}, { kind: "advisor", id: "gone" }, "advisor/not-found"],
    [{ as: "person:sam.t" }, { kind: "admin", keyId: "k" }, "access/forbidden"],
  ] as const)("%j by %j is refused", async (body, actor, code) => {
    await expect(acknowledge(body, actor)).rejects.toMatchObject({ code });
    expect(await hasAcknowledged(deps.db, "amal.h")).toBe(false);
  });

  test("an acknowledgement is kept once, with its version and the first time", async () => {
    const first = await acknowledge({}, amal);
    expect(first).toEqual({
      advisor: "amal.h",
      version: guidance().version,
      at: "2026-12-01T09:00:00.000Z",
      isNew: true,
    });
    expect(await acknowledge({ version: first.version }, amal)).toEqual({ ...first, isNew: false });
    expect(await hasAcknowledged(deps.db, "amal.h")).toBe(true);
  });

  test("an administrator's key that acknowledges for an advisor stands in the audit", async () => {
    await database.prisma.guidanceAcknowledgement.deleteMany();
    await acknowledge({ as: "advisor:amal.h" }, { kind: "admin", keyId: "k1" });
    const last = await database.prisma.event.findFirst({ orderBy: { id: "desc" } });
    expect(last).toMatchObject({ type: "guidance.acknowledged", actorId: "amal.h", actedBy: "k1" });
  });
});
