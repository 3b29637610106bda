import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createWorld, dayMs, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(() => world.nextMonday());

async function claimed(): Promise<string> {
  const { reference } = (await world.refer("parents")).body;
  await world.as("advisor:amal.h", reference, "claim");
  return reference;
}
const read = async (reference: string, who: string) =>
  (await world.call("GET", `/v1/referrals/${reference}`, await world.keyFor(who))).body;

test("whoever answers, follows up or reports an edit learns what was masked in it", async () => {
  const reference = await claimed();
  const edit = { type: "post.edited", reference, excerpt: "Ring me on 07700 900123." };
  expect((await world.event("parents", edit)).body.masked).toEqual(["phone"]);
  await world.as("advisor:amal.h", reference, "ask", { text: "Which month was it?" });
  await world.settle();
  const answer = { type: "member.answered", reference, text: "May. I am at someone@example.com." };
  expect((await world.event("parents", answer)).body.masked).toEqual(["phone", "email"]);
  await world.as("advisor:amal.h", reference, "reply", { text: "Ring the helpline." });
  await world.settle();
  const more = { type: "followed_up", reference, text: "I live at SW1A 1AA.", saidBy: "member" };
  expect((await world.event("parents", more)).body.masked).toEqual(
    expect.arrayContaining(["phone", "postcode"]),
  );
});

test("a reply that no forum could show is kept as well", async () => {
  const reference = await claimed();
  const text = "Open <b>this</b> page.";
  expect((await world.as("advisor:amal.h", reference, "reply", { text })).status).toBe(422);
  expect((await read(reference, "advisor:amal.h")).kept).toMatchObject([{ verb: "reply", text }]);
});

test("nobody in government is given the page on which a member speaks for themselves", async () => {
  const reference = await claimed();
  for (const who of ["advisor:amal.h", "admin", "person:sam.t"])
    expect((await read(reference, who)).links).not.toHaveProperty("member");
  expect((await read(reference, "forum:parents")).links.member).toContain("/m/");
});

test("a refused text is its author's to read for seven days, and nobody else's", async () => {
  const reference = await claimed();
  const text = "Ring the helpline on 0800 328 5644.";
  expect((await world.as("advisor:bea.k", reference, "reply", { text })).status).toBe(403);
  const at = world.clock.now().toISOString();
  expect((await read(reference, "advisor:bea.k")).kept).toEqual([{ verb: "reply", text, at }]);
  for (const who of ["advisor:amal.h", "advisor:lee.d", "admin", "forum:parents", "person:sam.t"])
    expect(await read(reference, who)).not.toHaveProperty("kept");
  world.clock.advance(7 * dayMs);
  expect(await read(reference, "advisor:bea.k")).not.toHaveProperty("kept");
});
