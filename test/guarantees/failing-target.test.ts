import { createServer } from "node:http";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { exampleRegister } from "../support/example-register.ts";
import { adminKey, createWorld, dayMs, minuteMs, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const alarms = () => world.db.prisma.event.count({ where: { type: "delivery.alarm" } });
const ofForum = (forum: string) => world.callbacks.filter((callback) => callback.forum === forum);

async function passAll(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 20 * minuteMs) await world.pass(20 * minuteMs);
}

/** Sequences of what arrived, by referral, as they arrived. */
function sequences(forum: string): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const { data } of ofForum(forum))
    found.set(data.reference, [...(found.get(data.reference) ?? []), data.sequence]);
  return found;
}

const inOrder = (arrived: number[]) => arrived.map((_, index) => index + 1);

describe("a callback target that fails for a day", () => {
  test("gets everything, in order, when it is well again, and raised one alarm", async () => {
    world.setMood({ status: 500 });
    const references: string[] = [];
    for (let turn = 0; turn < 4; turn += 1) {
      const { body } = await world.refer("parents");
      references.push(body.reference);
      await world.as("advisor:amal.h", body.reference, "claim");
      if (turn % 2 === 0)
        await world.as("advisor:amal.h", body.reference, "reply", { text: `Answer ${turn}.` });
    }
    await world.settle();
    await passAll(dayMs);
    expect(world.callbacks).toEqual([]);
    expect(await alarms()).toBe(1);
    const metrics = await world.call("GET", "/metrics", null);
    expect(metrics.body).toMatch(/^fingerpost_delivery_alarms 1$/m);
    for (const reference of references) expect((await world.show(reference)).state).not.toBe("replied");

    world.setMood(null);
    await passAll(dayMs);
    expect(await world.db.prisma.delivery.count({ where: { settledAt: null } })).toBe(0);
    for (const reference of references) {
      const arrived = sequences("parents").get(reference) ?? [];
      expect(arrived.length).toBeGreaterThanOrEqual(2);
      expect(arrived).toEqual(inOrder(arrived));
    }
    const answered = ofForum("parents").filter(({ type }) => type === "referral.replied");
    expect(answered.map(({ data }) => data.text).sort()).toEqual(["Answer 0.", "Answer 2."]);
    expect(await alarms()).toBe(1);
    expect(await world.db.prisma.event.count({ where: { type: "delivery.recovered" } })).toBe(1);
    expect((await world.call("GET", "/metrics", null)).body).toMatch(/^fingerpost_delivery_alarms 0$/m);
  }, 120_000);

  test("delays nothing at another: a reply arrives at once beside a destination that never answers", async () => {
    // It takes connections and says nothing, which is the slowest way to be dead.
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const at = silent.address();
    const dead = `http://127.0.0.1:${typeof at === "object" && at ? at.port : 0}/young`;
    const { forums } = (await world.call("GET", "/v1/register", adminKey)).body;
    const withDead = forums.map((forum: { slug: string }) =>
      forum.slug === "young" ? { ...forum, callbackUrl: dead } : forum,
    );
    expect((await world.apply({ ...exampleRegister("http://127.0.0.1:9"), forums: withDead })).status).toBe(
      200,
    );
    try {
      for (let turn = 0; turn < 40; turn += 1)
        await world.refer("young", { url: "https://young.example/1", externalId: `young-${turn}` });
      const { body } = await world.refer("parents", { externalId: "beside" });
      await world.as("advisor:amal.h", body.reference, "claim");
      await world.as("advisor:amal.h", body.reference, "reply", { text: "At once." });
      world.instance.worker.start();
      const arrived = () => ofForum("parents").some(({ data }) => data.text === "At once.");
      await vi.waitUntil(arrived, { timeout: 5_000, interval: 10 });
      const isReplied = async () => (await world.show(body.reference)).state === "replied";
      await vi.waitUntil(isReplied, { timeout: 5_000, interval: 10 });
      expect(ofForum("young").length).toBe(0);
    } finally {
      silent.closeAllConnections();
      silent.close();
    }
  }, 60_000);
});
