import { afterAll, beforeAll, expect, test } from "vitest";
import { createChaosAdapter } from "../simulators/chaos-adapter.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { createWorld, type World } from "./world.ts";

let database: TestDatabase;
let world: World;
beforeAll(async () => {
  database = await createTestDatabase();
  world = await createWorld(database);
});
afterAll(() => database.drop());

/** Deliveries written straight into the table, each of a destination `<prefix><n mod places>`. */
async function crowd(
  prefix: string,
  count: number,
  places: number,
  nextAt: Date,
  state = "waiting",
): Promise<void> {
  await database.prisma.$executeRaw`
    INSERT INTO delivery (id, adapter, destination, notice, seq, state, next_at, created_at)
    SELECT gen_random_uuid(), 'chaos', ${prefix}::text || (n % ${places}::int), 'redact', 1, ${state},
           ${nextAt}::timestamptz, ${world.clock.now()}::timestamptz
      FROM generate_series(1, ${count}::int) AS n`;
}

test("a hundred thousand that wait, back off or are due at a dead destination do not delay a fresh one elsewhere", async () => {
  const far = createChaosAdapter({
    fate: (delivery) =>
      delivery.destination.startsWith("pool:dead") ? { outcome: "retry", reason: "econnrefused" } : "applied",
  });
  const worker = world.worker([far.adapter]);
  await crowd("forum:later", 40_000, 40, new Date(world.clock.now().getTime() + 60_000));
  await crowd("forum:blocked", 30_000, 20, new Date("9999-12-31T00:00:00Z"));
  await crowd("pool:dead", 30_000, 1, new Date(world.clock.now().getTime() - 1_000));
  await database.prisma.$executeRawUnsafe("ANALYZE delivery");
  await worker.tick();
  await world.enqueue(await world.referral(), "forum:parents");
  const before = performance.now();
  await worker.tick();
  const tookMs = performance.now() - before;
  expect(far.received.map((one) => one.destination)).toEqual(["forum:parents"]);
  // Reading the crowd takes a second and more; hopping over it takes milliseconds.
  expect(tookMs).toBeLessThan(500);
  // A dead destination is asked by one send at a time, after the first few.
  expect(far.sends.filter((one) => one.destination.startsWith("pool:dead")).length).toBeLessThan(20);
});
