import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { exampleRegister } from "../support/example-register.ts";
import { createWorld, dayMs, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  const register = exampleRegister("http://127.0.0.1:9");
  const [parents, ...others] = register.forums;
  const { callbackUrl: _none, ...collecting } = parents ?? {};
  const direct = {
    slug: "rights",
    name: "Example rights forum",
    url: "https://rights.example/",
    platform: "webhook",
    intervention: { model: "direct", agreedOn: "2026-01-05", agreedWith: "forum administrator" },
    consent: "none-needed",
  };
  world = await createWorld({ register: { ...register, forums: [collecting, ...others, direct] } });
});
afterAll(() => world.close());
beforeEach(() => world.nextMonday());

const waiting = async (what: string) =>
  (
    await world.call("GET", `/v1/referrals?waiting=${what}`, await world.keyFor("forum:parents"))
  ).body.items.map(({ reference }: { reference: string }) => reference);

describe("a forum without a callback collects", () => {
  test("questions and replies, and says where it shows them", async () => {
    const { reference } = (await world.refer("parents")).body;
    await world.as("advisor:amal.h", reference, "claim");
    await world.as("advisor:amal.h", reference, "ask", { text: "Which month?" });
    expect(await waiting("question")).toEqual([reference]);
    await world.event("parents", { type: "question.posted", reference, url: "https://parents.example/q" });
    expect(await world.show(reference)).toMatchObject({ state: "waiting_member" });
    expect(await waiting("question")).toEqual([]);

    await world.event("parents", { type: "member.answered", reference, text: "May." });
    const sent = await world.as("advisor:amal.h", reference, "reply", { text: "Then ask for an advance." });
    expect(sent.body.delivery).toMatchObject({ state: "to-collect" });
    expect(await waiting("reply")).toEqual([reference]);
    const mine = await world.call("GET", `/v1/referrals/${reference}`, await world.keyFor("forum:parents"));
    expect(mine.body.replies).toMatchObject([{ state: "queued", text: "Then ask for an advance." }]);
    await world.event("parents", { type: "reply.posted", reference, url: "https://parents.example/a" });
    expect(await world.show(reference)).toMatchObject({
      state: "replied",
      replies: [{ url: "https://parents.example/a" }],
    });
    expect(await waiting("reply")).toEqual([]);
  });

  test("a corrected reply until it says that it shows the new words, and one that was taken back until it is gone", async () => {
    const { reference } = (await world.refer("parents")).body;
    await world.as("advisor:amal.h", reference, "claim");
    await world.as("advisor:amal.h", reference, "reply", { text: "The limit is £16,000." });
    await world.event("parents", { type: "reply.posted", reference, url: "https://parents.example/c" });
    const reply = (await world.show(reference)).replies[0].id;
    const corrected = { reply, text: "The limit is £6,000." };
    expect((await world.as("advisor:amal.h", reference, "correct", corrected)).body.delivery.state).toBe(
      "to-collect",
    );
    expect(await waiting("reply")).toEqual([reference]);
    const key = await world.keyFor("forum:parents");
    const mine = await world.call("GET", `/v1/referrals/${reference}`, key);
    const listed = await world.call("GET", "/v1/referrals?waiting=reply", key);
    const words = [{ text: "The limit is £16,000.", correction: "The limit is £6,000." }];
    expect(mine.body.replies).toMatchObject(words);
    expect(listed.body.items).toMatchObject([{ reference, replies: words }]);
    await world.event("parents", { type: "reply.posted", reference, url: "https://parents.example/c" });
    const [shown] = (await world.show(reference)).replies;
    expect(shown).toMatchObject({ state: "corrected", text: "The limit is £6,000." });
    expect(shown.correction).toBeUndefined();
    expect(await waiting("reply")).toEqual([]);

    await world.as("advisor:amal.h", reference, "retract", { reply, reason: "It is wrong." });
    expect(await waiting("reply")).toEqual([reference]);
    expect((await world.event("parents", { type: "reply.removed", reference })).status).toBe(200);
    expect(await waiting("reply")).toEqual([]);
  });

  test("what waits is found behind a thousand others that do not", async () => {
    const { reference } = (await world.refer("parents")).body;
    await world.as("advisor:amal.h", reference, "claim");
    await world.as("advisor:amal.h", reference, "ask", { text: "Which month?" });
    const asked = await world.db.prisma.referral.findUniqueOrThrow({ where: { reference } });
    const { id: _id, reference: _reference, ...row } = asked;
    const others = Array.from({ length: 1_001 }, (_, index) => {
      const number = String(index).padStart(12, "0");
      return { ...row, id: `00000000-0000-7000-8000-${number}`, reference: `FP-OLD-${number}` };
    });
    await world.db.prisma.referral.createMany({
      data: others.map((other) => ({ ...other, routing: {}, feedback: [], masked: [] })),
    });
    await world.db.prisma.event.createMany({
      data: others.flatMap(({ id }) =>
        ["question.queued", "referral.asked"].map((type, index) => ({
          referralId: id,
          seq: index + 100,
          type,
          at: row.submittedAt,
          actorRole: "owner",
          chain: "old",
        })),
      ),
    });
    expect(await waiting("question")).toEqual([reference]);
  });

  test("a withdrawal cancels what it has not collected", async () => {
    const { reference } = (await world.refer("parents")).body;
    await world.as("advisor:amal.h", reference, "claim");
    await world.as("advisor:amal.h", reference, "reply", { text: "Never seen." });
    await world.event("parents", { type: "member.withdrew", reference });
    expect(await waiting("reply")).toEqual([]);
  });

  test("a reply may be held back and later removed; the owner hears of both", async () => {
    const { reference } = (await world.refer("parents")).body;
    await world.as("advisor:amal.h", reference, "claim");
    await world.as("advisor:amal.h", reference, "reply", { text: "Shown, then gone." });
    await world.event("parents", { type: "reply.posted", reference, url: "https://parents.example/b" });
    expect((await world.event("parents", { type: "reply.removed", reference })).status).toBe(200);
    const types = (await world.show(reference)).history.map(({ type }: { type: string }) => type);
    expect(types).toContain("reply.removed");
  });
});

describe("direct participation", () => {
  const body = { url: "https://rights.example/thread/7#9", text: "The limit is £6,000.", pool: "uc" };

  test("a reply that an advisor posted is recorded and can be checked by anyone", async () => {
    const key = await world.keyFor("advisor:amal.h");
    const recorded = await world.call("POST", "/v1/forums/rights/direct-replies", key, body);
    expect(recorded).toMatchObject({
      status: 201,
      body: { verify: { code: expect.stringMatching(/^\w{4}-\w{4}-\w{5}$/) } },
    });
    const row = await world.db.prisma.reply.findUniqueOrThrow({ where: { id: recorded.body.id } });
    expect(row).toMatchObject({ referralId: null, forumSlug: "rights", state: "delivered" });
    expect(Buffer.from(row.body ?? []).toString("utf8")).not.toContain("6,000");
  });

  test("is refused where it was not agreed, and for another's pool", async () => {
    const key = await world.keyFor("advisor:amal.h");
    expect((await world.call("POST", "/v1/forums/parents/direct-replies", key, body)).body.code).toBe(
      "forum/direct-not-agreed",
    );
    expect(
      (await world.call("POST", "/v1/forums/rights/direct-replies", key, { ...body, pool: "jabs" })).body
        .code,
    ).toBe("pool/not-found");
  });
});

test("a forum that asks its members does not do without, and one may be asked at a moderator's wish", async () => {
  const refused = await world.refer("parents", { consent: "not-needed" });
  expect(refused.body.code).toBe("forum/consent-not-allowed");
  expect((await world.refer("parents", { consent: "ask-member" })).body.state).toBe("awaiting_consent");
});

test("after the window a reopening is a new referral, linked to the old one, which stays finished", async () => {
  const { reference } = (await world.refer("parents", { title: "Advance" })).body;
  await world.as("advisor:amal.h", reference, "claim");
  await world.as("advisor:amal.h", reference, "close", {
    disposition: "insufficient_information",
    result: "unknown",
  });
  await world.pass(31 * dayMs);
  const again = await world.as("forum:parents", reference, "reopen", { reason: "It came back." });
  expect(again).toMatchObject({ status: 200, body: { state: "closed" } });
  const link = again.body.history.at(-1);
  expect(link).toMatchObject({ type: "referral.referred_again", as: expect.stringMatching(/^FP-/) });
  expect(await world.show(link.as)).toMatchObject({
    state: "offered",
    version: 2,
    post: { title: "Advance" },
  });
});

test("what looks like a complaint or a request for information shows the advisor the right door", async () => {
  const { body } = await world.refer("parents", {
    excerpt: "Under freedom of information, how many advance payments were late?",
  });
  const key = await world.keyFor("advisor:amal.h");
  const seen = await world.call("GET", `/v1/referrals/${body.reference}`, key);
  expect(seen.body.doors).toMatchObject([{ door: "information-request" }]);
  const checked = await world.call("POST", `/v1/referrals/${body.reference}/check`, key, {
    text: "I have looked into your claim.",
  });
  expect(checked.body.findings.map(({ code }: { code: string }) => code)).toEqual([
    "personal-case",
    "information-request",
  ]);
});
