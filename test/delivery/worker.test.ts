import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createDestinations } from "../../src/delivery/destinations.ts";
import type { DeliveryWorker } from "../../src/delivery/index.ts";
import { createWakeable } from "../../src/delivery/wakeable.ts";
import { createChaosAdapter } from "../simulators/chaos-adapter.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { createWorld, type World } from "./world.ts";

let database: TestDatabase;
let world: World;
let running: DeliveryWorker[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  world = await createWorld(database);
});
afterEach(async () => {
  await Promise.all(running.map((worker) => worker.stop()));
  running = [];
});

function start(
  options: Parameters<World["worker"]>[1],
  far: ReturnType<typeof createChaosAdapter>,
): DeliveryWorker {
  const worker = world.worker([far.adapter], options);
  worker.start();
  running.push(worker);
  return worker;
}

/** Resolves when the far side has been sent this many. */
function sent(far: ReturnType<typeof createChaosAdapter>, count: number): Promise<void> {
  return new Promise((resolve) => {
    const look = () => (far.sends.length >= count ? resolve() : setImmediate(look));
    look();
  });
}

describe("a worker that runs", () => {
  test("takes work at a nudge, however rarely it looks by itself", async () => {
    const far = createChaosAdapter();
    const worker = start({ pollMs: 3_600_000 }, far);
    await world.enqueue(await world.referral(), "forum:parents", 3);
    worker.nudge();
    await sent(far, 3);
    expect(far.sends.map((one) => one.notice.data.sequence)).toEqual([1, 2, 3]);
  });

  test("finds what another instance wrote without a nudge", async () => {
    const far = createChaosAdapter();
    start({ pollMs: 20 }, far);
    await world.enqueue(await world.referral(), "forum:parents");
    await sent(far, 1);
  });

  test("is alive while it runs, and neither before nor after", async () => {
    const far = createChaosAdapter();
    const worker = world.worker([far.adapter]);
    expect(worker.isAlive()).toBe(false);
    worker.start();
    expect(worker.isAlive()).toBe(true);
    await worker.stop();
    expect(worker.isAlive()).toBe(false);
  });

  test("goes on when the database was away for a moment", async () => {
    const far = createChaosAdapter();
    let failures = 2;
    const transaction: typeof world.deps.transaction = async (work) => world.deps.transaction(work);
    const db = new Proxy(world.deps.db, {
      get(target, name) {
        if (name === "$queryRawUnsafe" && failures > 0) {
          failures -= 1;
          return () => Promise.reject(new Error("Connection terminated unexpectedly"));
        }
        return Reflect.get(target, name);
      },
    });
    await world.enqueue(await world.referral(), "forum:parents");
    start({ pollMs: 10, deps: { ...world.deps, db, transaction } }, far);
    await sent(far, 1);
    expect(world.logged).toContain("Deliveries cannot be taken at the moment.");
  });

  test("that is stopped waits for what is under way", async () => {
    const far = createChaosAdapter();
    let letGo = () => {};
    const goOn = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const adapter = {
      ...far.adapter,
      deliver: async (...args: Parameters<typeof far.adapter.deliver>) => {
        const result = await far.adapter.deliver(...args);
        await goOn;
        return result;
      },
    };
    const referral = await world.referral();
    await world.enqueue(referral, "forum:parents", 2);
    const worker = world.worker([adapter], { pollMs: 10 });
    worker.start();
    await sent(far, 1);
    const stopping = worker.stop();
    letGo();
    await stopping;
    expect(await world.states(referral)).toEqual(["delivered", "waiting"]);
  });

  test("that is stopped gives up what does not answer, as unknown, with its lease", async () => {
    const far = createChaosAdapter({ fate: () => "hangs" });
    const referral = await world.referral();
    await world.enqueue(referral, "forum:parents");
    const worker = world.worker([far.adapter], { pollMs: 10, stopWithinMs: 50 });
    worker.start();
    await sent(far, 1);
    await worker.stop();
    const rows = await world.rows();
    expect(rows.filter((row) => row.state === "leased")).toEqual([]);
    expect(await world.states(referral)).toEqual(["unknown"]);
  });
});

test("a wake that comes before the wait is not lost", async () => {
  const wakeable = createWakeable();
  wakeable.wake();
  await wakeable.wait(3_600_000);
  const waiting = wakeable.wait(3_600_000);
  wakeable.wake();
  await waiting;
});

describe("destinations", () => {
  const now = new Date("2026-11-02T09:00:00Z");
  const later = (ms: number) => new Date(now.getTime() + ms);
  const place = { adapter: "a", destination: "forum:one" };
  const slots = (destinations: ReturnType<typeof createDestinations>, at = now) =>
    destinations.allowances(at).find((one) => one.destination === place.destination)?.slots;

  test("that fail three times in a row get one send at a time, and rests that grow to half a minute", () => {
    const destinations = createDestinations({ total: 8, perDestination: 4 });
    const rests: number[] = [];
    let at = now;
    for (let turn = 0; turn < 12; turn += 1) {
      destinations.begin(place);
      destinations.end(place, "failed", at);
      let rest = 0;
      while (slots(destinations, new Date(at.getTime() + rest)) === 0) rest += 1_000;
      rests.push(rest / 1_000);
      at = new Date(at.getTime() + rest);
    }
    expect(rests).toEqual([0, 0, 1, 2, 4, 8, 16, 30, 30, 30, 30, 30]);
    expect(slots(destinations, at)).toBe(1);
    destinations.begin(place);
    expect(slots(destinations, at)).toBe(0);
    destinations.end(place, "well", at);
    expect(slots(destinations, at)).toBeUndefined();
  });

  test("that ask for time get it, up to a minute", () => {
    const destinations = createDestinations({ total: 8, perDestination: 4 });
    destinations.begin(place);
    destinations.end(place, "failed", now, 20_000);
    expect([slots(destinations, later(19_000)), slots(destinations, later(20_000))]).toEqual([0, 4]);
    destinations.begin(place);
    destinations.end(place, "failed", now, 86_400_000);
    expect(slots(destinations, later(60_000))).toBe(4);
  });

  test("whose turn had not come are not down, and have all their sends again when it comes", () => {
    const destinations = createDestinations({ total: 8, perDestination: 4 });
    for (let turn = 0; turn < 5; turn += 1) {
      destinations.begin(place);
      destinations.end(place, "early", now, 13_000);
    }
    expect([slots(destinations, later(12_000)), slots(destinations, later(13_000))]).toEqual([0, 4]);
  });

  test("that are down together never take more than half of everything", () => {
    const destinations = createDestinations({ total: 4, perDestination: 4 });
    const down = ["one", "two", "three"].map((name) => ({ adapter: "a", destination: `forum:${name}` }));
    for (const one of down) {
      for (let turn = 0; turn < 3; turn += 1) {
        destinations.begin(one);
        destinations.end(one, "failed", now);
      }
    }
    for (const one of down.slice(0, 2)) destinations.begin(one);
    const left = destinations.allowances(later(60_000)).map((one) => one.slots);
    expect(left).toEqual([0, 0, 0]);
  });
});
