import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
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

const sorry = { excerpt: "I want to die and I have a plan for tonight." };

async function offered(body: Record<string, unknown> = {}): Promise<string> {
  const referred = await world.refer("parents", body);
  expect(referred).toMatchObject({ status: 201, body: { state: "offered" } });
  return referred.body.reference;
}
async function claimed(by = "advisor:amal.h"): Promise<string> {
  const reference = await offered();
  expect((await world.as(by, reference, "claim")).status).toBe(200);
  return reference;
}
async function replied(text = "Ring the Universal Credit helpline on 0800 328 5644."): Promise<string> {
  const reference = await claimed();
  expect((await world.as("advisor:amal.h", reference, "reply", { text })).status).toBe(202);
  await world.settle();
  expect((await world.show(reference)).state).toBe("replied");
  return reference;
}
async function waiting(): Promise<string> {
  const reference = await claimed();
  expect((await world.as("advisor:amal.h", reference, "ask", { text: "Which month was it?" })).status).toBe(
    202,
  );
  await world.settle();
  expect((await world.show(reference)).state).toBe("waiting_member");
  return reference;
}
const told = (reference: string) =>
  world.callbacks.filter(({ data }) => data.reference === reference).map(({ type }) => type);
const contentOf = async (reference: string) =>
  world.db.prisma.referral.findFirstOrThrow({
    where: { reference },
    select: { content: true, erasedAt: true },
  });

describe("consent", () => {
  test("the member says yes", async () => {
    const { body } = await world.refer("young");
    expect(body).toMatchObject({
      state: "awaiting_consent",
      pool: null,
      next: { owner: "member", clock: "consent" },
    });
    await world.settle();
    expect(world.callbacks.find(({ type }) => type === "referral.consent_requested")?.data).toMatchObject({
      ask: expect.stringContaining("say no"),
      memberLink: expect.stringContaining("/m/"),
    });
    world.clock.advance(hourMs);
    const given = await world.event("young", {
      type: "member.consent",
      reference: body.reference,
      given: true,
    });
    expect(given.body).toMatchObject({
      state: "offered",
      next: { dueAt: new Date(world.clock.now().getTime() + 2 * hourMs).toISOString() },
    });
  });

  test("the member says no", async () => {
    const { body } = await world.refer("young");
    const refused = await world.event("young", {
      type: "member.consent",
      reference: body.reference,
      given: false,
    });
    expect(refused.body).toMatchObject({ state: "withdrawn" });
    expect(await contentOf(body.reference)).toMatchObject({ content: null, erasedAt: expect.any(Date) });
    await world.settle();
    expect(told(body.reference)).toContain("redact");
  });

  test("the member never answers", async () => {
    const { body } = await world.refer("young");
    await world.pass(7 * dayMs + minuteMs);
    expect(await world.show(body.reference)).toMatchObject({ state: "withdrawn" });
    expect((await contentOf(body.reference)).content).toBeNull();
  });

  test("a moderator's key cannot say yes for the member", async () => {
    const { body } = await world.refer("young");
    const key = await world.keyFor("forum:young");
    const path = `/v1/referrals/${body.reference}/consent`;
    const said = (saidBy: string) => world.call("POST", path, key, { given: true, saidBy });
    expect(await said("member")).toMatchObject({ status: 403, body: { code: "outcome/said-by-another" } });
    expect((await said("moderator")).status).toBe(403);
  });
});

describe("an advisor falls ill", () => {
  test("after claiming: the claim lapses after eight hours of service and the pool has it again", async () => {
    const reference = await claimed();
    await world.pass(7 * hourMs);
    expect((await world.show(reference)).state).toBe("claimed");
    await world.pass(dayMs);
    const shown = await world.show(reference);
    expect(shown.history.map(({ type }: { type: string }) => type)).toContain("referral.lapsed");
    expect(shown).toMatchObject({ pool: expect.objectContaining({ slug: expect.stringMatching(/^uc/) }) });
  });

  test("while waiting: a lead releases it, the drafts go along", async () => {
    const reference = await waiting();
    const released = await world.as("advisor:lee.d", reference, "release", { reason: "Amal is ill" });
    expect(released.body).toMatchObject({ state: "offered" });
    expect((await world.as("advisor:bea.k", reference, "claim")).status).toBe(200);
  });
});

test("a reply fails and a lapse falls due: the lapse waits, then the advisor is told and the referral stays claimed", async () => {
  const reference = await claimed();
  await world.settle();
  world.setMood({ status: 500 });
  await world.as("advisor:amal.h", reference, "reply", { text: "Here is the answer." });
  await world.pass(2 * dayMs);
  expect(await world.show(reference)).toMatchObject({ state: "claimed", replies: [{ state: "queued" }] });
  for (let day = 0; day < 5; day += 1) await world.pass(dayMs);
  const failed = await world.show(reference);
  expect(failed.replies[0].state).toBe("failed");
  expect(failed.history.map(({ type }: { type: string }) => type)).toContain("reply.failed");
  world.setMood(null);
});

describe("the post", () => {
  test("a post is edited: the new text stands beside the old, masked", async () => {
    const reference = await claimed();
    await world.event("parents", {
      type: "post.edited",
      reference,
      excerpt: "Ring me on 07700 900123 please",
    });
    const shown = await world.show(reference);
    expect(shown.masked).toContain("phone");
    expect(shown.state).toBe("claimed");
    expect(shown.post.edits).toEqual([expect.not.stringContaining("07700")]);
  });

  test("a post is deleted by a moderator: hidden, a queued reply is held back, nothing is posted", async () => {
    const reference = await claimed();
    await world.as("advisor:amal.h", reference, "reply", { text: "An answer to nothing." });
    world.clock.advance(1000);
    await world.event("parents", { type: "post.deleted", reference, byMember: false });
    await world.settle();
    expect(told(reference)).not.toContain("referral.replied");
    expect(await world.show(reference)).toMatchObject({ state: "claimed", post: { deleted: true } });
  });

  test("a post is deleted by the member: withdrawn and erased", async () => {
    const reference = await claimed();
    await world.event("parents", { type: "post.deleted", reference, byMember: true });
    expect(await world.show(reference)).toMatchObject({ state: "withdrawn", post: null });
    expect((await contentOf(reference)).content).toBeNull();
  });
});

test("two forums ask the same question: merged, one answer reaches both, and each keeps its reference", async () => {
  const first = await offered();
  const second = (await world.refer("young")).body.reference;
  await world.event("young", { type: "member.consent", reference: second, given: true });
  expect((await world.as("person:sam.t", second, "merge", { into: first })).body).toMatchObject({
    state: "merged",
  });
  await world.as("advisor:amal.h", first, "claim");
  await world.as("advisor:amal.h", first, "reply", { text: "The same answer for both." });
  await world.settle();
  const answers = world.callbacks.filter(({ type }) => type === "referral.replied");
  expect(answers.map(({ forum, data }) => [forum, data.reference])).toEqual([
    ["parents", first],
    ["young", second],
  ]);
  expect(new Set(answers.map(({ data }) => (data as { verify?: { code: string } }).verify?.code)).size).toBe(
    2,
  );
  expect((await world.as("person:sam.t", second, "split")).body).toMatchObject({ state: "offered" });
});

test("a referral merged into one that is answered gets that answer, and so does what was merged into it before", async () => {
  const [first, second, third] = [await claimed(), await offered(), await offered()];
  await world.as("advisor:amal.h", first, "reply", { text: "Answered before the others came." });
  await world.settle();
  await world.as("person:sam.t", third, "merge", { into: second });
  expect((await world.as("person:sam.t", second, "merge", { into: first })).body.replies).toMatchObject([
    { state: "queued" },
  ]);
  await world.settle();
  const texts = world.callbacks
    .filter(
      ({ type, data }) => type === "referral.replied" && [first, second, third].includes(data.reference),
    )
    .map(({ data }) => [data.reference, data.text]);
  expect(texts.sort()).toEqual(
    [first, second, third].map((reference) => [reference, "Answered before the others came."]).sort(),
  );
  for (const reference of [second, third])
    expect(await world.show(reference)).toMatchObject({ state: "merged", replies: [{ state: "delivered" }] });
});

describe("self-harm wording", () => {
  test("at birth: advice at once, diverted, no copy in any pool", async () => {
    const { status, body } = await world.refer("parents", sorry);
    expect(status).toBe(201);
    expect(body).toMatchObject({ state: "diverted", pool: null });
    expect(body.advice.length).toBeGreaterThan(0);
    expect((await world.as("advisor:amal.h", body.reference, "claim")).status).toBe(404);
    await world.pass(15 * minuteMs);
    await world.pass(15 * minuteMs);
    const rung = (await world.show(body.reference)).history.filter(
      ({ type }: { type: string }) => type === "referral.unacknowledged",
    );
    expect(rung.map(({ contact }: { contact: string }) => contact)).toEqual(["safe.two", "administrator"]);
    expect((await world.as("person:safe.one", body.reference, "acknowledge")).status).toBe(200);
    await world.pass(hourMs);
    expect((await world.show(body.reference)).next.dueAt).toBeNull();
    expect(
      (await world.as("person:safe.one", body.reference, "stand-down", { reason: "a song" })).body.state,
    ).toBe("triage");
  });

  test("in a later answer: taken from the pool, whose copy is blanked", async () => {
    const reference = await waiting();
    const answered = await world.event("parents", {
      type: "member.answered",
      reference,
      text: sorry.excerpt,
    });
    expect(answered.body).toMatchObject({ state: "diverted" });
    expect(answered.body.advice.length).toBeGreaterThan(0);
    expect((await world.as("advisor:amal.h", reference, "note", { text: "x" })).status).toBe(404);
  });

  test("on a forum that wants no intervention: refused, with the advice", async () => {
    const refused = await world.refer("quiet", sorry);
    expect(refused).toMatchObject({ status: 403, body: { code: "forum/no-intervention" } });
    expect(refused.body.advice.length).toBeGreaterThan(0);
  });
});

describe("a withdrawal", () => {
  test("while a reply is queued: cancelled, nothing is sent", async () => {
    const reference = await claimed();
    await world.as("advisor:amal.h", reference, "reply", { text: "Too late." });
    expect((await world.event("parents", { type: "member.withdrew", reference })).body.state).toBe(
      "withdrawn",
    );
    await world.settle();
    expect(told(reference)).toEqual(["referral.offered", "referral.claimed", "referral.withdrawn"]);
    expect((await world.show(reference)).state).toBe("withdrawn");
  });

  test("while a reply is leased: the confirmation marks the reply, not the referral", async () => {
    const reference = await claimed();
    await world.as("advisor:amal.h", reference, "reply", { text: "On its way." });
    const { id } = await world.db.prisma.referral.findFirstOrThrow({ where: { reference } });
    const leaseUntil = new Date(world.clock.now().getTime() + 30_000);
    await world.db.prisma.delivery.updateMany({
      where: { referralId: id, notice: "referral.replied" },
      data: { state: "leased", leasedBy: "another instance", leaseUntil },
    });
    await world.event("parents", { type: "member.withdrew", reference });
    await world.pass(minuteMs);
    const shown = await world.show(reference);
    expect(shown).toMatchObject({ state: "withdrawn", replies: [{ state: "delivered" }] });
    expect(told(reference)).toContain("referral.retracted");
  });

  test("while a reply's fate is unknown: recorded, and settled by looking again", async () => {
    const reference = await claimed();
    await world.as("advisor:amal.h", reference, "reply", { text: "Into the dark." });
    world.setMood("reset");
    await world.instance.worker.tick();
    await world.instance.worker.tick();
    await world.instance.worker.tick();
    await world.event("parents", { type: "member.withdrew", reference });
    world.setMood(null);
    await world.pass(10 * minuteMs);
    expect((await world.show(reference)).state).toBe("withdrawn");
  });
});

describe("clearance", () => {
  async function drafted(): Promise<{ reference: string; draft: string }> {
    const { body } = await world.refer("parents", { board: "press" });
    expect(body.pool.slug).toBe("cleared");
    await world.as("advisor:kit.w", body.reference, "claim");
    expect(await world.as("advisor:kit.w", body.reference, "reply", { text: "x" })).toMatchObject({
      status: 409,
      body: { code: "reply/clearance-needed" },
    });
    const sent = await world.as("advisor:kit.w", body.reference, "draft", {
      text: "A careful answer.",
      clearer: "cleo.c",
    });
    expect(sent.body).toMatchObject({ state: "waiting_clearance" });
    return { reference: body.reference, draft: sent.body.replies[0].id };
  }

  test("clearance returned, then approved: what leaves is the approved text", async () => {
    const { reference, draft } = await drafted();
    expect(
      (await world.as("advisor:kit.w", reference, "review", { draft, decision: "approve" })).status,
    ).toBe(403);
    expect(
      (await world.as("person:cleo.c", reference, "review", { draft, decision: "return", note: "Softer." }))
        .body.state,
    ).toBe("claimed");
    expect((await world.as("advisor:kit.w", reference, "reply", { draft })).body.code).toBe(
      "reply/not-approved",
    );
    const again = await world.as("advisor:kit.w", reference, "draft", {
      text: "A softer answer.",
      clearer: "cleo.c",
    });
    const second = again.body.replies.at(-1).id;
    await world.as("person:cleo.c", reference, "review", { draft: second, decision: "approve" });
    expect((await world.as("advisor:kit.w", reference, "reply", { draft: second })).status).toBe(202);
    await world.settle();
    const sent = world.callbacks.find(
      ({ type, data }) => type === "referral.replied" && data.reference === reference,
    );
    expect(sent?.data.text).toBe("A softer answer.");
  });

  test("the clearer is away: another is named, or the draft recalled", async () => {
    const { reference, draft } = await drafted();
    expect(
      (await world.as("advisor:max.p", reference, "reassign-clearance", { draft, clearer: "cy.c" })).status,
    ).toBe(200);
    expect(
      (await world.as("person:cleo.c", reference, "review", { draft, decision: "approve" })).status,
    ).toBe(403);
    expect((await world.as("advisor:kit.w", reference, "recall", { draft })).body.state).toBe("claimed");
  });
});

describe("after the reply", () => {
  test("a follow-up returns it to its advisor", async () => {
    const reference = await replied();
    const followed = await world.event("parents", {
      type: "followed_up",
      reference,
      text: "And in Wales?",
      saidBy: "member",
    });
    expect(followed.body).toMatchObject({ state: "claimed" });
    expect((await world.show(reference)).next.advisor).toBe("amal.h");
  });

  test("a follow-up after resolution reopens it, and keeps its clocks", async () => {
    const reference = await replied();
    await world.as("advisor:amal.h", reference, "resolve", { result: "helped" });
    const before = await world.db.prisma.referral.findFirstOrThrow({ where: { reference } });
    const followed = await world.event("parents", {
      type: "followed_up",
      reference,
      text: "It came back.",
      saidBy: "moderator",
    });
    expect(followed.body).toMatchObject({ state: "claimed" });
    const after = await world.db.prisma.referral.findFirstOrThrow({ where: { reference } });
    expect(after.resolveDueAt).toEqual(before.resolveDueAt);
    expect(after.submittedAt).toEqual(before.submittedAt);
  });

  test("the member says helped after the timer closed it: resolved, as said by the member", async () => {
    const reference = await replied();
    await world.pass(7 * dayMs + minuteMs);
    expect(await world.show(reference)).toMatchObject({
      state: "closed",
      outcome: { result: "unknown", saidBy: "nobody" },
    });
    await world.event("parents", { type: "feedback", reference, result: "helped", saidBy: "member" });
    expect(await world.show(reference)).toMatchObject({
      state: "resolved",
      outcome: { result: "helped", saidBy: "member" },
    });
  });

  test("it did not help: back to its advisor", async () => {
    const reference = await replied();
    await world.event("parents", { type: "feedback", reference, result: "not_helped", saidBy: "member" });
    expect((await world.show(reference)).state).toBe("claimed");
  });

  test("a wrong text was sent: corrected in place, then retracted, and the code says so", async () => {
    const reference = await replied("The limit is £16,000.");
    const [reply] = (await world.show(reference)).replies;
    expect(
      (
        await world.as("advisor:amal.h", reference, "correct", {
          reply: reply.id,
          text: "The limit is £6,000.",
        })
      ).status,
    ).toBe(202);
    await world.settle();
    expect((await world.show(reference)).replies[0]).toMatchObject({
      state: "corrected",
      text: "The limit is £6,000.",
      verify: reply.verify,
    });
    const retracted = await world.as("advisor:amal.h", reference, "retract", {
      reply: reply.id,
      reason: "wrong again",
    });
    expect(retracted.body).toMatchObject({ state: "claimed", replies: [{ state: "withdrawn" }] });
    await world.settle();
    expect(told(reference).slice(-2)).toEqual(["referral.corrected", "referral.retracted"]);
  });

  test("nobody speaks for another: an advisor's word is the advisor's, the member's is added beside it", async () => {
    const reference = await replied();
    const path = ["advisor:amal.h", reference, "resolve"] as const;
    expect((await world.as(...path, { result: "helped", saidBy: "member" })).body.code).toBe(
      "outcome/said-by-another",
    );
    expect((await world.as(...path, {})).body.code).toBe("outcome/incomplete");
    await world.as(...path, { result: "helped" });
    await world.event("parents", { type: "feedback", reference, result: "partly_helped", saidBy: "member" });
    const { outcome } = await world.show(reference);
    expect(outcome).toMatchObject({ result: "helped", saidBy: "advisor" });
    expect(outcome.feedback.map(({ saidBy }: { saidBy: string }) => saidBy)).toEqual(["advisor", "member"]);
  });
});

test("nobody ever claims: escalated along the chain, then triage, then closed with a reason, never by a timer", async () => {
  const reference = await offered();
  await world.pass(2 * hourMs + minuteMs);
  expect(await world.show(reference)).toMatchObject({ state: "offered", pool: { slug: "uc-second" } });
  await world.pass(dayMs);
  const triaged = await world.show(reference);
  expect(triaged).toMatchObject({ state: "triage", pool: null });
  await world.pass(30 * dayMs);
  expect((await world.show(reference)).state).toBe("triage");
  const close = { disposition: "no_capacity", result: "unknown" };
  expect((await world.as("person:sam.t", reference, "close", close)).body.code).toBe("outcome/incomplete");
  const signpost = { text: "Citizens Advice can help", url: "https://advice.example/" };
  expect((await world.as("person:sam.t", reference, "close", { ...close, signpost })).body.state).toBe(
    "closed",
  );
});
