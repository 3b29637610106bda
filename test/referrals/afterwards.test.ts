import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { exampleRegister } from "../support/example-register.ts";
import { createWorld, dayMs, hourMs, minuteMs, type World } from "../support/world.ts";

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
async function claimed(body: Record<string, unknown> = {}, by = amal): Promise<string> {
  const { reference } = (await world.refer("parents", body)).body;
  expect((await world.as(by, reference, "claim")).status).toBe(200);
  await world.settle();
  return reference;
}
async function replied(): Promise<{ reference: string; reply: string }> {
  const reference = await claimed();
  await world.as(amal, reference, "reply", { text: "The limit is £16,000." });
  await world.settle();
  return { reference, reply: (await world.show(reference)).replies[0].id };
}
const typesOf = async (reference: string): Promise<string[]> =>
  (await world.show(reference)).history.map(({ type }: { type: string }) => type);

describe("a diverted referral", () => {
  test("calls the second contact next, although its pool had escalated it before", async () => {
    const { reference } = (await world.refer("parents")).body;
    await world.pass(2 * hourMs + minuteMs);
    expect((await world.show(reference)).pool.slug).toBe("uc-second");
    await world.as("advisor:noor.s", reference, "divert", { reason: "They may be in danger." });
    await world.pass(15 * minuteMs);
    const { history } = await world.show(reference);
    expect(history.findLast(({ type }: { type: string }) => type === "referral.unacknowledged").contact).toBe(
      "safe.two",
    );
  });

  test("that is diverted once more stays acknowledged", async () => {
    const reference = await claimed();
    await world.as(amal, reference, "divert", { reason: "They may be in danger." });
    await world.as("person:safe.one", reference, "acknowledge");
    expect((await world.as("forum:parents", reference, "divert", { reason: "Please look." })).status).toBe(
      200,
    );
    await world.pass(hourMs);
    expect(await world.show(reference)).toMatchObject({ state: "diverted", next: { dueAt: null } });
    expect(await typesOf(reference)).not.toContain("referral.unacknowledged");
  });
});

describe("a reply on its way", () => {
  const amalIn = (pools: string[]) =>
    world.apply({
      advisors: exampleRegister("http://127.0.0.1:9")
        .advisors.filter(({ id }) => id === "amal.h")
        .map((advisor) => ({ ...advisor, pools })),
    });

  test("keeps its referral although its advisor is removed, until the forum has it", async () => {
    const reference = await claimed();
    world.setMood({ status: 503 });
    await world.as(amal, reference, "reply", { text: "Ask for an advance." });
    await world.settle();
    await amalIn(["jabs"]);
    expect((await world.show(reference)).state).toBe("claimed");
    world.setMood(null);
    await world.pass(hourMs);
    expect(await typesOf(reference)).toContain("referral.replied");
    await amalIn(["uc"]);
  });

  test("that arrives after its referral was merged counts as its first answer", async () => {
    const [first, second] = [await claimed(), (await world.refer("parents")).body.reference];
    await world.as("person:sam.t", second, "merge", { into: first });
    await world.as(amal, first, "reply", { text: "For both." });
    await world.settle();
    const row = await world.db.prisma.referral.findUniqueOrThrow({ where: { reference: second } });
    expect(row.firstRepliedAt).not.toBeNull();
  });
});

describe("a correction or a retraction that does not reach the forum", () => {
  const park = (notice: string) =>
    world.db.prisma.delivery.updateMany({
      where: { notice, settledAt: null },
      data: { createdAt: new Date(world.clock.now().getTime() - 6 * dayMs) },
    });

  test("is told to its advisor", async () => {
    const { reference, reply } = await replied();
    world.setMood({ status: 503 });
    await world.as(amal, reference, "correct", { reply, text: "The limit is £6,000." });
    await park("referral.corrected");
    await world.settle();
    expect(await typesOf(reference)).toContain("correction.failed");
    await world.as(amal, reference, "retract", { reply, reason: "It is wrong." });
    await park("referral.retracted");
    await world.settle();
    expect(await typesOf(reference)).toContain("retraction.failed");
  });
});

describe("a draft", () => {
  async function drafted(text: string, reference: string): Promise<string> {
    const sent = await world.as("advisor:kit.w", reference, "draft", { text, clearer: "cleo.c" });
    expect(sent.body.state).toBe("waiting_clearance");
    return sent.body.replies.at(-1).id;
  }
  const review = (reference: string, draft: string, decision: string) =>
    world.as("person:cleo.c", reference, "review", { draft, decision });

  test("that was recalled or returned is approved by nobody, and the one that waits goes on waiting", async () => {
    const reference = await claimed({ board: "press" }, "advisor:kit.w");
    const recalled = await drafted("Recalled.", reference);
    await world.as("advisor:kit.w", reference, "recall", { draft: recalled });
    expect((await review(reference, recalled, "approve")).status).toBe(404);
    const returned = await drafted("Returned.", reference);
    expect((await review(reference, returned, "return")).status).toBe(200);
    const pending = await drafted("Better.", reference);
    for (const old of [recalled, returned])
      expect((await review(reference, old, "approve")).status).toBe(404);
    expect((await world.show(reference)).state).toBe("waiting_clearance");
    expect((await review(reference, pending, "approve")).body.state).toBe("claimed");
  });
});

test("a reply that the forum shows again is not removed any more", async () => {
  const { reference } = await replied();
  await world.event("parents", { type: "reply.removed", reference });
  await world.event("parents", { type: "reply.posted", reference, url: "https://parents.example/again" });
  const [{ verify }] = (await world.show(reference)).replies;
  const json = { accept: "application/json" };
  expect((await world.call("GET", `/verify/${verify.code}`, null, undefined, json)).body.status).toBe(
    "current",
  );
});

test("whoever runs a forum and clears replies elsewhere sees that forum's referrals as the forum does", async () => {
  await world.apply({
    people: [{ id: "olive.p", name: "Olive P.", roles: ["operator:parents", "clearer:cleared"] }],
  });
  const key = await world.keyFor("person:olive.p");
  const seen = async (reference: string) => (await world.call("GET", `/v1/referrals/${reference}`, key)).body;
  const theirs = await claimed({ note: "Between ourselves." });
  expect(await seen(theirs)).toMatchObject({
    state: "claimed",
    post: expect.not.objectContaining({ note: expect.anything() }),
  });
  expect((await seen(theirs)).next.advisor).toBeUndefined();
  const cleared = await claimed({ board: "press", note: "Between ourselves." }, "advisor:kit.w");
  expect(await seen(cleared)).toMatchObject({
    post: { note: "Between ourselves." },
    next: { advisor: "kit.w" },
  });
});
