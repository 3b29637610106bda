import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { Actor } from "../../src/contract/actor.ts";
import { DomainError } from "../../src/contract/errors.ts";
import { listDeliveries, replayDelivery } from "../../src/delivery/index.ts";
import { createChaosAdapter, type Fate } from "../simulators/chaos-adapter.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { createWorld, drain, hour, minute, type World } from "./world.ts";

let database: TestDatabase;
let world: World;
const used: TestDatabase[] = [];
beforeEach(async () => {
  database = await createTestDatabase();
  used.push(database);
  world = await createWorld(database);
});
afterAll(() => Promise.all(used.map((one) => one.drop())));

const failing: Fate = { outcome: "retry", reason: "status-503" };
const admin: Actor = { kind: "admin", keyId: "key-1" };

async function pass(worker: { tick(): Promise<number> }, ms: number, stepMs = 10 * minute): Promise<void> {
  for (let passed = 0; passed < ms; passed += stepMs) {
    world.clock.advance(stepMs);
    await drain(worker);
  }
}

test("a forum that fails for a day and comes back gets everything, in order, with one alarm and one all-clear", async () => {
  let mood: Fate = failing;
  const far = createChaosAdapter({ fate: () => mood });
  const worker = world.worker([far.adapter]);
  const referrals = await Promise.all(Array.from({ length: 5 }, () => world.referral()));
  for (const referral of referrals) await world.enqueue(referral, "forum:parents", 3);
  await drain(worker);
  await pass(worker, 24 * hour);
  mood = "applied";
  await pass(worker, 30 * hour);
  for (const referral of referrals) {
    expect(await world.states(referral)).toEqual(["delivered", "delivered", "delivered"]);
    const order = far.received.filter((one) => one.reference === referral).map((one) => one.sequence);
    expect(order).toEqual([1, 2, 3]);
  }
  expect((await world.events()).map((event) => event.type)).toEqual(["delivery.alarm", "delivery.recovered"]);
  expect(world.told.filter((one) => /alarmed|recovered/.test(one))).toEqual([
    "alarmed forum:parents",
    "recovered forum:parents",
  ]);
});

test("the alarm comes an hour after the first failure, not before, and once for each destination", async () => {
  const far = createChaosAdapter({ fate: () => failing });
  const worker = world.worker([far.adapter]);
  for (const place of ["forum:parents", "forum:parents", "pool:one"])
    await world.enqueue(await world.referral(), place);
  await drain(worker);
  await pass(worker, 59 * minute, minute);
  expect(await world.events()).toEqual([]);
  await pass(worker, 3 * minute, minute);
  expect(world.told.filter((one) => one.startsWith("alarmed")).sort()).toEqual([
    "alarmed forum:parents",
    "alarmed pool:one",
  ]);
});

test("two instances that look at the same time raise one alarm", async () => {
  const far = createChaosAdapter({ fate: () => failing });
  await world.enqueue(await world.referral(), "forum:parents");
  const workers = ["a", "b", "c"].map((instance) => world.worker([far.adapter], { instance }));
  await Promise.all(workers.map(drain));
  world.clock.advance(2 * hour);
  await Promise.all(workers.map(drain));
  expect((await world.events()).map((event) => event.type)).toEqual(["delivery.alarm"]);
});

test("what fails alone at a destination that works raises one alarm and no all-clear until it is settled", async () => {
  const poisoned = await world.referral();
  const far = createChaosAdapter({
    fate: ({ notice }) =>
      "reference" in notice.data && notice.data.reference === poisoned ? failing : "applied",
  });
  const worker = world.worker([far.adapter]);
  await world.enqueue(poisoned, "forum:parents");
  for (let hours = 0; hours < 48; hours += 1) {
    await world.enqueue(await world.referral(), "forum:parents");
    await pass(worker, hour, hour);
  }
  expect((await world.events()).map((event) => event.type)).toEqual(["delivery.alarm"]);
});

test("Retry-After is kept to, sooner or later than the schedule", async () => {
  const far = createChaosAdapter({
    fate: (delivery) => (delivery.attempt === 1 ? { ...failing, afterMs: 90_000 } : "applied"),
  });
  const worker = world.worker([far.adapter]);
  await world.enqueue(await world.referral(), "forum:parents");
  await drain(worker);
  world.clock.advance(89_000);
  expect(await drain(worker)).toBe(0);
  world.clock.advance(1_000);
  expect(await drain(worker)).toBe(1);
});

describe("what was given up", () => {
  async function parkOne(mood: () => Fate) {
    const far = createChaosAdapter({ fate: mood });
    const worker = world.worker([far.adapter]);
    const referral = await world.referral();
    const [id = ""] = await world.enqueue(referral, "forum:parents");
    await drain(worker);
    await pass(worker, 7 * 24 * hour, hour);
    return { far, worker, referral, id };
  }

  test("is parked after five days, kept, listed, and can be sent again by an administrator", async () => {
    let mood: Fate = failing;
    const { far, worker, referral, id } = await parkOne(() => mood);
    expect(await world.states(referral)).toEqual(["parked"]);
    const { items } = await listDeliveries(world.deps, { state: "parked", limit: 10 }, admin);
    expect(items).toMatchObject([{ id, state: "parked", lastError: "status-503", nextAt: null }]);
    mood = "applied";
    await replayDelivery({ ...world.deps, settlers: world.settlers }, id, admin);
    await drain(worker);
    expect(await world.states(referral)).toEqual(["delivered"]);
    expect(far.received.length).toBe(1);
    const types = (await world.events()).map((event) => event.type);
    expect(types).toEqual(["delivery.alarm", "delivery.replayed"]);
    expect(world.told.at(-2)).toBe("replayed forum:parents#1");
  });

  test("is tried by the whole schedule again after a replay", async () => {
    const { far, worker, referral, id } = await parkOne(() => failing);
    const before = far.sends.length;
    await replayDelivery({ ...world.deps, settlers: world.settlers }, id, admin);
    await drain(worker);
    expect(await world.states(referral)).toEqual(["waiting"]);
    await pass(worker, 7 * 24 * hour, hour);
    expect(far.sends.length - before).toBeGreaterThan(8);
    expect(await world.states(referral)).toEqual(["parked"]);
  });

  test("without its fate being known is looked up before a replay sends it again", async () => {
    let isAway = true;
    const far = createChaosAdapter({
      dedupes: false,
      fate: () => "applied-then-silent",
      found: () => (isAway ? { outcome: "unknown", reason: "history-too-long" } : undefined),
    });
    const worker = world.worker([far.adapter]);
    const referral = await world.referral();
    const [id = ""] = await world.enqueue(referral, "forum:parents");
    await drain(worker);
    await pass(worker, 7 * 24 * hour, hour);
    expect(await world.states(referral)).toEqual(["parked"]);
    isAway = false;
    const replayed = await replayDelivery({ ...world.deps, settlers: world.settlers }, id, admin);
    expect(replayed.state).toBe("unknown");
    await drain(worker);
    expect(await world.states(referral)).toEqual(["delivered"]);
    expect(far.received.length).toBe(1);
  });

  test("goes before what its referral still has for that destination", async () => {
    let mood: Fate = failing;
    const { far, worker, referral, id } = await parkOne(() => mood);
    await world.enqueue(referral, "forum:parents", 2);
    mood = "applied";
    await replayDelivery({ ...world.deps, settlers: world.settlers }, id, admin);
    await drain(worker);
    expect(far.received.map((one) => one.sequence)).toEqual([1, 2, 3]);
    expect(await world.states(referral)).toEqual(["delivered", "delivered", "delivered"]);
  });
});

describe("a replay is refused", () => {
  const replay = (id: string, actor: Actor) =>
    replayDelivery({ ...world.deps, settlers: world.settlers }, id, actor);
  const code = (work: Promise<unknown>) =>
    work.then(
      () => "done",
      (error: unknown) => (error instanceof DomainError ? error.code : String(error)),
    );

  test("for whatever is neither parked nor refused, for what does not exist, and to anybody but an administrator", async () => {
    const [id = ""] = await world.enqueue(await world.referral(), "forum:parents");
    expect(await code(replay(id, admin))).toBe("delivery/not-replayable");
    expect(await code(replay("019a0000-0000-7000-8000-000000000000", admin))).toBe("delivery/not-found");
    expect(await code(replay(id, { kind: "manager" }))).toBe("access/forbidden");
    expect(await code(listDeliveries(world.deps, { limit: 1 }, { kind: "advisor", id: "a" }))).toBe(
      "access/forbidden",
    );
  });
});

test("410 refuses the delivery and stops the destination, once", async () => {
  const far = createChaosAdapter({ fate: () => ({ outcome: "refused", reason: "status-410", stop: true }) });
  await world.enqueue(await world.referral(), "forum:parents");
  await drain(world.worker([far.adapter]));
  expect(world.told).toEqual(["refused forum:parents#1", "stopped forum:parents"]);
});

test("pages of the list meet without a gap", async () => {
  const ids: string[] = [];
  for (let count = 0; count < 7; count += 1) {
    world.clock.advance(1_000);
    ids.push(...(await world.enqueue(await world.referral(), "forum:parents")));
  }
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listDeliveries(world.deps, { limit: 3, cursor, state: "waiting" }, admin);
    seen.push(...page.items.map((item) => item.id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  expect(seen).toEqual(ids.reverse());
});
