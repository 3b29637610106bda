import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createWorld, dayMs, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => world.nextMonday());

const sorry = "I want to die and I have a plan for tonight.";

/** A referral that was resolved, and whose window for reopening is over. */
async function over(body: Record<string, unknown> = {}, by = "advisor:amal.h"): Promise<string> {
  const { reference } = (await world.refer("parents", body)).body;
  expect((await world.as(by, reference, "claim")).status).toBe(200);
  if (by === "advisor:kit.w") {
    const close = { disposition: "no_capacity", result: "unknown", because: "Nobody is here." };
    expect((await world.as(by, reference, "close", close)).status).toBe(200);
  } else {
    await world.as(by, reference, "reply", { text: "Ring the helpline." });
    await world.settle();
    await world.as(by, reference, "resolve", { result: "helped" });
  }
  return reference;
}
async function again(reference: string, text = "It has come back."): Promise<string> {
  await world.pass(31 * dayMs);
  const event = { type: "followed_up", reference, text, saidBy: "member" };
  const { body } = await world.event("parents", event);
  return body.history.at(-1).as;
}

test("what is taken up after the window carries what was typed, to whoever has the new referral", async () => {
  const next = await again(await over());
  const shown = await world.show(next);
  expect(shown).toMatchObject({ state: "offered", pool: { slug: "uc" } });
  expect(shown.history.at(-1)).toMatchObject({ type: "referral.followed_up", text: "It has come back." });
  const { body } = await world.call("GET", `/v1/referrals/${next}`, await world.keyFor("advisor:bea.k"));
  expect(body.history.at(-1).text).toBe("It has come back.");
});

test("safety wording in what was typed diverts the new referral; no pool has it for a moment", async () => {
  const old = await over();
  await world.pass(31 * dayMs);
  const event = { type: "followed_up", reference: old, text: sorry, saidBy: "member" };
  const { body } = await world.event("parents", event);
  expect(body.advice.length).toBeGreaterThan(0);
  const shown = await world.show(body.history.at(-1).as);
  expect(shown).toMatchObject({ state: "diverted", pool: null });
  expect(shown.history.map(({ type }: { type: string }) => type)).toEqual([
    "referral.diverted",
    "referral.followed_up",
  ]);
});

test("what ended with safeguarding goes there again", async () => {
  const { reference } = (await world.refer("parents")).body;
  await world.as("advisor:amal.h", reference, "divert", { reason: "I am worried." });
  const close = { disposition: "diverted_urgent", result: "unknown" };
  expect((await world.as("person:safe.one", reference, "close", close)).status).toBe(200);
  expect(await world.show(await again(reference))).toMatchObject({ state: "diverted", pool: null });
});

test("a post that grew longer than an intake takes, because of what was masked, is taken up again", async () => {
  const next = await again(await over({ excerpt: "a@b.example ".repeat(330) }));
  expect(await world.show(next)).toMatchObject({ state: "offered" });
});

test("the board that decided the pool is kept", async () => {
  const next = await again(await over({ board: "press" }, "advisor:kit.w"));
  expect(await world.show(next)).toMatchObject({ pool: { slug: "cleared" } });
});

test("a post that was deleted stays hidden, and one that was edited reads as it was edited last", async () => {
  const [deleted, edited] = [await over(), await over()];
  await world.event("parents", { type: "post.deleted", reference: deleted, byMember: false });
  await world.event("parents", {
    type: "post.edited",
    reference: edited,
    excerpt: "It reads like this now.",
  });
  expect(await world.show(await again(deleted))).toMatchObject({ post: { deleted: true } });
  expect(await world.show(await again(edited))).toMatchObject({
    post: { excerpt: "It reads like this now." },
  });
});
