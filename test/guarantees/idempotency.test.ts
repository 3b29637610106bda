import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { State } from "../../src/contract/vocabulary.ts";
import { verbs } from "../../src/referrals/index.ts";
import { exampleRegister } from "../support/example-register.ts";
import { type Answer, adminKey, createWorld, type World } from "../support/world.ts";
import { reach, type Scene, verbCases, withEverybody } from "./verb-cases.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
  const register = withEverybody(exampleRegister("http://127.0.0.1:9"));
  const { forums } = (await world.call("GET", "/v1/register", adminKey)).body;
  await world.apply({ ...register, forums });
}, 60_000);
afterAll(() => world.close());

/** Rows of every table that a call could write, the keys' own aside. */
async function rows(): Promise<Record<string, number>> {
  const { prisma } = world.db;
  const counted = { event: prisma.event, delivery: prisma.delivery, reply: prisma.reply };
  const more = { apiKey: prisma.apiKey, forumSecret: prisma.forumSecret, forumLink: prisma.forumLink };
  const counts: Record<string, number> = { referral: await prisma.referral.count() };
  for (const [name, table] of Object.entries({ ...counted, ...more }))
    counts[name] = await (table as { count(): Promise<number> }).count();
  // What a person typed in vain is kept for them, as it is after any refusal.
  counts.text = await prisma.text.count({ where: { kind: { not: "kept" } } });
  const { _sum } = await prisma.referral.aggregate({ _sum: { version: true } });
  return { ...counts, versions: _sum.version ?? 0 };
}

/** One row of the table of states for each verb: where, and by whom. Nobody takes `consent` with a key. */
const cases = verbCases.flatMap(({ verb, by, body }) => {
  const [row] = Object.entries(by).filter(([, who]) => who.length > 0);
  const actor = row?.[1][0];
  return row && actor ? [{ verb, state: row[0] as State, actor, body }] : [];
});

const plain = ({ status, body }: Answer) => ({ status, body });

describe("a verb sent again with its Idempotency-Key", () => {
  test("is every verb there is", () => {
    expect([...cases.map(({ verb }) => verb), "consent"].sort()).toEqual([...verbs.keys()].sort());
  });

  test.each(cases)(
    "$verb: the first answer, nothing done twice, another body is 409",
    async (one) => {
      const scene: Scene = await reach(world, one.state);
      const body = one.body(scene, one.actor, one.state);
      const path = `/v1/referrals/${scene.reference}/${one.verb}`;
      const key = await world.keyFor(one.actor);
      const headers = { "idempotency-key": randomUUID() };
      const send = (sent: object) => world.call("POST", path, key, sent, headers);

      // Five at once: one does it, four wait for its answer.
      const answers = (await Promise.all(Array.from({ length: 5 }, () => send(body)))).map(plain);
      expect(answers[0]?.status).toBeLessThan(300);
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
      const after = await rows();
      expect(
        await world.db.prisma.event.count({
          where: { referral: { reference: scene.reference }, seq: { not: null } },
        }),
      ).toBe(answers[0]?.body.version);

      expect(plain(await send(body))).toEqual(answers[0]);
      const other = await send({ ...body, version: answers[0]?.body.version });
      expect([other.status, other.body.code]).toEqual([409, "request/idempotency-key-reused"]);
      expect(await rows()).toEqual(after);
    },
    60_000,
  );

  test("a refusal leaves the key free: the same call succeeds when the way is clear", async () => {
    const { reference } = await reach(world, "offered");
    const headers = { "idempotency-key": randomUUID() };
    const key = await world.keyFor("advisor:amal.h");
    const send = () => world.call("POST", `/v1/referrals/${reference}/release`, key, {}, headers);
    expect((await send()).status).toBe(409);
    await world.as("advisor:amal.h", reference, "claim");
    expect((await send()).status).toBe(200);
  });

  test("a key belongs to its caller, its verb and its referral", async () => {
    const [one, two] = [await reach(world, "offered"), await reach(world, "offered")];
    const headers = { "idempotency-key": randomUUID() };
    const claim = async (who: string, { reference }: Scene) =>
      world.call("POST", `/v1/referrals/${reference}/claim`, await world.keyFor(who), {}, headers);
    expect((await claim("advisor:amal.h", one)).status).toBe(200);
    expect((await claim("advisor:bea.k", one)).status).toBe(409);
    expect((await claim("advisor:amal.h", two)).status).toBe(200);
  });
});

describe("every other POST sent again with its key", () => {
  const others: [string, () => string, () => object, () => object][] = [
    [
      "keys",
      () => "/v1/keys",
      () => ({ name: "a", scopes: ["advisor:jo.v"] }),
      () => ({ name: "b", scopes: ["advisor:jo.v"] }),
    ],
    ["secrets", () => "/v1/forums/young/secrets", () => ({}), () => ({ revokeOld: true })],
    ["links", () => "/v1/forums/young/links", () => ({}), () => ({ x: 1 })],
    [
      "guidance",
      () => "/v1/guidance/acknowledgements",
      () => ({ as: "advisor:jo.v" }),
      () => ({ as: "advisor:kit.w" }),
    ],
  ];

  test.each(others)(
    "%s: does it once, and what is shown once is null afterwards",
    async (_name, path, body, other) => {
      const headers = { "idempotency-key": randomUUID() };
      const send = (sent: object) => world.call("POST", path(), adminKey, sent, headers);
      const answers = await Promise.all(Array.from({ length: 5 }, () => send(body())));
      expect(new Set(answers.map(({ status }) => status)).size).toBe(1);
      const shownOnce = answers.map(({ body: said }) => said.key ?? said.secret ?? said.code ?? null);
      expect(shownOnce.filter((secret) => secret !== null).length).toBeLessThanOrEqual(1);
      const after = await rows();
      expect((await send(body())).status).toBe(answers[0]?.status);
      expect([409, 422]).toContain((await send(other())).status);
      expect(await rows()).toEqual(after);
    },
  );

  test("events of a forum: by webhook-id, whether they come one after another or at once", async () => {
    const { reference } = await reach(world, "replied");
    const event = { type: "feedback", reference, result: "helped", saidBy: "member" };
    const id = `evt_${randomUUID()}`;
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => world.signed("parents", "events", event, id)),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(plain(answer)))).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 200, body: { state: "resolved" } });
    const after = await rows();
    expect(plain(await world.signed("parents", "events", event, id))).toEqual(plain(answers[0] as Answer));
    const other = await world.signed("parents", "events", { ...event, result: "not_helped" }, id);
    expect([other.status, other.body.code]).toEqual([409, "request/idempotency-key-reused"]);
    expect(await rows()).toEqual(after);
  });
});
