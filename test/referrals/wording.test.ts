import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createWorld, dayMs, type World } from "../support/world.ts";

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

const sorry = "I want to die and I have a plan for tonight.";

async function claimed(): Promise<string> {
  const { body } = await world.refer("parents");
  expect((await world.as("advisor:amal.h", body.reference, "claim")).status).toBe(200);
  return body.reference;
}
async function replied(): Promise<string> {
  const reference = await claimed();
  await world.as("advisor:amal.h", reference, "reply", { text: "Ring the helpline." });
  await world.settle();
  return reference;
}
const followUp = (reference: string, text: string) =>
  world.event("parents", { type: "followed_up", reference, text, saidBy: "member" });

describe("before the member has agreed", () => {
  test("wording in an edited post is remembered: with the yes it goes to safeguarding, never to a pool", async () => {
    const { body } = await world.refer("young");
    const edited = await world.event("young", {
      type: "post.edited",
      reference: body.reference,
      excerpt: sorry,
    });
    expect(edited.body).toMatchObject({ state: "awaiting_consent", advice: expect.anything() });
    const yes = { type: "member.consent", reference: body.reference, given: true };
    expect((await world.event("young", yes)).body).toMatchObject({ state: "diverted", pool: null });
  });
});

describe("an edited post", () => {
  const edit = (reference: string) =>
    world.event("parents", { type: "post.edited", reference, excerpt: sorry });
  const alerts = (reference: string) =>
    world.db.prisma.delivery.count({ where: { referral: { reference }, notice: "alert" } });

  test("calls the lead anew where the referral is diverted already", async () => {
    const reference = await claimed();
    await followUp(reference, sorry);
    const before = await alerts(reference);
    expect(before).toBeGreaterThan(0);
    expect((await edit(reference)).body.advice.length).toBeGreaterThan(0);
    expect(await alerts(reference)).toBe(2 * before);
  });

  test("diverts a referral that was merged into another", async () => {
    const [target, origin] = [await claimed(), (await world.refer("parents")).body.reference];
    await world.as("person:sam.t", origin, "merge", { into: target });
    expect((await edit(origin)).body).toMatchObject({ state: "diverted", pool: null });
    expect((await world.show(target)).state).toBe("claimed");
  });
});

describe("a text that is refused", () => {
  test("still brings the advice, and the referral goes to safeguarding with the words", async () => {
    const reference = await claimed();
    const refused = await followUp(reference, sorry);
    expect(refused).toMatchObject({ status: 409, body: { code: "referral/not-possible" } });
    expect(refused.body.advice.length).toBeGreaterThan(0);
    const shown = await world.show(reference);
    expect(shown).toMatchObject({ state: "diverted", pool: null });
    expect(shown.history.at(-1)).toMatchObject({ type: "referral.diverted", text: sorry });
  });

  test("reaches a safeguarding lead who has the referral already, once however often it is sent", async () => {
    const reference = await claimed();
    await followUp(reference, sorry);
    for (let sent = 0; sent < 2; sent += 1) {
      const refused = await followUp(reference, "I cannot go on, I will kill myself.");
      expect(refused.body.advice.length).toBeGreaterThan(0);
    }
    const found = (await world.show(reference)).history.filter(
      ({ type }: { type: string }) => type === "referral.wording_found",
    );
    expect(found).toMatchObject([{ text: "I cannot go on, I will kill myself." }]);
  });

  test("brings the advice where the referral has ended", async () => {
    const reference = await claimed();
    await world.event("parents", { type: "member.withdrew", reference });
    const refused = await followUp(reference, sorry);
    expect(refused.status).toBe(409);
    expect(refused.body.advice.length).toBeGreaterThan(0);
    expect((await world.show(reference)).state).toBe("withdrawn");
  });

  test("without such wording it changes nothing and brings no advice", async () => {
    const reference = await claimed();
    const refused = await followUp(reference, "And in Wales?");
    expect(refused.status).toBe(409);
    expect(refused.body).not.toHaveProperty("advice");
    expect((await world.show(reference)).state).toBe("claimed");
  });

  test("an advisor's own refused words divert nothing", async () => {
    const reference = await replied();
    const refused = await world.as("advisor:amal.h", reference, "ask", { text: sorry });
    expect(refused.status).toBe(409);
    expect((await world.show(reference)).state).toBe("replied");
  });
});

describe("an intake that is refused", () => {
  test("for its consent brings the advice", async () => {
    const refused = await world.refer("parents", { excerpt: sorry, consent: "not-needed" });
    expect(refused).toMatchObject({ status: 422, body: { code: "forum/consent-not-allowed" } });
    expect(refused.body.advice.length).toBeGreaterThan(0);
  });

  test("for its rate brings the advice", async () => {
    const { forums } = (await world.call("GET", "/v1/register", await world.keyFor("admin"))).body;
    const parents = forums.find(({ slug }: { slug: string }) => slug === "parents");
    await world.apply({ forums: [{ ...parents, ratePerMinute: 1 }] });
    let refused = await world.refer("parents", { excerpt: sorry });
    while (refused.status === 201) refused = await world.refer("parents", { excerpt: sorry });
    await world.apply({ forums: [parents] });
    expect(refused).toMatchObject({ status: 429, body: { code: "request/rate-limited" } });
    expect(refused.body.advice.length).toBeGreaterThan(0);
    await world.pass(dayMs);
  });
});

describe("words that need care", () => {
  test("a note of the safeguarding lead is kept and diverts nothing", async () => {
    const { body } = await world.refer("parents", { excerpt: sorry });
    await world.as("person:safe.one", body.reference, "stand-down", { reason: "It is a song." });
    const noted = await world.as("person:safe.one", body.reference, "note", {
      text: "The words “I want to die” are a line of a song.",
    });
    expect(noted).toMatchObject({ status: 200, body: { state: "triage" } });
    expect(noted.body.history.at(-1).text).toContain("line of a song");
  });

  test("explain says that such a text goes to safeguarding and names no pool", async () => {
    const asked = { forum: "parents", topic: "universal-credit", text: sorry };
    const { body } = await world.call("POST", "/v1/explain", await world.keyFor("admin"), asked);
    expect(body).toMatchObject({
      to: "diverted",
      decision: { pool: null, because: expect.stringContaining("safeguarding lead") },
    });
    const calm = { forum: "parents", topic: "universal-credit", text: "When is it paid?" };
    expect((await world.call("POST", "/v1/explain", await world.keyFor("admin"), calm)).body).toMatchObject({
      to: "offered",
      decision: { pool: "uc" },
    });
  });
});
