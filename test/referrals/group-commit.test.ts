import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ReferralBody } from "../../src/contract/bodies.ts";
import type { CoreApi } from "../../src/contract/core-api.ts";
import { issueSecret } from "../../src/forums/index.ts";
import { createIntake } from "../../src/referrals/index.ts";
import { createGroupCommit } from "../../src/referrals/store/group-commit.ts";
import { createRegisterReader } from "../../src/register/index.ts";
import { exampleRegister } from "../support/example-register.ts";
import { createWorld, type World } from "../support/world.ts";

/** A write that waits to be told how it ends, and the groups that came to it. */
function heldWrite() {
  const groups: string[][] = [];
  const ends: (() => void)[] = [];
  const write = (items: readonly string[]) =>
    new Promise<string>((resolve, reject) => {
      groups.push([...items]);
      ends.push(() => (items.includes("bad") ? reject(new Error("bad")) : resolve(items.join(" "))));
    });
  /** Ends what is under way until nothing is. */
  const endAll = async () => {
    while (ends.length > 0) {
      for (const end of ends.splice(0)) end();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { groups, write, endAll };
}

describe("a group commit", () => {
  test("writes at once when idle, and what arrives meanwhile goes out together, in its order", async () => {
    const { groups, write, endAll } = heldWrite();
    const commit = createGroupCommit(write);
    const results = Promise.all(["a", "b", "c"].map((item) => commit(item)));
    expect(groups).toEqual([["a"]]);
    await endAll();
    expect(groups).toEqual([["a"], ["b", "c"]]);
    expect(await results).toEqual(["a", "b c", "b c"]);
  });

  test("a failing item fails alone, and those behind it go on", async () => {
    const { groups, write, endAll } = heldWrite();
    const commit = createGroupCommit(write);
    const results = Promise.allSettled(["a", "b", "bad", "c"].map((item) => commit(item)));
    await endAll();
    expect((await results).map(({ status }) => status)).toEqual([
      "fulfilled",
      "fulfilled",
      "rejected",
      "fulfilled",
    ]);
    expect(groups).toEqual([["a"], ["b", "bad", "c"], ["b"], ["bad"], ["c"]]);
    const later = commit("d");
    await endAll();
    expect(await later).toBe("d");
  });
});

let world: World;
let submit: CoreApi["submitReferral"];
beforeAll(async () => {
  const register = exampleRegister("http://127.0.0.1:9");
  const [parents] = register.forums;
  const slow = { ...parents, slug: "slow", name: "Slow forum", ratePerMinute: 3 };
  world = await createWorld({ register: { ...register, forums: [...register.forums, slow] } });
  submit = createIntake(world.instance.deps);
}, 60_000);
afterAll(() => world.close());

const bodyOf = (change: object = {}) =>
  ReferralBody.parse({
    excerpt: "My advance payment has not come.",
    url: "https://parents.example/thread/1",
    moderator: "mod-1",
    consent: "member-agreed",
    topic: "universal-credit",
    ...change,
  });

/** Submissions made in one turn of the loop: the first goes out by itself, the others together behind it. */
async function submitAll(wanted: { forum?: string; id?: string; body?: object }[]) {
  const settled = await Promise.allSettled(
    wanted.map(({ forum = "parents", id = randomUUID(), body }) =>
      submit(forum, bodyOf(body), {
        actor: { kind: "forum", forum, voice: "member" },
        eventId: id,
      }),
    ),
  );
  return settled.map((one) => (one.status === "fulfilled" ? one.value.created : one.reason.code));
}

describe("referrals that are written together", () => {
  test("are each answered rightly beside one that is refused, one over its rate and one nobody knows", async () => {
    const before = await world.db.prisma.referral.count();
    const answers = await submitAll([
      {},
      { forum: "slow" },
      { forum: "nowhere" },
      { forum: "quiet" },
      { forum: "slow" },
      { body: { consent: "not-needed" } },
      {},
    ]);
    const [first, one, nowhere, quiet, other, unasked, last] = answers;
    expect([first, nowhere, quiet, unasked, last]).toEqual([
      true,
      "forum/not-found",
      "forum/no-intervention",
      "forum/consent-not-allowed",
      true,
    ]);
    // Which of the two is over the rate is nobody's promise: each group is tried again row by row.
    expect([one, other].sort()).toEqual(["request/rate-limited", true]);
    expect(await world.db.prisma.referral.count()).toBe(before + 3);
    expect(await world.db.prisma.idempotency.count({ where: { referralId: null } })).toBe(0);
  });

  test("under the same id are one referral with one answer, and another body under it is refused", async () => {
    const id = randomUUID();
    const before = await world.db.prisma.referral.count();
    const answers = await submitAll([
      {},
      { id },
      { id },
      { id, body: { urgency: "urgent" } },
      { id },
      { id: randomUUID() },
    ]);
    expect(answers.filter((answer) => answer === true)).toHaveLength(3);
    expect(answers.filter((answer) => answer === false)).toHaveLength(2);
    expect(answers).toContain("request/idempotency-key-reused");
    expect(await world.db.prisma.referral.count()).toBe(before + 3);
  });

  test("bring everything that belongs to a referral, as one that is written alone does", async () => {
    const references = await Promise.all(
      ["alone", "together", "too"].map(async (name) => {
        const { referral } = await submit("parents", bodyOf({ member: name }), {
          actor: { kind: "forum", forum: "parents", voice: "member" },
          eventId: randomUUID(),
        });
        return referral.reference;
      }),
    );
    const kept = await world.db.prisma.referral.findMany({
      where: { reference: { in: references } },
      include: { events: true, deliveries: true, timers: true },
    });
    const shapes = kept.map(({ state, poolSlug, version, clock, events, deliveries, timers, content }) => ({
      ...{ state, poolSlug, version, clock, isSealed: content !== null },
      events: events.map(({ type, seq, because, chain }) => ({ type, seq, because, chain })),
      deliveries: deliveries.map(({ notice, destination, seq, data }) => ({
        notice,
        destination,
        seq,
        data,
      })),
      timers: timers.map(({ kind }) => kind),
    }));
    expect(shapes).toHaveLength(3);
    expect(shapes[0]).toMatchObject({ state: "offered", version: 1, isSealed: true, timers: ["escalate"] });
    expect(shapes[0]?.deliveries).toMatchObject([{ notice: "referral.offered", seq: 1 }]);
    for (const shape of shapes) expect(shape).toEqual(shapes[0]);
  });
});

describe("what an instance has in memory", () => {
  /** The same database and keys, as another instance reads them. */
  const elsewhere = () => ({ ...world.instance.deps, register: createRegisterReader() });

  test("takes no referral by a secret that was revoked at another instance", async () => {
    expect((await world.refer("young")).status).toBe(201);
    const deps = elsewhere();
    await deps.transaction((tx) =>
      issueSecret(deps, tx, { forum: "young", revokeOld: true }, { kind: "admin", keyId: "k" }),
    );
    const before = await world.db.prisma.referral.count();
    expect(await world.refer("young")).toMatchObject({ status: 401, body: { code: "signature/invalid" } });
    expect(await world.db.prisma.referral.count()).toBe(before);
  });

  test("takes no referral by an agreement that was ended at another instance, and shows a repeat its answer", async () => {
    const id = randomUUID();
    const first = await world.refer("parents", {}, id);
    expect(first.status).toBe(201);
    await world.db.prisma.$executeRaw`
      UPDATE forum SET document = jsonb_set(document, '{intervention,model}', '"none"') WHERE slug = 'parents'`;
    await world.db.prisma.$executeRaw`UPDATE register_state SET revision = gen_random_uuid()`;
    const refused = await world.refer("parents");
    expect(refused).toMatchObject({ status: 403, body: { code: "forum/no-intervention" } });
    const again = await world.refer("parents", {}, id);
    expect([again.status, again.body]).toEqual([200, first.body]);
  });
});
