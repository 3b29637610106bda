import { afterAll, beforeAll, expect, test } from "vitest";
import { applyRegister } from "../../src/register/apply-register.ts";
import { exportRegister } from "../../src/register/export-register.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { admin, applyDepsOver, insertReferral, noon, small } from "./support.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

test("a rename keeps referrals, keys, answers and deliveries, and every other entry follows it", async () => {
  const deps = applyDepsOver(db);
  await applyRegister(deps, { document: small }, admin);
  await insertReferral(db, {
    reference: "FP-1",
    forum: "parents",
    pool: "uc",
    topic: "universal-credit",
    owner: "amal.h",
  });
  await db.prisma.delivery.createMany({
    data: ["pool:uc", "forum:parents"].map((destination) => ({
      adapter: "webhook",
      destination,
      notice: "card",
      seq: 1,
      nextAt: noon,
      createdAt: noon,
    })),
  });
  const scopes = ["forum:parents", "manager:dwp", "advisor:amal.h", "person:sam.t"];
  await db.prisma.apiKey.create({ data: { name: "k", hash: new Uint8Array(32), scopes, createdAt: noon } });
  const calls = ["forum:parents POST /v1/forums/parents/referrals", "intake:parents", "events:parents"];
  await db.prisma.idempotency.createMany({
    data: calls.map((scope) => ({ scope, key: "k", requestHash: new Uint8Array(32), createdAt: noon })),
  });

  const { id: referralId } = await db.prisma.referral.findFirstOrThrow();
  await db.prisma.adapterMemory.createMany({
    data: ["pool:uc", "forum:parents"].map((place) => ({
      adapter: "slack",
      key: `remember:${referralId}:${place}`,
      value: new Uint8Array(1),
      referralId,
    })),
  });
  await db.prisma.erasure.create({
    data: {
      referralId,
      because: "requested",
      at: noon,
      unredacted: ["slack forum:parents", "slack pool:other", "slack pool:uc"],
    },
  });
  const callers = [
    { kind: "forum", forum: "parents", voice: "member" },
    { kind: "advisor", id: "amal.h" },
    { kind: "person", id: "sam.t" },
    { kind: "person", id: "amal.h" },
  ];
  const scopeOf = (actor: object) => `adapter:${JSON.stringify(actor)}`;
  await db.prisma.idempotency.createMany({
    data: callers.map((actor) => ({
      scope: scopeOf(actor),
      key: "k",
      requestHash: new Uint8Array(32),
      createdAt: noon,
    })),
  });

  const { changes } = await applyRegister(
    deps,
    {
      document: {
        departments: [{ slug: "pensions", formerly: ["dwp"], name: "Example DWP" }],
        topics: [{ code: "uc", formerly: ["universal-credit"], title: "Universal Credit", words: ["uc"] }],
        pools: [
          {
            slug: "uc-first",
            formerly: ["uc"],
            department: "pensions",
            name: "Example UC",
            topics: ["uc"],
            escalateTo: ["uc-two"],
          },
        ],
        advisors: [
          {
            id: "amal",
            formerly: ["amal.h"],
            name: "Amal H.",
            email: "amal@example.gov.uk",
            pools: ["uc-first"],
          },
        ],
        people: [{ id: "sam", formerly: ["sam.t"], name: "Sam T.", roles: ["triage", "clearer:uc-first"] }],
      },
    },
    admin,
  );
  expect(changes.map(({ kind, slug, from }) => [kind, slug, from])).toEqual([
    ["rename", "pensions", "dwp"],
    ["rename", "uc", "universal-credit"],
    ["rename", "uc-first", "uc"],
    ["rename", "amal", "amal.h"],
    ["rename", "sam", "sam.t"],
  ]);
  const forum = {
    ...small.forums[0],
    slug: "families",
    formerly: ["parents"],
    topics: ["uc"],
    departments: ["pensions"],
  };
  await applyRegister(
    deps,
    { document: { forums: [{ ...forum, intervention: { ...forum.intervention, perDepartment: {} } }] } },
    admin,
  );

  const after = exportRegister(await deps.register(deps.db));
  expect(after.pools.map(({ slug, department }) => [slug, department])).toEqual([
    ["uc-first", "pensions"],
    ["uc-two", "pensions"],
  ]);
  expect(after.rules[0]).toMatchObject({ to: "uc-first", when: { topic: ["uc"], forum: ["families"] } });
  expect(await db.prisma.referral.findFirst()).toMatchObject({
    reference: "FP-1",
    forumSlug: "families",
    poolSlug: "uc-first",
    topic: "uc",
    ownerId: "amal",
    triedPools: ["uc-first"],
  });
  expect((await db.prisma.apiKey.findFirst())?.scopes).toEqual([
    "forum:families",
    "manager:pensions",
    "advisor:amal",
    "person:sam",
  ]);
  expect(new Set((await db.prisma.idempotency.findMany()).map(({ scope }) => scope))).toEqual(
    new Set([
      "forum:families POST /v1/forums/families/referrals",
      "intake:families",
      "events:families",
      scopeOf({ kind: "forum", forum: "families", voice: "member" }),
      scopeOf({ kind: "advisor", id: "amal" }),
      scopeOf({ kind: "person", id: "sam" }),
      scopeOf({ kind: "person", id: "amal.h" }),
    ]),
  );
  expect(
    (await db.prisma.delivery.findMany({ orderBy: { destination: "asc" } })).map(
      ({ destination }) => destination,
    ),
  ).toEqual(["forum:families", "pool:uc-first"]);
  const remembered = await db.prisma.adapterMemory.findMany({ orderBy: { key: "asc" } });
  expect(remembered.map(({ key }) => key)).toEqual(
    ["forum:families", "pool:uc-first"].map((place) => `remember:${referralId}:${place}`),
  );
  expect((await db.prisma.erasure.findFirst())?.unredacted).toEqual([
    "slack forum:families",
    "slack pool:other",
    "slack pool:uc-first",
  ]);
  expect(await applyRegister(deps, { document: after }, admin)).toMatchObject({
    applied: false,
    changes: [],
  });
});

test("a name that history still refers to is not given to another entry", async () => {
  const deps = applyDepsOver(db);
  await db.prisma.referral.updateMany({ data: { state: "closed" } });
  const { pools, advisors, rules, ...rest } = exportRegister(await deps.register(deps.db));
  const fewer = {
    ...rest,
    prune: true,
    pools: pools.filter(({ slug }) => slug === "uc-two"),
    advisors: advisors.filter(({ id }) => id === "bo.k"),
    people: [],
    rules: rules.slice(-1),
  };
  await applyRegister(deps, { document: fewer }, admin);
  const pool = { ...pools.find(({ slug }) => slug === "uc-two"), slug: "uc-first", formerly: ["uc-two"] };
  const work = applyRegister(deps, { document: { pools: [pool] } }, admin);
  await expect(work).rejects.toMatchObject({ code: "register/invalid", errors: [{ pointer: "/pools/0" }] });
  expect((await deps.register(deps.db)).pools.has("uc-two")).toBe(true);
});

test("what cannot be a rename is refused with the place where it stands", async () => {
  const deps = applyDepsOver(db);
  const topics = [
    { code: "one", title: "One" },
    { code: "two", title: "Two" },
  ];
  await applyRegister(deps, { document: { topics } }, admin);
  const refused = async (...entries: unknown[]) =>
    applyRegister(deps, { document: { topics: entries } }, admin).then(
      () => "applied",
      (error: { errors: { pointer: string }[] }) => error.errors.map(({ pointer }) => pointer),
    );
  const both = { code: "three", title: "Three", formerly: ["one", "two"] };
  expect(await refused(both)).toEqual(["/topics/0/formerly"]);
  const fromOne = { code: "three", title: "Three", formerly: ["one"] };
  expect(await refused(topics[0], fromOne)).toEqual(["/topics/1/formerly"]);
  expect(await refused(fromOne, { ...fromOne, code: "four" })).toEqual(["/topics/1/formerly"]);
  expect(await refused(fromOne, fromOne)).toEqual(["/topics/1", "/topics/1/formerly"]);
});
