import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { eraseReferral } from "../../src/referrals/index.ts";
import { createWorld, minuteMs, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  world.setMood(null);
  await world.nextMonday();
  world.callbacks.length = 0;
});

const amal = "advisor:amal.h";
const triage = "person:sam.t";
const offered = async (): Promise<string> => (await world.refer("parents")).body.reference;
async function ofYoung(): Promise<string> {
  const { reference } = (await world.refer("young")).body;
  await world.event("young", { type: "member.consent", reference, given: true });
  return reference;
}
/** A referral of another forum that was merged into one that is claimed. */
async function merged(): Promise<{ target: string; origin: string }> {
  const [target, origin] = [await offered(), await ofYoung()];
  await world.as(amal, target, "claim");
  expect((await world.as(triage, origin, "merge", { into: target })).body.state).toBe("merged");
  await world.settle();
  return { target, origin };
}
async function answered(text = "The limit is £16,000.") {
  const both = await merged();
  await world.as(amal, both.target, "reply", { text });
  await world.settle();
  expect(await world.show(both.target)).toMatchObject({ state: "replied" });
  return { ...both, reply: (await world.show(both.target)).replies[0].id as string };
}
const told = (reference: string) =>
  world.callbacks
    .filter(({ data }) => data.reference === reference)
    .map(({ type, data }) => [type, data.text]);
const checked = async (reference: string) => {
  const [{ verify }] = (await world.show(reference)).replies;
  return (await world.call("GET", `/verify/${verify.code}`, null, undefined, { accept: "application/json" }))
    .body;
};

describe("when the other referral ends without an answer, what was merged into it stands for itself again", () => {
  test("withdrawn by its member", async () => {
    const { target, origin } = await merged();
    await world.event("parents", { type: "member.withdrew", reference: target });
    expect(await world.show(origin)).toMatchObject({ state: "offered", pool: { slug: "uc" } });
    await world.settle();
    expect(told(origin).at(-1)?.[0]).toBe("referral.offered");
    expect((await world.as(amal, origin, "claim")).status).toBe(200);
  });

  test("erased at its member's wish", async () => {
    const { target, origin } = await merged();
    await world.event("parents", { type: "post.deleted", reference: target, byMember: true });
    expect(await world.show(origin)).toMatchObject({ state: "offered" });
  });

  test("closed unanswered", async () => {
    const { target, origin } = await merged();
    const outcome = { disposition: "no_capacity", result: "unknown" };
    expect((await world.as(amal, target, "close", outcome)).status).toBe(200);
    expect(await world.show(origin)).toMatchObject({ state: "offered" });
  });

  test("erased by an administrator", async () => {
    const { target, origin } = await merged();
    await eraseReferral(world.instance.deps, target, "requested", { kind: "admin", keyId: "" });
    expect(await world.show(target)).toMatchObject({ state: "withdrawn" });
    expect(await world.show(origin)).toMatchObject({ state: "offered" });
  });

  test("but what was merged into that stays with it", async () => {
    const [target, second, first] = [await offered(), await offered(), await offered()];
    await world.as(triage, first, "merge", { into: second });
    await world.as(triage, second, "merge", { into: target });
    await world.event("parents", { type: "member.withdrew", reference: target });
    expect(await world.show(second)).toMatchObject({ state: "offered" });
    expect(await world.show(first)).toMatchObject({ state: "merged" });
  });

  test("one that has its answer keeps it", async () => {
    const { target, origin } = await answered();
    await world.event("parents", { type: "member.withdrew", reference: target });
    expect(await world.show(origin)).toMatchObject({ state: "merged", replies: [{ state: "delivered" }] });
  });
});

test("a member takes a referral back although it was merged", async () => {
  const { target, origin } = await merged();
  expect((await world.event("young", { type: "member.withdrew", reference: origin })).body.state).toBe(
    "withdrawn",
  );
  await world.as(amal, target, "reply", { text: "For one alone." });
  await world.settle();
  expect(told(origin).map(([type]) => type)).not.toContain("referral.replied");
});

test("a moderator takes a referral back although it was merged; a stranger to it does not", async () => {
  const { origin } = await merged();
  expect((await world.as(amal, origin, "withdraw")).status).toBe(403);
  expect(await world.show(origin)).toMatchObject({ state: "merged" });
  expect((await world.as("forum:young", origin, "withdraw")).body.state).toBe("withdrawn");
});

describe("an answer that several referrals had", () => {
  test("is corrected on every forum, and its code says so", async () => {
    const { target, origin, reply } = await answered();
    await world.as(amal, target, "correct", { reply, text: "The limit is £6,000." });
    await world.settle();
    expect(told(origin).at(-1)).toEqual(["referral.corrected", "The limit is £6,000."]);
    expect(await checked(origin)).toMatchObject({ status: "corrected", begins: "The limit is £6,000." });
  });

  test("is taken back on every forum, and its code says so", async () => {
    const { target, origin, reply } = await answered();
    await world.as(amal, target, "retract", { reply, reason: "It is wrong." });
    await world.settle();
    expect(told(origin).at(-1)?.[0]).toBe("referral.retracted");
    expect(await checked(origin)).toMatchObject({ status: "withdrawn" });
  });

  test("is cancelled for all of them while it has not left", async () => {
    const { target, origin } = await merged();
    const sent = await world.as(amal, target, "reply", { text: "Too early." });
    await world.as(amal, target, "retract", { reply: sent.body.replies[0].id, reason: "It is wrong." });
    await world.settle();
    expect(told(origin).map(([type]) => type)).not.toContain("referral.replied");
    expect(await world.show(origin)).toMatchObject({ state: "merged", replies: [{ state: "cancelled" }] });
  });

  test("is corrected too where it was given before they were merged", async () => {
    const { target, reply } = await answered();
    const late = await ofYoung();
    await world.as(triage, late, "merge", { into: target });
    await world.settle();
    await world.as(amal, target, "correct", { reply, text: "The limit is £6,000." });
    await world.settle();
    expect(await checked(late)).toMatchObject({ status: "corrected" });
  });
});

describe("an answer on its way", () => {
  /** As where the forum took the reply and its answer was lost. */
  async function forgetAnswer(reference: string): Promise<void> {
    const { prisma } = world.db;
    const referral = { reference };
    await prisma.reply.updateMany({ where: { referral }, data: { state: "queued", deliveredAt: null } });
    await prisma.delivery.updateMany({
      where: { referral, notice: "referral.replied" },
      data: { state: "unknown", settledAt: null, nextAt: world.clock.now() },
    });
    world.callbacks.length = 0;
  }

  test("whose correction the forum has yet to take goes to what is merged later in the new words", async () => {
    const { target, reply } = await answered();
    const late = await ofYoung();
    await world.as(amal, target, "correct", { reply, text: "The limit is £6,000." });
    await world.as(triage, late, "merge", { into: target });
    await world.settle();
    expect(told(late).at(-1)).toEqual(["referral.replied", "The limit is £6,000."]);
  });

  test("that may have arrived is taken back once it has, and its referral stands for itself again", async () => {
    const { target, origin, reply } = await answered();
    await forgetAnswer(origin);
    await world.as(amal, target, "retract", { reply, reason: "It is wrong." });
    expect((await world.show(origin)).replies).toMatchObject([{ state: "queued" }]);
    await world.pass(10 * minuteMs);
    const types = told(origin).map(([type]) => type);
    expect(types.slice(types.indexOf("referral.replied"))).toEqual([
      "referral.replied",
      "referral.retracted",
    ]);
    expect((await world.show(origin)).replies).toMatchObject([{ state: "withdrawn" }]);
  });
});

test("an answer that is taken back after the other referral ended leaves nobody merged without one", async () => {
  const { target, origin, reply } = await answered();
  await world.as(amal, target, "resolve", { result: "helped" });
  expect((await world.as(amal, target, "retract", { reply, reason: "It is wrong." })).status).toBe(200);
  expect(await world.show(origin)).toMatchObject({ state: "offered" });
});

test("whoever answers is told every forum and reference that the answer goes to", async () => {
  const { target, origin } = await merged();
  const origins = [{ reference: origin, forum: { slug: "young", name: "Example forum of young people" } }];
  const key = await world.keyFor(amal);
  const check = await world.call("POST", `/v1/referrals/${target}/check`, key, {
    text: "Ask for an advance.",
  });
  expect(check.body).toMatchObject({ origins });
  expect((await world.call("GET", `/v1/referrals/${target}`, key)).body).toMatchObject({ origins });
  const forum = await world.call("GET", `/v1/referrals/${target}`, await world.keyFor("forum:parents"));
  expect(forum.body.origins).toBeUndefined();
  const theirs = await world.call(
    "POST",
    `/v1/referrals/${target}/check`,
    await world.keyFor("forum:parents"),
    {
      text: "Ask for an advance.",
    },
  );
  expect(theirs.body.origins).toEqual([]);
});
