import { afterAll, beforeAll, expect, test } from "vitest";
import { createChaosAdapter, type Fate } from "../simulators/chaos-adapter.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { createWorld, drain, minute } from "./world.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const moods: Fate[] = [
  "applied-then-silent",
  "lost-then-silent",
  "applied-then-throws",
  { outcome: "retry", reason: "status-500" },
  { outcome: "retry", reason: "status-429", afterMs: 45_000 },
];

/** Numbers in [0, 1), the same at every run (the generator of Numerical Recipes, modulo 2^32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

test.each([
  ["that drops what it has seen", true],
  ["that is asked what it has", false],
])(
  "thousands of deliveries through chaos reach a far side %s exactly once and in order",
  async (_name, dedupes) => {
    const world = await createWorld(database);
    const random = seeded(20_261_102);
    const far = createChaosAdapter({
      name: `chaos-${dedupes}`,
      dedupes,
      fate: () => (random() < 0.3 ? (moods[Math.floor(random() * moods.length)] ?? "applied") : "applied"),
    });
    const workers = ["a", "b"].map((instance) => world.worker([far.adapter], { instance, random }));
    const referrals = await Promise.all(Array.from({ length: 100 }, () => world.referral()));
    const places = ["forum:parents", "pool:one"];
    for (const referral of referrals)
      for (const place of places) await world.enqueue(referral, place, 5, `chaos-${dedupes}`);

    const settled = () => world.told.filter((one) => one.startsWith("delivered")).length;
    for (let rounds = 0; rounds < 600 && settled() < 1_000; rounds += 1) {
      await Promise.all(workers.map(drain));
      world.clock.advance(rounds < 200 ? 1_000 : 2 * minute);
    }
    // Whatever else was thought to be due would come now.
    world.clock.advance(24 * 60 * minute);
    await Promise.all(workers.map(drain));
    expect(far.received.length).toBe(1_000);
    if (!dedupes) expect(far.duplicates()).toBe(0);
    for (const referral of referrals) {
      for (const place of places) {
        const seen = far.received.filter((one) => one.reference === referral && one.destination === place);
        expect(seen.map((one) => one.sequence)).toEqual([1, 2, 3, 4, 5]);
      }
      expect(new Set(await world.states(referral))).toEqual(new Set(["delivered"]));
    }
    expect(settled()).toBe(1_000);
  },
  120_000,
);
