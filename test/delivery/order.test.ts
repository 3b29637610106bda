import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { cancelDelivery, deliveriesOf } from "../../src/delivery/index.ts";
import { createChaosAdapter, type Fate } from "../simulators/chaos-adapter.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { createWorld, drain, minute, type World } from "./world.ts";

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

describe("one referral and one destination", () => {
  test("what was written first arrives first, though all of it is due", async () => {
    const far = createChaosAdapter();
    const referral = await world.referral();
    await world.enqueue(referral, "forum:parents", 5);
    await drain(world.worker([far.adapter]));
    expect(far.received.map((one) => one.sequence)).toEqual([1, 2, 3, 4, 5]);
    expect(await world.states(referral)).toEqual(Array(5).fill("delivered"));
  });

  test("what follows waits while the first is failing, and goes at once when it settles", async () => {
    let mood: Fate = failing;
    const far = createChaosAdapter({ fate: () => mood });
    const worker = world.worker([far.adapter]);
    const referral = await world.referral();
    await world.enqueue(referral, "forum:parents", 3);
    await drain(worker);
    world.clock.advance(4_000);
    expect(await drain(worker)).toBe(0);
    expect(far.sends.length).toBe(1);
    mood = "applied";
    world.clock.advance(1_000);
    await drain(worker);
    expect(far.received.map((one) => one.sequence)).toEqual([1, 2, 3]);
  });

  test.each([
    ["refused", { outcome: "refused", reason: "no" }],
    ["parked", failing],
  ] as const)("%s settles, and what follows goes", async (state, fate) => {
    const far = createChaosAdapter({
      fate: (delivery) => (delivery.notice.data.sequence === 1 ? fate : "applied"),
    });
    const worker = world.worker([far.adapter]);
    const referral = await world.referral();
    await world.enqueue(referral, "forum:parents", 2);
    await drain(worker);
    for (let hours = 0; hours < 7 * 24; hours += 1) {
      world.clock.advance(60 * minute);
      await drain(worker);
    }
    expect(await world.states(referral)).toEqual([state, "delivered"]);
    expect(world.told).toContain(`${state} forum:parents#1`);
  });

  test("one written while the first is on its way still comes after it", async () => {
    const referral = await world.referral();
    const far = createChaosAdapter();
    const slow = {
      ...far.adapter,
      deliver: async (...args: Parameters<typeof far.adapter.deliver>) => {
        if (far.sends.length === 0) await world.enqueue(referral, "forum:parents");
        return far.adapter.deliver(...args);
      },
    };
    await world.enqueue(referral, "forum:parents");
    await drain(world.worker([slow]));
    expect(far.received.map((one) => one.sequence)).toEqual([1, 2]);
  });

  test("many writers and many workers at once leave nothing behind and nothing out of order", async () => {
    const far = createChaosAdapter();
    const referrals = await Promise.all(Array.from({ length: 6 }, () => world.referral()));
    const workers = ["a", "b", "c"].map((instance) => world.worker([far.adapter], { instance }));
    const writing = referrals.flatMap((referral) =>
      Array.from({ length: 8 }, () => world.enqueue(referral, "forum:parents")),
    );
    await Promise.all([...writing, ...workers.map(drain)]);
    await Promise.all(workers.map(drain));
    for (const referral of referrals) {
      const order = far.received.filter((one) => one.reference === referral).map((one) => one.sequence);
      expect(order).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    }
    expect(far.duplicates()).toBe(0);
  });
});

test("a dead destination holds up neither the same referral elsewhere nor anybody else", async () => {
  const far = createChaosAdapter({
    fate: (delivery) => (delivery.destination === "pool:dead" ? failing : "applied"),
  });
  const worker = world.worker([far.adapter]);
  const [first, second] = [await world.referral(), await world.referral()];
  await world.enqueue(first, "pool:dead", 3);
  await world.enqueue(first, "forum:parents");
  await world.enqueue(second, "forum:parents");
  await drain(worker);
  expect(far.received.map((one) => one.destination)).toEqual(["forum:parents", "forum:parents"]);
});

test("what belongs to no referral has no order and waits for nothing", async () => {
  let first = true;
  const far = createChaosAdapter({
    fate: () => {
      const fate = first ? failing : "applied";
      first = false;
      return fate;
    },
  });
  await world.enqueue(null, "forum:parents", 3);
  await drain(world.worker([far.adapter]));
  expect(far.received.length).toBe(2);
});

describe("cancelling", () => {
  test("takes back what has not left, and lets what follows go without a gap in its numbers", async () => {
    const far = createChaosAdapter();
    const referral = await world.referral();
    const ids = await world.enqueue(referral, "forum:parents", 3);
    const cancelled = await database.transaction((tx) => cancelDelivery(tx, ids[0] ?? "", world.clock.now()));
    expect(cancelled).toBe(true);
    await drain(world.worker([far.adapter]));
    expect(far.received.map((one) => one.sequence)).toEqual([1, 2]);
    expect(await world.states(referral)).toEqual(["cancelled", "delivered", "delivered"]);
  });

  test("is refused while it is leased, when its fate is not known, and when it has settled", async () => {
    const referral = await world.referral();
    const [id = ""] = await world.enqueue(referral, "forum:parents");
    const cancel = () => database.transaction((tx) => cancelDelivery(tx, id, world.clock.now()));
    const answers: boolean[] = [];
    const far = createChaosAdapter({ fate: () => (far.sends.length === 1 ? "lost-then-silent" : "applied") });
    const asking = {
      ...far.adapter,
      deliver: async (...args: Parameters<typeof far.adapter.deliver>) => {
        answers.push(await cancel());
        return far.adapter.deliver(...args);
      },
    };
    const worker = world.worker([asking]);
    await worker.tick();
    answers.push(await cancel());
    await drain(worker);
    answers.push(await cancel());
    expect(answers).toEqual([false, false, false, false]);
  });

  test("a builder that says so ends a delivery without sending it", async () => {
    const far = createChaosAdapter();
    const referral = await world.referral();
    await world.enqueue(referral, "forum:parents", 2);
    const build: typeof world.build = async (tx, row) =>
      row.seq === 1 ? { cancel: "forum-left" } : world.build(tx, row);
    await drain(world.worker([far.adapter], { build }));
    expect((await deliveriesOf(database.prisma, referral)).map((row) => [row.state, row.lastError])).toEqual([
      ["cancelled", "forum-left"],
      ["delivered", null],
    ]);
  });
});

test("what an adapter asks to remember comes with every later delivery to that destination, and to no other", async () => {
  const far = createChaosAdapter({ remember: (delivery) => ({ card: delivery.destination }) });
  const referral = await world.referral();
  await world.enqueue(referral, "forum:parents", 2);
  await world.enqueue(referral, "pool:one", 1);
  await drain(world.worker([far.adapter]));
  const seen = far.sends.map(({ destination, remembered }) => [destination, remembered]);
  expect(seen.filter(([destination]) => destination === "forum:parents")).toEqual([
    ["forum:parents", undefined],
    ["forum:parents", { card: "forum:parents" }],
  ]);
  expect(seen).toContainEqual(["pool:one", undefined]);
});
