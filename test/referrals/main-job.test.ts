import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createWorld, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const types = () => world.callbacks.map((callback) => callback.type);

describe("the main job", () => {
  test("a post is referred, claimed by one advisor, answered on the forum and resolved by the member", async () => {
    const referred = await world.refer("parents", { externalId: "post-2" });
    expect(referred.status).toBe(201);
    expect(referred.body).toMatchObject({
      state: "offered",
      version: 1,
      pool: { slug: "uc" },
      externalId: "post-2",
      routing: { because: "Universal Credit belongs to DWP", guessed: false },
      next: { owner: "pool", clock: "claim", dueAt: "2026-06-15T11:00:00.000Z" },
    });
    const { reference } = referred.body;

    const won = await world.as("advisor:amal.h", reference, "claim");
    expect(won).toMatchObject({ status: 200, body: { state: "claimed" } });
    const lost = await world.as("advisor:bea.k", reference, "claim");
    expect(lost).toMatchObject({
      status: 409,
      body: {
        code: "referral/already-claimed",
        claimedBy: "amal.h",
        claimedAt: world.clock.now().toISOString(),
      },
    });

    const text =
      "Ask your **work coach** for a short-term advance: https://www.gov.uk/short-term-benefit-advance";
    const sent = await world.as("advisor:amal.h", reference, "reply", { text });
    expect(sent).toMatchObject({ status: 202, body: { state: "claimed", delivery: { state: "waiting" } } });
    expect(await world.as("advisor:amal.h", reference, "release")).toMatchObject({
      status: 409,
      body: { code: "reply/in-flight" },
    });

    await world.settle();
    const shown = await world.show(reference);
    expect(shown).toMatchObject({ state: "replied", replies: [{ state: "delivered", text }] });
    const callback = world.callbacks.find(({ type }) => type === "referral.replied");
    expect(callback?.data).toMatchObject({
      reference,
      externalId: "post-2",
      text,
      from: { department: "Department for Work and Pensions", pool: "Universal Credit specialists" },
      verify: { code: shown.replies[0].verify.code },
    });
    expect(types()).toEqual(["referral.offered", "referral.claimed", "referral.replied"]);
    expect(world.callbacks.map(({ data }) => data.sequence)).toEqual([1, 2, 3]);
    expect(JSON.stringify(world.callbacks)).not.toMatch(/amal|Amal/);

    const helped = await world.event("parents", {
      type: "feedback",
      reference,
      result: "helped",
      saidBy: "member",
    });
    expect(helped.status).toBe(200);
    expect(await world.show(reference)).toMatchObject({
      state: "resolved",
      outcome: { disposition: "answered_in_public", result: "helped", saidBy: "member" },
    });
  });

  test("a referral no rule can place goes to triage and from there to a pool", async () => {
    const { body } = await world.refer("parents", {
      topic: undefined,
      excerpt: "Where do I sit on the train to Aberdeen?",
    });
    expect(body).toMatchObject({ state: "triage", pool: null });
    const moved = await world.as("person:sam.t", body.reference, "reroute", {
      pool: "jabs",
      because: "theirs after all",
    });
    expect(moved).toMatchObject({ status: 200, body: { state: "offered", pool: { slug: "jabs" } } });
  });

  test("what identifies is masked before anything is stored, and the moderator is told", async () => {
    const { body } = await world.refer("parents", {
      excerpt: "My number is QQ 12 34 56 C, ring me on 07700 900123 or write to a.b@example.org",
    });
    expect(body.masked).toEqual(["national-insurance-number", "phone", "email"]);
    const advisor = await world.call(
      "GET",
      `/v1/referrals/${body.reference}`,
      await world.keyFor("advisor:amal.h"),
    );
    expect(advisor.body.post.excerpt).not.toMatch(/QQ|07700|example\.org/);
  });

  test("a forum that agreed to none is refused and nothing is stored", async () => {
    const before = await world.db.prisma.referral.count();
    expect(await world.refer("quiet")).toMatchObject({
      status: 403,
      body: { code: "forum/no-intervention" },
    });
    expect(await world.db.prisma.referral.count()).toBe(before);
  });
});
