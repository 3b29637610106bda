import { afterAll, beforeAll, expect, test } from "vitest";
import { createWorld, dayMs, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

test("a deleted post is hidden with all that it was edited to", async () => {
  const { reference } = (await world.refer("parents")).body;
  const edited = "What it said in between.";
  await world.event("parents", { type: "post.edited", reference, excerpt: edited });
  expect(JSON.stringify(await world.show(reference))).toContain(edited);
  await world.event("parents", { type: "post.deleted", reference, byMember: false });
  for (const who of ["admin", "advisor:amal.h", "forum:parents"]) {
    const { body } = await world.call("GET", `/v1/referrals/${reference}`, await world.keyFor(who));
    expect(body.post).toEqual({ deleted: true });
    expect(body).not.toHaveProperty("doors");
    expect(JSON.stringify(body)).not.toContain(edited);
  }
});

test("nobody is nudged under a post that is gone", async () => {
  const { reference } = (await world.refer("parents")).body;
  await world.as("advisor:amal.h", reference, "claim");
  await world.as("advisor:amal.h", reference, "ask", { text: "Which month was it?" });
  await world.settle();
  const asked = () =>
    world.callbacks.filter(({ type, data }) => type === "referral.question" && data.reference === reference);
  expect(asked()).toHaveLength(1);
  await world.event("parents", { type: "post.deleted", reference, byMember: false });
  await world.pass(4 * dayMs);
  expect(asked()).toHaveLength(1);
  expect(await world.show(reference)).toMatchObject({ state: "waiting_member" });
});
