import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eraseReferral, purgeDue } from "../../src/referrals/index.ts";
import { adminKey, createWorld, dayMs, type World } from "../support/world.ts";
import { createCanaries, dump } from "./canary.ts";

/**
 * Made-up personal data, each piece once, put into every input there is; then looked for wherever it must not be. A
 * canary is a name, and where the place allows also a telephone number's or an address's shape around it.
 */
const rounds = 50;
let world: World;
let before: string;
let after: string;
const { sources, put, sourcesIn } = createCanaries();
const errors: string[] = [];
const references: string[] = [];

/** A call whose refusal is looked into. */
async function note(
  answer: Promise<{ status: number; body: unknown }>,
): Promise<{ status: number; body: unknown }> {
  const { status, body } = await answer;
  // A page may link to its own address, in the other language; a problem may point at a member by its name.
  if (status >= 400 && typeof body === "string")
    errors.push(body.replace(/(href|action|content)="[^"]*"/g, ""));
  else if (status >= 400) errors.push(JSON.stringify(body).replace(/"pointer":"[^"]*"/g, ""));
  return { status, body };
}
const advisor = (reference: string, verb: string, body: unknown) =>
  note(world.as("advisor:amal.h", reference, verb, body));

async function refer(extra: Record<string, unknown> = {}): Promise<string> {
  const answer = await world.refer(
    "parents",
    {
      title: put("title"),
      excerpt: `${put("excerpt")} ${put("excerpt, masked")}@example.org Universal Credit advance payment`,
      url: `https://parents.example/${put("url")}`,
      externalId: put("externalId"),
      member: put("member"),
      moderator: put("moderator"),
      area: put("area"),
      board: put("board"),
      audience: [put("audience"), "parents"],
      note: put("note of the moderator"),
      ...extra,
    },
    `evt_${put("webhook-id")}`,
  );
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  references.push(answer.body.reference);
  return answer.body.reference;
}

/** Every verb that takes words, along one life. */
async function live(): Promise<void> {
  const event = (body: Record<string, unknown>) => note(world.event("parents", body));
  const url = (source: string) => `https://parents.example/${put(source)}`;
  const reference = await refer();
  await advisor(reference, "note", { text: put("note") });
  await advisor(reference, "claim", {});
  await advisor(reference, "release", { reason: put("release.reason") });
  await advisor(reference, "claim", {});
  await note(world.as("advisor:bea.k", reference, "reply", { text: put("a refused text that is kept") }));
  await advisor(reference, "ask", { text: put("ask.text") });
  await world.settle();
  await event({ type: "member.answered", reference, text: put("member.answered.text") });
  await event({ type: "post.edited", reference, excerpt: put("post.edited.excerpt") });
  await advisor(reference, "draft", { text: put("draft.text") });
  await advisor(reference, "reply", { text: put("reply.text") });
  await world.settle();
  await event({ type: "reply.posted", reference, url: url("reply.posted.url") });
  const [reply] = (await world.show(reference)).replies.filter(
    (one: { state: string }) => one.state === "delivered",
  );
  await advisor(reference, "correct", { reply: reply?.id, text: put("correct.text") });
  await world.settle();
  await event({ type: "followed_up", reference, text: put("followed_up.text"), saidBy: "member" });
  await advisor(reference, "retract", { reply: reply?.id, reason: put("retract.reason") });
  await advisor(reference, "reply", { text: put("reply.text") });
  await world.settle();
  await advisor(reference, "resolve", { result: "helped", saidBy: "advisor", note: put("resolve.note") });
  await note(world.as("forum:parents", reference, "reopen", { reason: put("reopen.reason") }));
  await advisor(reference, "decline", { reason: "not-ours", note: put("decline.note") });
  await note(
    world.as("person:sam.t", reference, "reroute", { pool: "uc-second", because: put("reroute.because") }),
  );
  await note(world.as("advisor:noor.s", reference, "divert", { reason: put("divert.reason") }));
  await note(world.as("person:safe.one", reference, "stand-down", { reason: put("stand-down.reason") }));
  const signpost = { text: put("close.signpost.text"), url: url("close.signpost.url") };
  await note(
    world.as("person:sam.t", reference, "close", {
      disposition: "signposted",
      result: "unknown",
      because: put("close.because"),
      signpost,
      note: put("close.note"),
    }),
  );
  await world.settle();
  const cleared = await refer({ board: "press" });
  const draft = await note(world.as("advisor:kit.w", cleared, "claim")).then(() =>
    note(world.as("advisor:kit.w", cleared, "draft", { text: put("draft.text"), clearer: "cleo.c" })),
  );
  const [first] = (draft.body as { replies: { id: string }[] }).replies;
  await note(
    world.as("person:cleo.c", cleared, "review", {
      draft: first?.id,
      decision: "return",
      note: put("review.note"),
    }),
  );
  await note(world.as("forum:parents", cleared, "withdraw", { reason: put("withdraw.reason") }));
}

/** What is refused: nothing of it may come back, be kept or be logged. */
async function mistake(reference: string): Promise<void> {
  const key = await world.keyFor("advisor:amal.h");
  const get = (path: string) =>
    note(world.call("GET", path, key, undefined, { "user-agent": put("user-agent") }));
  await get(`/v1/referrals/${put("path")}`);
  await get(`/v1/referrals?q=${put("query")}`);
  await get(`/v1/referrals?state=${put("query")}&${put("unknown query")}=1`);
  // This page shows the code that it was asked about: an input like the others, and no refusal.
  await world.call("GET", `/verify/${put("verify code")}`, null);
  await get(`/${put("unknown path")}`);
  await note(world.call("GET", "/v1/referrals", put("bearer")));
  await note(
    world.call("POST", `/v1/referrals/${reference}/note`, key, {
      text: put("text"),
      [put("unknown member")]: 1,
    }),
  );
  await note(world.call("POST", `/v1/referrals/${reference}/note`, key, `{"text": "${put("broken JSON")}`));
  await note(world.call("POST", `/v1/referrals/${reference}/${put("verb")}`, key, {}));
  await note(
    world.call("POST", "/v1/explain", adminKey, {
      forum: "parents",
      text: put("explain.text"),
      area: put("explain.area"),
    }),
  );
  await note(world.call("POST", "/v1/explain", adminKey, { forum: put("explain.forum"), text: "x" }));
  await note(world.refer("parents", { consent: put("consent"), topic: put("topic") }));
  await note(world.refer("quiet", { excerpt: put("excerpt to a forum that wants nothing") }));
  await note(world.refer(put("forum"), {}));
  await note(world.event("parents", { type: put("event type"), reference }));
  await note(
    world.call(
      "POST",
      "/v1/forums/parents/referrals",
      null,
      { excerpt: put("unsigned") },
      {
        "webhook-id": put("unsigned id"),
        "webhook-timestamp": "1",
        "webhook-signature": put("signature"),
      },
    ),
  );
}

beforeAll(async () => {
  world = await createWorld();
  for (let round = 0; round < rounds; round += 1) {
    await live();
    await mistake(references.at(-1) ?? "");
  }
  const unsettled = await refer({ topic: put("a topic nobody set up") });
  expect(unsettled).toBeTruthy();
  await world.settle();
  before = await dump(world.db);
  for (const reference of references) {
    await eraseReferral(world.instance.deps, reference, "requested", { kind: "admin", keyId: "test" });
  }
  await world.settle();
  await world.pass(dayMs);
  await purgeDue(world.instance.deps);
  after = await dump(world.db);
}, 600_000);
afterAll(() => world.close());

describe("of two thousand pieces of personal data, put into every input,", () => {
  test("there are as many as that", () => {
    expect(sources.length).toBeGreaterThanOrEqual(2000);
    expect(errors.length).toBeGreaterThan(rounds * 10);
  });

  test("none is in the log", () => {
    expect(world.log.length).toBeGreaterThan(0);
    expect(sourcesIn(world.log.join("\n"))).toEqual([]);
  });

  test("none is in the metrics", async () => {
    const { body } = await world.call("GET", "/metrics", null);
    expect(body).toContain("# TYPE");
    expect(sourcesIn(body)).toEqual([]);
  });

  test("none is in a refusal, but for the name of a member that is pointed at as unknown", () => {
    expect(sourcesIn(errors.join("\n"))).toEqual([]);
  });

  test("a forum is sent only those that the interface lists, each in its own member", () => {
    const found = new Map<string, Set<string>>();
    const look = (value: unknown, path: string): void => {
      if (typeof value === "string")
        for (const source of sourcesIn(value)) found.set(path, (found.get(path) ?? new Set()).add(source));
      if (typeof value === "object" && value !== null)
        for (const [name, member] of Object.entries(value)) look(member, `${path}.${name}`);
    };
    for (const { data } of world.arrived) look(data, "data");
    const shown = Object.fromEntries([...found].map(([path, names]) => [path, [...names].sort()]));
    expect(shown).toEqual({
      "data.externalId": ["externalId"],
      "data.post": ["url"],
      "data.text": ["ask.text", "correct.text", "reply.text"],
      "data.because": ["close.because"],
      "data.signpost.text": ["close.signpost.text"],
      "data.signpost.url": ["close.signpost.url"],
    });
  });

  test("none but the forum's own codes stands readable in the database while content is kept", () => {
    expect(sourcesIn(before)).toEqual(["audience", "board", "externalId"]);
  });

  test("none is in a dump of the database after erasure", () => {
    expect(after.length).toBeGreaterThan(100_000);
    expect(sourcesIn(after)).toEqual([]);
  });

  test("none can be opened with the instance's key after erasure", async () => {
    const { db, keyring } = world.instance.deps;
    const sealed = [
      ...(await db.idempotency.findMany({ where: { response: { not: null } } })).map((row) => row.response),
      ...(await db.adapterMemory.findMany()).map((row) => row.value),
    ];
    for (const value of sealed) expect(sourcesIn(keyring.openSecret(value ?? new Uint8Array()))).toEqual([]);
    const ids = (await db.referral.findMany({ where: { reference: { in: references } } })).map(
      ({ id }) => id,
    );
    expect(await db.contentKey.count({ where: { id: { in: ids } } })).toBe(0);
  });

  test("the search would find them: a value kept as it is, in a text, in bytes or in an event", async () => {
    const row = { type: "mutant", at: world.clock.now(), actorRole: "register", data: { text: "Canary0q" } };
    await world.db.prisma.event.create({ data: row });
    expect(sourcesIn(await dump(world.db))).toEqual([sources[0]]);
    const value = new Uint8Array(Buffer.from("x Canary1q"));
    await world.db.prisma.adapterMemory.create({ data: { adapter: "mutant", key: "k", value } });
    expect(sourcesIn(await dump(world.db))).toEqual([sources[0], sources[1]].sort());
  });
});
