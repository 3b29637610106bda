import { afterAll, beforeAll, expect, test } from "vitest";
import { sealEvents } from "../../src/audit/index.ts";
import { type State, states } from "../../src/contract/vocabulary.ts";
import { eraseMember, eraseReferral } from "../../src/referrals/index.ts";
import { verifyAudit } from "../support/audit.ts";
import { adminKey, createWorld, minuteMs, type World } from "../support/world.ts";

const total = 200;
const admin = { kind: "admin", keyId: "test" } as const;
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const advisor = (reference: string, verb: string, body?: unknown) =>
  world.as("advisor:amal.h", reference, verb, body);

async function refer(body: Record<string, unknown>, forum = "parents"): Promise<string> {
  const answer = await world.refer(forum, body);
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  return answer.body.reference;
}

async function replied(body: Record<string, unknown>): Promise<string> {
  const reference = await refer(body);
  await advisor(reference, "claim");
  await advisor(reference, "reply", { text: "An answer that is public." });
  await world.settle();
  return reference;
}

/** How a referral comes to each state, as people would bring it there. */
const ways: Record<State, (body: Record<string, unknown>) => Promise<string>> = {
  awaiting_consent: (body) => refer(body, "young"),
  diverted: (body) => refer({ ...body, concern: true }),
  triage: (body) => refer({ ...body, topic: undefined, excerpt: "Something that no rule knows." }),
  offered: (body) => refer(body),
  async claimed(body) {
    const reference = await refer(body);
    await advisor(reference, "claim");
    // On its way, and not yet with the forum.
    await advisor(reference, "reply", { text: "An answer still on its way." });
    return reference;
  },
  async waiting_member(body) {
    const reference = await refer(body);
    await advisor(reference, "claim");
    await advisor(reference, "ask", { text: "Which month was it?" });
    await world.settle();
    return reference;
  },
  async waiting_clearance(body) {
    const reference = await refer({ ...body, board: "press" });
    await world.as("advisor:kit.w", reference, "claim");
    await world.as("advisor:kit.w", reference, "draft", { text: "A draft to be cleared." });
    return reference;
  },
  async replied(body) {
    const reference = await replied(body);
    const [reply] = (await world.show(reference)).replies;
    await advisor(reference, "correct", { reply: reply.id, text: "A correction on its way." });
    return reference;
  },
  async resolved(body) {
    const reference = await replied(body);
    await advisor(reference, "resolve", { result: "helped", saidBy: "advisor" });
    return reference;
  },
  async closed(body) {
    const reference = await refer(body);
    await advisor(reference, "claim");
    await advisor(reference, "close", { disposition: "insufficient_information", result: "could_not_reach" });
    return reference;
  },
  async withdrawn(body) {
    const reference = await refer(body);
    await world.as("forum:parents", reference, "withdraw", { reason: "Answered here." });
    return reference;
  },
  async merged(body) {
    const reference = await refer(body);
    await world.as("person:sam.t", reference, "merge", { into: await refer({ ...body, member: "other" }) });
    return reference;
  },
};

/** Deliveries in every condition: answered 503, cut off, and in a worker's hands while the erasures run. */
async function putInFlight(): Promise<{ held: Promise<number>; release: () => void }> {
  const settleOne = async () => {
    world.setMood(null);
    world.clock.advance(minuteMs);
    await world.instance.worker.tick();
  };
  world.setMood({ status: 503 });
  await world.instance.worker.tick();
  await settleOne();
  world.setMood("reset");
  await world.instance.worker.tick();
  await settleOne();
  let release = () => {};
  const after = new Promise<void>((resolve) => {
    release = resolve;
  });
  const before = world.arrived.length;
  world.setMood({ status: 200, after });
  const held = world.instance.worker.tick();
  const leased = () => world.db.prisma.delivery.count({ where: { state: "leased" } });
  const isHeld = async () => {
    const count = await leased();
    return count > 4 && world.arrived.length - before === count;
  };
  await expect.poll(isHeld, { timeout: 10_000 }).toBe(true);
  return { held, release };
}

const received = async () => {
  const { body } = await world.call("GET", "/v1/stats", adminKey);
  const [row] = body.rows;
  return { received: row.received, results: row.results, replies: row.timeToFirstReply.count };
};

test("two hundred referrals in every state, with deliveries in flight, are erased: nothing of them is sent afterwards, everybody is told, the counts stay and the audit holds", async () => {
  // What has to reach the forum for its state comes first, so that the rest is still waiting to go.
  const delivered: readonly State[] = ["waiting_member", "replied", "resolved"];
  const order = Array.from({ length: total }, (_, index) => states[index % states.length] ?? "offered");
  order.sort((a, b) => Number(delivered.includes(b)) - Number(delivered.includes(a)));
  const made: { reference: string; state: State; member: string }[] = [];
  for (const [index, state] of order.entries()) {
    const member = index % 5 === 0 && state !== "awaiting_consent" ? "wren" : `member-${index}`;
    made.push({ reference: await ways[state]({ member, externalId: `post-${index}` }), state, member });
  }
  const references = made.map(({ reference }) => reference);
  const rows = await world.db.prisma.referral.findMany({ where: { reference: { in: references } } });
  const stateOf = new Map(rows.map((row) => [row.reference, row.state]));
  for (const { reference, state } of made)
    expect([reference, stateOf.get(reference)]).toEqual([reference, state]);
  const ids = rows.map(({ id }) => id);
  const { held, release } = await putInFlight();

  const deliveries = await world.db.prisma.delivery.findMany({ where: { referralId: { in: ids } } });
  const conditions = new Set(
    deliveries.map(({ state, attempt }) => `${state}${attempt > 0 ? " tried" : ""}`),
  );
  for (const one of ["waiting", "waiting tried", "unknown tried", "leased tried", "delivered tried"])
    expect(conditions).toContain(one);
  const leased = deliveries.filter(({ state }) => state === "leased").map(({ id }) => id);
  const [countsBefore, eventsBefore] = [await received(), await world.db.prisma.event.count()];

  // Those in a worker's hands first: it gives up on an answer after twenty seconds of real time.
  const inHand = new Set(
    deliveries.filter(({ id }) => leased.includes(id)).map(({ referralId }) => referralId),
  );
  const referenceOf = new Map(rows.map(({ id, reference }) => [id, reference]));
  const first = [...inHand].map((id) => referenceOf.get(id ?? "") ?? "");
  const erase = async (reference: string) => {
    const done = await eraseReferral(world.instance.deps, reference, "requested", admin);
    expect(done).toMatchObject({ reference, unredacted: [] });
    return done.erased;
  };
  for (const reference of first) expect(await erase(reference)).toBe(true);
  const mark = world.arrived.length;
  release();
  world.setMood(null);
  await held;
  const { erased } = await eraseMember(world.instance.deps, "parents", "wren", admin);
  const theirs = made.filter(({ member, reference }) => member === "wren" && !first.includes(reference));
  expect(erased).toHaveLength(theirs.length);
  for (const { reference, member } of made) {
    expect(await erase(reference)).toBe(member !== "wren" && !first.includes(reference));
  }
  for (let minute = 0; minute < 10; minute += 1) await world.pass(minuteMs);

  const about = (reference: string) =>
    world.arrived.slice(mark).filter(({ data }) => data.reference === reference);
  for (const reference of references) {
    const told = about(reference);
    expect(told.map(({ type }) => type)).toEqual(["redact"]);
    expect(told[0]?.data).toEqual({
      reference,
      externalId: null,
      sequence: expect.any(Number),
      state: expect.any(String),
      memberLink: expect.stringContaining("/m/"),
    });
  }
  const after = await world.db.prisma.delivery.findMany({ where: { referralId: { in: ids } } });
  const ends = new Set(after.filter(({ notice }) => notice !== "redact").map(({ state }) => state));
  expect([...ends].sort()).toEqual(["cancelled", "delivered"]);
  // What was in a worker's hands did arrive, and the word to blank it came behind.
  expect(after.filter(({ id }) => leased.includes(id)).map(({ state }) => state)).toEqual(
    leased.map(() => "delivered"),
  );

  expect(await world.db.prisma.contentKey.count({ where: { id: { in: ids } } })).toBe(0);
  expect(
    await world.db.prisma.erasure.count({
      where: { referralId: { in: ids }, unredacted: { isEmpty: true } },
    }),
  ).toBe(total);
  expect(await world.db.prisma.reply.count({ where: { referralId: { in: ids }, state: "queued" } })).toBe(0);
  expect(await world.db.prisma.referral.count({ where: { id: { in: ids } } })).toBe(total);
  expect(await world.db.prisma.event.count()).toBeGreaterThan(eventsBefore);
  const finished: readonly State[] = ["resolved", "closed", "withdrawn", "merged"];
  for (const row of await world.db.prisma.referral.findMany({ where: { id: { in: ids } } })) {
    const before = stateOf.get(row.reference) as State;
    expect(row.state).toBe(finished.includes(before) ? before : "withdrawn");
  }
  const countsAfter = await received();
  expect(countsAfter.received).toBe(countsBefore.received);
  expect(countsAfter.results).toMatchObject(countsBefore.results);
  await sealEvents(world.instance.deps);
  expect(await verifyAudit(world.instance.deps)).toMatchObject({ ok: true, unsealed: 0 });
}, 240_000);
