import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { State } from "../../src/contract/vocabulary.ts";
import { exampleRegister } from "../support/example-register.ts";
import { adminKey, createWorld, type World } from "../support/world.ts";
import { reach, withEverybody } from "./verb-cases.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
  const { forums } = (await world.call("GET", "/v1/register", adminKey)).body;
  await world.apply({ ...withEverybody(exampleRegister("http://127.0.0.1:9")), forums });
});
afterAll(() => world.close());

const url = "https://parents.example/thread/1#post-3";
/** Every event a forum can report, with a state in which its own forum may. */
const events: [State, Record<string, unknown>][] = [
  ["awaiting_consent", { type: "member.consent", given: true }],
  ["waiting_member", { type: "member.answered", text: "Since May." }],
  ["replied", { type: "followed_up", text: "It has not come.", saidBy: "member" }],
  ["offered", { type: "member.withdrew" }],
  ["offered", { type: "post.edited", excerpt: "Another excerpt." }],
  ["offered", { type: "post.deleted", byMember: true }],
  ["replied", { type: "reply.posted", url }],
  ["claimed", { type: "question.posted", url }],
  ["awaiting_consent", { type: "consent.posted", url }],
  ["replied", { type: "reply.held" }],
  ["replied", { type: "reply.removed" }],
  ["replied", { type: "feedback", result: "helped", saidBy: "member" }],
];
/** Words that only a signature can put into the member's mouth. */
const spoken = [
  "member.consent",
  "member.answered",
  "followed_up",
  "member.withdrew",
  "post.deleted",
  "feedback",
];

const lookOf = async (reference: string) => {
  const { version, state, replies, outcome } = await world.show(reference);
  return { version, state, replies, outcome };
};

describe("an event about a referral", () => {
  test.each(events)(
    "%s: %o is for its own forum alone; a bare key does not speak for the member",
    async (state, event) => {
      const { reference } = await reach(world, state);
      const before = await lookOf(reference);
      const body = { ...event, reference };
      const foreign = await world.signed("young", "events", body);
      expect([foreign.status, foreign.body.code]).toEqual([404, "referral/not-found"]);
      const unknown = await world.signed("young", "events", { ...body, reference: "FP-0000-0000" });
      expect({ ...unknown.body, instance: "" }).toEqual({ ...foreign.body, instance: "" });
      if (spoken.includes(String(event.type))) {
        const key = await world.keyFor("forum:parents");
        const bare = await world.call("POST", "/v1/forums/parents/events", key, body, {
          "idempotency-key": randomUUID(),
        });
        expect([bare.status, bare.body.code]).toEqual([403, "outcome/said-by-another"]);
      }
      expect(await lookOf(reference)).toEqual(before);
      expect((await world.event("parents", body)).status).toBe(200);
    },
  );
});

describe("a body that names what belongs to another referral", () => {
  test("is refused: nobody's reply is corrected, taken back, cleared or called back through a stranger", async () => {
    const theirs = await reach(world, "replied");
    const ours = await reach(world, "replied");
    const drafts = [
      await reach(world, "waiting_clearance"),
      await reach(world, "waiting_clearance"),
    ] as const;
    const before = await Promise.all([theirs, ...drafts].map(({ reference }) => lookOf(reference)));
    const { reply } = theirs;
    const [{ draft }, other] = drafts;
    const tries: [string, string, string, object][] = [
      ["advisor:amal.h", ours.reference, "correct", { reply, text: "Other words." }],
      ["advisor:amal.h", ours.reference, "retract", { reply, reason: "wrong" }],
      ["advisor:amal.h", ours.reference, "reply", { draft }],
      ["advisor:amal.h", other.reference, "recall", { draft }],
      ["advisor:amal.h", other.reference, "reassign-clearance", { draft, clearer: "lee.d" }],
      ["person:clear.uc", other.reference, "review", { draft, decision: "approve" }],
    ];
    for (const [who, reference, verb, body] of tries) {
      const { status, body: said } = await world.as(who, reference, verb, body);
      expect([verb, status, said.code]).toEqual([verb, 404, "reply/not-found"]);
    }
    expect(await Promise.all([theirs, ...drafts].map(({ reference }) => lookOf(reference)))).toEqual(before);
  });
});

describe("acting as somebody", () => {
  test("gives an administrator's key that person's eyes and hands, and no more; to anybody else nothing", async () => {
    const { reference } = await reach(world, "offered");
    const claim = (key: string, as: string) =>
      world.call("POST", `/v1/referrals/${reference}/claim`, key, { as });
    for (const [as, status, code] of [
      ["advisor:noor.s", 404, "referral/not-found"],
      ["forum:young", 404, "referral/not-found"],
      ["forum:parents", 403, "access/forbidden"],
      ["person:sam.t", 403, "access/forbidden"],
      ["advisor:nobody", 422, "access/scope-unknown"],
      ["admin", 422, "request/invalid"],
      ["operator:parents", 422, "request/invalid"],
    ] as const) {
      const refused = await claim(adminKey, as);
      expect([as, refused.status, refused.body.code]).toEqual([as, status, code]);
    }
    const borrowed = await claim(await world.keyFor("advisor:bea.k"), "advisor:amal.h");
    expect([borrowed.status, borrowed.body.code]).toEqual([403, "access/forbidden"]);
    await world.keyFor("advisor:amal.h");
    expect(await claim(adminKey, "advisor:amal.h")).toMatchObject({
      status: 200,
      body: { state: "claimed" },
    });
  });
});
