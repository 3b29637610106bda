import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { DomainError } from "../../src/contract/errors.ts";
import { applyRegister } from "../../src/register/apply-register.ts";
import { createTestDatabase, emptyTables, type TestDatabase } from "../support/database.ts";
import { admin, applyDepsOver, insertReferral, noon, small } from "./support.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

beforeEach(async () => {
  await emptyTables(
    db,
    "register_version",
    "register_state",
    "department",
    "topic",
    "pool",
    "advisor",
    "person",
    "forum",
    "referral",
    "event",
    "delivery",
    "api_key",
    "idempotency",
  );
});

async function refusal(work: Promise<unknown>): Promise<DomainError> {
  const error: unknown = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof DomainError) return error;
  throw new Error("Nothing was refused.", { cause: error });
}

const apply = (document: unknown, deps = applyDepsOver(db)) => applyRegister(deps, { document }, admin);

describe("applying", () => {
  test("a second apply of the same document changes nothing and makes no version", async () => {
    const first = await apply(small);
    expect(first).toMatchObject({ version: 1, applied: true });
    expect(first.changes.every(({ kind }) => kind === "add" || kind === "change")).toBe(true);
    expect(await apply(small)).toMatchObject({ version: 1, applied: false, changes: [] });
    expect(await db.prisma.registerVersion.count()).toBe(1);
  });

  test("what a document leaves out is left alone, and an entry that is there is given whole", async () => {
    await apply(small);
    const { changes } = await apply({
      settings: { nudge: "P4D" },
      forums: [{ slug: "other", name: "Other" }],
    });
    expect(changes).toEqual([
      { kind: "change", what: "settings", slug: "settings", fields: ["nudge"] },
      { kind: "add", what: "forum", slug: "other" },
    ]);
    const register = await applyDepsOver(db).register(db.prisma);
    expect(register.settings).toMatchObject({ nudge: "P4D", consentWindow: "P7D" });
    expect([...register.forums.keys()]).toEqual(["parents", "other"]);
    expect(register.rules).toEqual(small.rules);
  });

  test("a dry run answers the changes and writes nothing", async () => {
    const dry = await applyRegister(applyDepsOver(db), { document: small, dryRun: true }, admin);
    expect(dry).toMatchObject({ version: 0, applied: false });
    expect(dry.changes.length).toBeGreaterThan(5);
    expect(await db.prisma.pool.count()).toBe(0);
    expect(await db.prisma.event.count()).toBe(0);
  });

  test("an apply leaves one event with counts and no names", async () => {
    await apply(small);
    const events = await db.prisma.event.findMany();
    expect(events).toMatchObject([
      { type: "register.applied", at: noon, actorRole: "administrator", actorId: "test-key", chain: "" },
    ]);
    expect(events[0]?.data).toEqual({ version: 1, add: 8, change: 1, remove: 0, rename: 0 });
  });

  test("what follows for referrals runs once, after the change is durable, and not when nothing changed", async () => {
    const seen: number[] = [];
    const deps = applyDepsOver(db, {
      afterApply: async () => {
        seen.push((await applyDepsOver(db).register(db.prisma)).version);
      },
    });
    await apply(small, deps);
    await apply(small, deps);
    expect(seen).toEqual([1]);
  });

  test("anyone but an administrator is refused", async () => {
    const work = applyRegister(applyDepsOver(db), { document: small }, { kind: "manager" });
    expect((await refusal(work)).code).toBe("access/forbidden");
  });
});

describe("refusals", () => {
  test("mistakes are told all at once, with pointers and hints", async () => {
    const document = {
      ...small,
      pols: [],
      topics: [{ code: "universal-credit", title: "Universal Credit", wrods: [] }],
      settings: { nudge: "P1W" },
    };
    const { code, errors } = await refusal(apply(document));
    expect(code).toBe("register/invalid");
    expect(errors.map(({ pointer }) => pointer).sort()).toEqual([
      "/pols",
      "/settings/nudge",
      "/topics/0/wrods",
    ]);
    expect(errors.find(({ pointer }) => pointer === "/pols")?.hint).toBe('Did you mean "pools"?');
  });

  test("a name that nothing has is pointed at, with the nearest that exists", async () => {
    const document = { ...small, advisors: [{ id: "amal.h", name: "Amal H.", pools: ["uc-tow"] }] };
    const { errors } = await refusal(apply(document));
    expect(errors).toContainEqual({
      pointer: "/advisors/0/pools/0",
      detail: 'There is no pool "uc-tow".',
      hint: 'Did you mean "uc-two"?',
    });
  });

  test("pointers mean the document, also where the register in force has other entries before", async () => {
    await apply(small);
    const { errors } = await refusal(
      apply({ pools: [{ slug: "uc-two", department: "dpw", name: "Second line" }] }),
    );
    expect(errors).toMatchObject([{ pointer: "/pools/0/department", hint: 'Did you mean "dwp"?' }]);
  });

  test("an escalation that runs in a circle through the register in force is refused", async () => {
    await apply(small);
    const { errors } = await refusal(
      apply({ pools: [{ slug: "uc-two", department: "dwp", name: "Second line", escalateTo: ["uc"] }] }),
    );
    expect(errors.map(({ pointer }) => pointer)).toContain("/pools/0/escalateTo");
  });

  test("a platform that no adapter serves is refused where somebody takes part, and not where a forum is only listed", async () => {
    const listed = { slug: "board", name: "Board", platform: "pigeon" };
    await apply({ forums: [listed] });
    const agreed = { ...listed, intervention: small.forums[0]?.intervention };
    const { code, errors } = await refusal(apply({ departments: small.departments, forums: [agreed] }));
    expect(code).toBe("register/adapter-unknown");
    expect(errors).toMatchObject([{ pointer: "/forums/0/platform" }]);
  });

  test("a platform whose adapter is off is a warning", async () => {
    const { warnings, applied } = await apply({
      ...small,
      forums: [{ ...small.forums[0], platform: "discord" }],
    });
    expect(applied).toBe(true);
    expect(warnings).toContainEqual(expect.objectContaining({ pointer: "/forums/0/platform" }));
  });

  test("a callback to a private address is refused before anything is written", async () => {
    const deps = applyDepsOver(db, { checkAddress: async () => "private-address" });
    const { code, errors } = await refusal(apply(small, deps));
    expect([code, errors[0]?.pointer]).toEqual(["register/invalid", "/forums/0/callbackUrl"]);
    expect(await db.prisma.forum.count()).toBe(0);
  });

  test("removing what open referrals need is refused with their references; finished ones do not hold it", async () => {
    await apply(small);
    await insertReferral(db, { reference: "FP-1", forum: "parents", pool: "uc", topic: "universal-credit" });
    await insertReferral(db, { reference: "FP-2", forum: "parents", pool: "uc-two", state: "closed" });
    const error = await refusal(apply({ prune: true }));
    expect(error.code).toBe("register/in-use");
    expect(error.fields.inUse).toEqual([
      { what: "forum", slug: "parents", count: 1, referrals: ["FP-1"] },
      { what: "pool", slug: "uc", count: 1, referrals: ["FP-1"] },
      { what: "topic", slug: "universal-credit", count: 1, referrals: ["FP-1"] },
    ]);
    await db.prisma.referral.updateMany({ data: { state: "closed" } });
    expect((await apply({ prune: true })).applied).toBe(true);
    const register = await applyDepsOver(db).register(db.prisma);
    expect([register.pools.size, register.forums.size, register.rules]).toEqual([0, 0, [{ to: "triage" }]]);
    expect(register.removed.pools.get("uc")).toBe("Example UC");
    expect(await apply(small)).toMatchObject({ applied: true });
    expect((await applyDepsOver(db).register(db.prisma)).removed.pools.size).toBe(0);
  });
});
