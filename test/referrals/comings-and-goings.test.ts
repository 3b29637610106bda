import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { exampleRegister } from "../support/example-register.ts";
import { createWorld, dayMs, hourMs, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.nextMonday();
  world.callbacks.length = 0;
});

/** The shared register with one of its entries changed. */
function registerWith(list: "pools" | "forums" | "advisors", key: string, change: object) {
  const register = exampleRegister("http://127.0.0.1:9");
  const entries: { slug?: string; id?: string }[] = register[list];
  return {
    [list]: entries
      .filter((entry) => (entry.slug ?? entry.id) === key)
      .map((entry) => ({ ...entry, ...change })),
  };
}
const today = () => world.clock.now().toISOString().slice(0, 10);

describe("a pool", () => {
  test("that closes hands its open referrals to its successor, outside the decline rates", async () => {
    const { body } = await world.refer("parents", {
      topic: "vaccination",
      excerpt: "When is the second jab?",
    });
    const claimed = (await world.refer("parents", { topic: "vaccination", excerpt: "And the third jab?" }))
      .body.reference;
    await world.as("advisor:jo.v", claimed, "claim");
    const closing = { closed: { on: today(), successor: "uc-second" } };
    expect((await world.apply(registerWith("pools", "jabs", closing))).status).toBe(200);
    for (const reference of [body.reference, claimed]) {
      const shown = await world.show(reference);
      expect(shown).toMatchObject({ state: "offered", pool: { slug: "uc-second" } });
      expect(shown.history.at(-1)).toMatchObject({ type: "referral.rerouted", reason: "pool-closed" });
    }
    const after = await world.refer("parents", { topic: "vaccination", excerpt: "A fourth jab?" });
    expect(after.body).toMatchObject({ state: "triage" });
    expect(after.body.routing.because).toContain("has closed");
    await world.apply(registerWith("pools", "jabs", {}));
  });

  test("that is renamed keeps its referrals", async () => {
    const { body } = await world.refer("parents");
    const renamed = registerWith("pools", "uc", { slug: "uc-first", formerly: ["uc"] });
    expect((await world.apply(renamed)).status).toBe(200);
    expect(await world.show(body.reference)).toMatchObject({ pool: { slug: "uc-first" } });
    expect((await world.as("advisor:amal.h", body.reference, "claim")).status).toBe(200);
    await world.apply(registerWith("pools", "uc", { formerly: ["uc-first"] }));
  });
});

test("an advisor who is removed leaves their work to the pool", async () => {
  const { body } = await world.refer("parents");
  await world.as("advisor:bea.k", body.reference, "claim");
  await world.apply(registerWith("advisors", "bea.k", { pools: ["jabs"] }));
  expect(await world.show(body.reference)).toMatchObject({ state: "offered", pool: { slug: "uc" } });
  expect((await world.as("advisor:bea.k", body.reference, "claim")).status).toBe(404);
  await world.apply(registerWith("advisors", "bea.k", {}));
});

describe("a forum", () => {
  test("whose model becomes none is refused at once; what is open is withdrawn, queued replies are cancelled", async () => {
    const { body } = await world.refer("parents");
    await world.as("advisor:amal.h", body.reference, "claim");
    await world.as("advisor:amal.h", body.reference, "reply", { text: "Too late." });
    const none = {
      intervention: { model: "none", agreedOn: "2026-06-01", agreedWith: "forum administrator" },
    };
    await world.apply(registerWith("forums", "parents", none));
    expect(await world.refer("parents")).toMatchObject({
      status: 403,
      body: { code: "forum/no-intervention" },
    });
    expect(await world.show(body.reference)).toMatchObject({
      state: "withdrawn",
      replies: [{ state: "cancelled" }],
    });
    expect(
      (await world.event("parents", { type: "member.withdrew", reference: body.reference })).status,
    ).toBe(409);
    await world.apply(registerWith("forums", "parents", {}));
    expect((await world.refer("parents")).status).toBe(201);
  });

  test("that leaves loses its secrets, and its open referrals are withdrawn", async () => {
    const { body } = await world.refer("young");
    const left = await world.call("POST", "/v1/forums/young/leave", await world.keyFor("operator:young"), {});
    expect(left.status).toBe(200);
    expect(await world.show(body.reference)).toMatchObject({ state: "withdrawn" });
    expect((await world.refer("young")).status).toBe(401);
    await world.pass(8 * dayMs);
    expect((await world.show(body.reference)).post).toBeNull();
  });
});

describe("a key leaks", () => {
  test("a forum's secret is replaced: the old one holds for a day, or not at all", async () => {
    const rotated = await world.call(
      "POST",
      "/v1/forums/parents/secrets",
      await world.keyFor("operator:parents"),
      {},
    );
    expect(rotated.body).toMatchObject({
      previousValidUntil: new Date(world.clock.now().getTime() + dayMs).toISOString(),
    });
    expect((await world.refer("parents")).status).toBe(201);
    world.clock.advance(25 * hourMs);
    expect((await world.refer("parents")).status).toBe(401);
  });

  test("an API key is revoked: dead at once, and what was done with it is told", async () => {
    const made = await world.call("POST", "/v1/keys", await world.keyFor("admin"), {
      name: "leaky",
      scopes: ["advisor:amal.h"],
    });
    const { id, key } = made.body;
    expect((await world.call("GET", "/v1/referrals", key)).status).toBe(200);
    const revoked = await world.call("DELETE", `/v1/keys/${id}`, await world.keyFor("admin"));
    expect(revoked.body).toMatchObject({ id, usedFor: { events: expect.any(Number) } });
    expect((await world.call("GET", "/v1/referrals", key)).status).toBe(401);
  });
});
