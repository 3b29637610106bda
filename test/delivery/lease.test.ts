import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { releaseAllLeases } from "../../src/delivery/index.ts";
import { createChaosAdapter } from "../simulators/chaos-adapter.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { createWorld, drain, type World } from "./world.ts";

let database: TestDatabase;
let world: World;
const used: TestDatabase[] = [];
beforeEach(async () => {
  database = await createTestDatabase();
  used.push(database);
  world = await createWorld(database);
});
afterAll(() => Promise.all(used.map((one) => one.drop())));

type Deliver = ReturnType<typeof createChaosAdapter>["adapter"]["deliver"];

/** A send that stands still after it was applied, until it is let go. */
function heldUp(far: ReturnType<typeof createChaosAdapter>) {
  let held = () => {};
  let letGo = () => {};
  const isHeld = new Promise<void>((resolve) => {
    held = resolve;
  });
  const goOn = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const deliver: Deliver = async (delivery, signal) => {
    const sent = await far.adapter.deliver(delivery, signal);
    held();
    await goOn;
    return sent;
  };
  return { adapter: { ...far.adapter, deliver }, isHeld, letGo: () => letGo() };
}

/** One worker holds a delivery beyond its lease while another takes it over and finishes. */
async function takeOver(far: ReturnType<typeof createChaosAdapter>): Promise<string> {
  const referral = await world.referral();
  await world.enqueue(referral, "forum:parents");
  const slow = heldUp(far);
  const first = world.worker([slow.adapter], { instance: "slow" }).tick();
  await slow.isHeld;
  world.clock.advance(31_000);
  await drain(world.worker([far.adapter], { instance: "quick" }));
  slow.letGo();
  await first;
  return referral;
}

describe("a worker that outlives its lease", () => {
  test("cannot settle what another has taken over: the house hears of one delivery", async () => {
    const referral = await takeOver(createChaosAdapter());
    expect(world.told).toEqual(["delivered forum:parents#1"]);
    expect(await world.states(referral)).toEqual(["delivered"]);
  });

  test("(mutant) without the fence the house hears of it twice", async () => {
    const unfenced: World["settlers"] = { ...world.settlers };
    const far = createChaosAdapter();
    const referral = await world.referral();
    await world.enqueue(referral, "forum:parents");
    const slow = heldUp(far);
    // As if the result were stored by id alone: the row is made to look like this attempt's just before.
    const first = world.worker([slow.adapter], {
      instance: "slow",
      settlers: unfenced,
      deps: {
        ...world.deps,
        transaction: (work) =>
          database.transaction(async (tx) => {
            await tx.$executeRaw`UPDATE delivery SET state = 'leased', attempt = 1, settled_at = NULL`;
            return work(tx);
          }),
      },
    });
    const ticking = first.tick();
    await slow.isHeld;
    world.clock.advance(31_000);
    await drain(world.worker([far.adapter], { instance: "quick" }));
    slow.letGo();
    await ticking;
    expect(world.told.filter((one) => one.startsWith("delivered")).length).toBe(2);
  });

  test("does not send twice in the eyes of a forum that drops what it has seen", async () => {
    const far = createChaosAdapter({ dedupes: true });
    await takeOver(far);
    expect([far.received.length, far.sends.length]).toEqual([1, 2]);
  });

  test("does not send twice where the platform is asked first", async () => {
    const far = createChaosAdapter({ dedupes: false });
    await takeOver(far);
    expect([far.received.length, far.sends.length, far.lookups.length]).toEqual([1, 1, 1]);
  });
});

test("a lease that has not run out is nobody else's", async () => {
  const far = createChaosAdapter();
  await world.enqueue(await world.referral(), "forum:parents");
  const slow = heldUp(far);
  const first = world.worker([slow.adapter], { instance: "slow" }).tick();
  await slow.isHeld;
  world.clock.advance(29_000);
  expect(await drain(world.worker([far.adapter], { instance: "quick" }))).toBe(0);
  slow.letGo();
  await first;
});

describe("a send whose fate is not known", () => {
  test.each([
    ["that arrived is found and settled without a second send", "applied-then-silent", 1],
    ["that is absent is sent again at once", "lost-then-silent", 2],
    ["because the adapter threw after it arrived is found", "applied-then-throws", 1],
  ] as const)("%s", async (_name, fate, sends) => {
    const far = createChaosAdapter({
      dedupes: false,
      fate: (delivery) => (delivery.attempt === 1 ? fate : "applied"),
    });
    const referral = await world.referral();
    await world.enqueue(referral, "forum:parents", 2);
    await drain(world.worker([far.adapter]));
    expect(far.received.map((one) => one.sequence)).toEqual([1, 2]);
    expect(far.sends.filter((one) => one.notice.data.sequence === 1).length).toBe(sends);
    expect(far.duplicates()).toBe(0);
    const [row] = await world.rows();
    expect(row?.step).toBe(0);
  });

  test("is sent again at once where the platform drops a second one, under the same id", async () => {
    const far = createChaosAdapter({
      fate: (delivery) => (delivery.attempt === 1 ? "applied-then-silent" : "applied"),
    });
    await world.enqueue(await world.referral(), "forum:parents");
    await drain(world.worker([far.adapter]));
    expect(new Set(far.sends.map((one) => one.id)).size).toBe(1);
    expect([far.received.length, far.sends.length]).toEqual([1, 2]);
  });

  test("and cannot be looked up either waits for the schedule, and is not sent blindly", async () => {
    const far = createChaosAdapter({
      dedupes: false,
      fate: (delivery) => (delivery.attempt === 1 ? "applied-then-silent" : "applied"),
      found: () => (far.lookups.length === 1 ? { outcome: "unknown", reason: "history-away" } : undefined),
    });
    const worker = world.worker([far.adapter]);
    await world.enqueue(await world.referral(), "forum:parents");
    expect(await drain(worker)).toBe(2);
    const [row] = await world.rows();
    expect(row).toMatchObject({ state: "unknown", step: 1, lastError: "history-away" });
    world.clock.advance(5_000);
    await drain(worker);
    expect([far.received.length, far.sends.length]).toEqual([1, 1]);
  });

  test("a destination that swallows everything is asked by the schedule, not without end", async () => {
    const far = createChaosAdapter({ fate: () => "lost-then-silent" });
    await world.enqueue(await world.referral(), "forum:parents");
    expect(await drain(world.worker([far.adapter]))).toBe(2);
  });

  test("an adapter that never answers is left at the time-out", async () => {
    const far = createChaosAdapter({ fate: (delivery) => (delivery.attempt === 1 ? "hangs" : "applied") });
    const referral = await world.referral();
    await world.enqueue(referral, "forum:parents");
    await drain(world.worker([far.adapter], { sendTimeoutMs: 20 }));
    expect(await world.states(referral)).toEqual(["delivered"]);
  });
});

test("a start of the only server releases every lease that was left, as unknown", async () => {
  const referral = await world.referral();
  await world.enqueue(referral, "forum:parents");
  await database.prisma.$executeRaw`
    UPDATE delivery SET state = 'leased', attempt = 1, next_at = ${new Date("2026-11-02T09:00:30Z")}::timestamptz`;
  expect(await releaseAllLeases(database.prisma, world.clock.now())).toBe(1);
  const far = createChaosAdapter({ dedupes: false });
  await drain(world.worker([far.adapter]));
  expect([far.lookups.length, far.received.length]).toEqual([1, 1]);
});

test("a settler that fails leaves neither half: the delivery is unknown and found again by the schedule", async () => {
  const far = createChaosAdapter({ dedupes: false });
  const referral = await world.referral();
  await world.enqueue(referral, "forum:parents", 2);
  let isBroken = true;
  const settlers: World["settlers"] = {
    ...world.settlers,
    delivered: async (tx, row, result, now) => {
      if (isBroken) throw new Error("The house is on fire.");
      await world.settlers.delivered(tx, row, result, now);
    },
  };
  const worker = world.worker([far.adapter], { settlers });
  await drain(worker);
  expect(await world.states(referral)).toEqual(["unknown", "waiting"]);
  expect(world.logged).toContain("The result of a delivery could not be stored.");
  isBroken = false;
  world.clock.advance(6_000);
  await drain(worker);
  expect(far.received.map((one) => one.sequence)).toEqual([1, 2]);
  expect(far.sends.length).toBe(2);
});

test("a payload of a later version is left for newer code, with what is behind it", async () => {
  const far = createChaosAdapter();
  const referral = await world.referral();
  await world.enqueue(referral, "forum:parents", 2);
  await database.prisma.$executeRaw`UPDATE delivery SET data = '{"v": 2}' WHERE seq = 1`;
  await world.enqueue(await world.referral(), "forum:parents");
  await drain(world.worker([far.adapter]));
  expect(await world.states(referral)).toEqual(["waiting", "waiting"]);
  const [row] = await world.rows();
  expect(row).toMatchObject({ attempt: 0, leasedBy: null });
  expect(far.received.length).toBe(1);
});

test("an adapter that is not on here leaves its deliveries to others", async () => {
  const far = createChaosAdapter();
  const referral = await world.referral();
  await world.enqueue(referral, "forum:parents", 1, "elsewhere");
  expect(await drain(world.worker([far.adapter]))).toBe(0);
  expect(await world.states(referral)).toEqual(["waiting"]);
});

test("what may have been applied stays so while it cannot be built, and is not sent a second time", async () => {
  const far = createChaosAdapter({ dedupes: false, fate: () => "applied-then-silent" });
  let isBroken = false;
  const worker = world.worker([far.adapter], {
    build: (tx, row) =>
      isBroken ? Promise.reject(new Error("The register is away.")) : world.build(tx, row),
  });
  const referral = await world.referral();
  await world.enqueue(referral, "forum:parents");
  await worker.tick();
  isBroken = true;
  await worker.tick();
  expect(await world.states(referral)).toEqual(["unknown"]);
  isBroken = false;
  world.clock.advance(10_000);
  await drain(worker);
  expect(await world.states(referral)).toEqual(["delivered"]);
  expect(far.received.length).toBe(1);
});
