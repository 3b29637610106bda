import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { exampleRegister } from "../support/example-register.ts";
import { createWorld, dayMs, hourMs, minuteMs, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.nextMonday();
  await agree({});
  await withPool("uc", {});
});

const agreed = { model: "referral", agreedOn: "2026-01-05", agreedWith: "forum administrator" };
const entryOf = <Entry extends { slug: string }>(list: readonly Entry[], slug: string) =>
  list.filter((entry) => entry.slug === slug);

/** What the parents' forum agreed with single departments. */
async function agree(perDepartment: Record<string, string>, slug = "parents"): Promise<void> {
  const register = (await world.call("GET", "/v1/register", await world.keyFor("admin"))).body;
  const forums = entryOf(register.forums as { slug: string }[], slug);
  const intervention = { ...agreed, perDepartment };
  const { status } = await world.apply({ forums: forums.map((forum) => ({ ...forum, intervention })) });
  expect(status).toBe(200);
}
async function withPool(slug: string, change: object): Promise<void> {
  const pools = entryOf(exampleRegister("http://unused.example").pools, slug);
  const { status } = await world.apply({
    pools: pools.map((pool) => ({ ...pool, ...change })),
  });
  expect(status).toBe(200);
}
const refer = async (body: object = {}): Promise<string> =>
  (await world.refer("parents", { ...body })).body.reference;
const state = (reference: string) => world.show(reference);
const triaged = { state: "triage", pool: null };

test("a decline to a department that the forum agreed nothing with goes to triage", async () => {
  const reference = await refer();
  await agree({ health: "none" });
  const declined = await world.as("advisor:amal.h", reference, "decline", {
    reason: "not-ours",
    likelyOwner: "jabs",
  });
  expect(declined.status).toBe(200);
  expect(await state(reference)).toMatchObject(triaged);
});

test("a referral is rerouted to no department that the forum agreed nothing with", async () => {
  const reference = await refer();
  await agree({ health: "none" });
  const body = { pool: "jabs", because: "It is about vaccinations." };
  expect(await world.as("advisor:lee.d", reference, "reroute", body)).toMatchObject({
    status: 403,
    body: { code: "forum/no-intervention" },
  });
  expect(await state(reference)).toMatchObject({ state: "offered", pool: { slug: "uc" } });
});

test("an escalation skips a department that the forum agreed nothing with, and says so", async () => {
  await withPool("uc", { escalateTo: ["jabs", "uc-second"] });
  await agree({ health: "none" });
  const reference = await refer();
  await world.pass(2 * hourMs + minuteMs);
  const shown = await state(reference);
  expect(shown).toMatchObject({ state: "offered", pool: { slug: "uc-second" } });
  expect(shown.history.at(-1)).toMatchObject({ skipped: [{ pool: "jabs", reason: "not-agreed" }] });
});

test("what a closed pool had goes to triage where its successor's department agreed nothing with the forum", async () => {
  await agree({ health: "none" });
  const reference = await refer();
  await withPool("uc", { closed: { on: world.clock.now().toISOString().slice(0, 10), successor: "jabs" } });
  expect(await state(reference)).toMatchObject(triaged);
});

test("what is reopened goes to triage where the department agreed nothing any more", async () => {
  const reference = await refer();
  await world.as("advisor:amal.h", reference, "claim");
  await world.as("advisor:amal.h", reference, "reply", { text: "Ring the helpline." });
  await world.settle();
  await world.as("advisor:amal.h", reference, "resolve", { result: "helped" });
  await agree({ dwp: "none", health: "referral" });
  const again = { type: "followed_up", reference, text: "It came back.", saidBy: "moderator" };
  expect((await world.event("parents", again)).status).toBe(200);
  expect(await state(reference)).toMatchObject(triaged);
});

test("an answer is not posted on the forum of a merged referral that agreed nothing with the department", async () => {
  const first = await refer();
  const second = (await world.refer("young")).body.reference;
  await world.event("young", { type: "member.consent", reference: second, given: true });
  await world.as("person:sam.t", second, "merge", { into: first });
  await agree({ dwp: "none" }, "young");
  await world.as("advisor:amal.h", first, "claim");
  await world.as("advisor:amal.h", first, "reply", { text: "The answer for one of them." });
  await world.settle();
  expect(await state(first)).toMatchObject({ state: "replied" });
  const shown = await state(second);
  expect(shown).toMatchObject({ state: "merged", replies: [] });
  expect(shown.history.at(-1)).toMatchObject({ type: "reply.withheld", reason: "not-agreed" });
  await agree({}, "young");
});

test("an answer is not posted on the forum of a merged referral whose post was deleted", async () => {
  const [first, second] = [await refer(), await refer()];
  await world.as("person:sam.t", second, "merge", { into: first });
  await world.event("parents", { type: "post.deleted", reference: second, byMember: false });
  await world.as("advisor:amal.h", first, "claim");
  await world.as("advisor:amal.h", first, "reply", { text: "The answer for one of them." });
  await world.settle();
  const shown = await state(second);
  expect(shown.replies).toEqual([]);
  expect(shown.history.at(-1)).toMatchObject({ type: "reply.withheld", reason: "post-deleted" });
});

test("a forum that agreed to nothing any more reopens nothing", async () => {
  const reference = await refer();
  await world.as("advisor:amal.h", reference, "claim");
  await world.as("advisor:amal.h", reference, "reply", { text: "Ring the helpline." });
  await world.settle();
  await world.as("advisor:amal.h", reference, "resolve", { result: "helped" });
  const { forums } = (await world.call("GET", "/v1/register", await world.keyFor("admin"))).body;
  const parents = entryOf(forums as { slug: string }[], "parents");
  await world.apply({
    forums: parents.map((forum) => ({ ...forum, intervention: { ...agreed, model: "none" } })),
  });
  const again = { type: "followed_up", reference, text: "It came back.", saidBy: "moderator" };
  expect(await world.event("parents", again)).toMatchObject({
    status: 403,
    body: { code: "forum/no-intervention" },
  });
  expect(await state(reference)).toMatchObject({ state: "resolved" });
  await world.pass(31 * dayMs);
  expect((await world.event("parents", again)).body.code).toBe("forum/no-intervention");
});
