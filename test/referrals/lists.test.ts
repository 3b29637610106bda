import { afterAll, beforeAll, expect, test } from "vitest";
import { workBlocks } from "../../adapters/slack/slash.ts";
import type { ListQuery } from "../../src/contract/core-api.ts";
import { exampleRegister } from "../support/example-register.ts";
import { createWorld, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  const register = exampleRegister("http://127.0.0.1:9");
  const [parents, ...others] = register.forums;
  const { callbackUrl: _none, ...collecting } = parents ?? {};
  world = await createWorld({ register: { ...register, forums: [collecting, ...others] } });
});
afterAll(() => world.close());

const list = async (query: string, scope = "forum:parents") =>
  world.call("GET", `/v1/referrals?${query}`, await world.keyFor(scope));
const references = async (query: string, scope?: string) =>
  (await list(query, scope)).body.items.map(({ reference }: { reference: string }) => reference);

test("what a forum collects carries what it is to post, for the forum and its operator alone", async () => {
  const { reference } = (await world.refer("parents")).body;
  await world.as("advisor:amal.h", reference, "claim");
  await world.as("advisor:amal.h", reference, "ask", { text: "Which month?" });
  for (const scope of ["forum:parents", "operator:parents"]) {
    const [item] = (await list("waiting=question&forum=parents", scope)).body.items;
    expect([scope, item]).toMatchObject([
      scope,
      { reference, text: "Which month?", questionId: expect.any(String), post: null },
    ]);
  }
  const [seen] = (await list("waiting=question&forum=parents", "admin")).body.items;
  expect(seen.text).toBeUndefined();
  await world.event("parents", { type: "question.posted", reference, url: "https://parents.example/q" });
  await world.event("parents", { type: "member.answered", reference, text: "May." });
  await world.as("advisor:amal.h", reference, "reply", { text: "Ask for an advance." });
  for (const query of ["waiting=reply", "replies=waiting"])
    expect((await list(query)).body.items).toMatchObject([
      {
        reference,
        replies: [
          {
            text: "Ask for an advance.",
            from: { pool: expect.any(String), department: expect.any(String) },
            verify: { code: expect.any(String) },
          },
        ],
      },
    ]);
  expect((await list("")).body.items[0].replies).toMatchObject([{ text: null }]);
  const asked = (await world.refer("parents", { consent: "ask-member" })).body.reference;
  expect((await list("waiting=consent")).body.items).toMatchObject([
    { reference: asked, ask: expect.stringMatching(/^A moderator thinks/) },
  ]);
});

test("a search finds a part of a reference, however it is typed, and the forum's name; signs stand for themselves", async () => {
  const { reference, forum } = (await world.refer("parents")).body;
  const bare = reference.replaceAll("-", "");
  for (const q of [
    reference,
    bare,
    bare.toLowerCase(),
    reference.slice(5),
    bare.slice(4, 8),
    reference.slice(-4),
  ])
    expect([q, await references(`q=${q}`)]).toEqual([q, expect.arrayContaining([reference])]);
  expect(await references(`q=${encodeURIComponent(forum.name.toUpperCase())}`)).toContain(reference);
  for (const sign of ["%25", "_", "%5C"]) expect(await references(`q=${sign}`)).toEqual([]);
});

test("a parameter without a value is one that was not given; a state there is none of is refused", async () => {
  const all = await references("");
  expect(await references("state=&q=&cursor=&limit=&waiting=&pool=")).toEqual(all);
  const admin = await world.keyFor("admin");
  for (const path of ["stats?from=&to=&by=&format=", "events?after=", "deliveries?state=&cursor=&limit="])
    expect([path, (await world.call("GET", `/v1/${path}`, admin)).status]).toEqual([path, 200]);
  const refused = await list("state=offered,bogus");
  expect(refused).toMatchObject({ status: 422, body: { code: "request/invalid" } });
  expect(refused.body.errors[0].hint).toContain("waiting_member");
});

test("an event by a forum's key needs no Idempotency-Key, and a referral does", async () => {
  const { reference } = (await world.refer("parents")).body;
  const key = await world.keyFor("forum:parents");
  const event = { type: "post.edited", reference, excerpt: "I was told to wait seven weeks." };
  for (const _twice of [1, 2])
    expect((await world.call("POST", "/v1/forums/parents/events", key, event)).status).toBe(200);
  expect(
    (await world.show(reference)).history.filter(({ type }: { type: string }) => type === "post.edited"),
  ).toHaveLength(2);
  const { body } = await world.call("POST", "/v1/forums/parents/referrals", key, {
    excerpt: "x",
    url: "https://parents.example/1",
    moderator: "m",
    consent: "member-agreed",
  });
  expect(body.code).toBe("request/idempotency-key-missing");
});

test("who resolves speaks for themselves where it is not said who says so", async () => {
  for (const [who, saidBy] of [
    ["advisor:amal.h", "advisor"],
    ["forum:parents", "moderator"],
  ] as const) {
    const { reference } = (await world.refer("parents")).body;
    await world.as("advisor:amal.h", reference, "claim");
    await world.as("advisor:amal.h", reference, "reply", { text: "Ask.", disposition: "answered_in_public" });
    await world.event("parents", { type: "reply.posted", reference, url: "https://parents.example/a" });
    const resolved = await world.as(who, reference, "resolve", { result: "helped" });
    expect([who, resolved]).toMatchObject([who, { status: 200, body: { outcome: { saidBy } } }]);
  }
});

test("in Slack somebody's own work is listed however much newer work there is", async () => {
  const asked: ListQuery[] = [];
  const core = {
    listReferrals: async (query: ListQuery) => {
      asked.push(query);
      return { items: [], nextCursor: null };
    },
  };
  const actor = { kind: "advisor", id: "amal.h" } as const;
  const colleague = { slackUserId: "U1", id: "amal.h", actor, other: null };
  await workBlocks({ core: core as unknown as Parameters<typeof workBlocks>[0]["core"] }, colleague);
  expect(asked).toContainEqual(expect.objectContaining({ owner: "amal.h", order: "due" }));
  expect(asked.every(({ order }) => order === "due")).toBe(true);
});
