import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { exampleRegister } from "../support/example-register.ts";
import { type Answer, monday } from "../support/world.ts";
import { call, inParallel, prepare, referralBody, signatureHeaders } from "./client.ts";
import { newEncryptionKey, type ServerProcess, startServers } from "./processes.ts";

/** Two instances as processes on one database, whose clocks stand still until both are moved. */
let db: TestDatabase;
let servers: ServerProcess[];
const secrets = { parents: "", young: "" };
const ratePerMinute = 600;
const burst = 200;
const ids = Array.from({ length: 200 }, (_, index) => `evt_${index}`);
let now = monday;

beforeAll(async () => {
  db = await createTestDatabase();
  servers = await startServers(2, { databaseUrl: db.url, encryptionKey: newEncryptionKey(), at: now });
  const register = exampleRegister("http://127.0.0.1:9");
  const forums = register.forums.map((forum) => ({ ...forum, ratePerMinute }));
  secrets.parents = await prepare(addressOf(0), { ...register, forums }, "parents");
  secrets.young = await prepare(addressOf(0), { ...register, forums }, "young");
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await db.drop();
});

const addressOf = (turn: number): string => servers[turn % servers.length]?.address ?? "";
const bodyOf = (id: string) => JSON.stringify(referralBody({ externalId: id }));

interface Sent {
  id: string;
  body: string;
  secret?: string;
  at?: Date;
  forum?: string;
  headers?: Record<string, string>;
}

function post(turn: number, sent: Sent): Promise<Answer> {
  const { id, body, secret = secrets.parents, at = now, forum = "parents", headers = {} } = sent;
  const signed = { ...signatureHeaders(secret, id, at, body), ...headers };
  return call(addressOf(turn), "POST", `/v1/forums/${forum}/referrals`, null, body, signed);
}

async function pass(ms: number): Promise<void> {
  now = new Date(now.getTime() + ms);
  await Promise.all(servers.map((server) => server.advance(ms)));
}

describe("intake over two processes", () => {
  test("200 ids × 50 posts at the same time are 200 referrals; each repeat has the first answer and costs no rate", async () => {
    const answers = await inParallel(ids, 2, (id) =>
      Promise.all(Array.from({ length: 50 }, (_, turn) => post(turn, { id, body: bodyOf(id) }))),
    );
    for (const [index, same] of answers.entries()) {
      const statuses = same.map(({ status }) => status).sort();
      expect(statuses).toEqual([...Array.from({ length: 49 }, () => 200), 201]);
      expect(new Set(same.map(({ body }) => JSON.stringify(body))).size).toBe(1);
      expect(same[0]?.body).toMatchObject({ externalId: ids[index], state: "offered", version: 1 });
    }
    expect(await db.prisma.referral.count()).toBe(200);
    expect(await db.prisma.event.count({ where: { type: "referral.offered" } })).toBe(200);
    expect(await db.prisma.delivery.count({ where: { notice: "referral.offered" } })).toBe(200);
  }, 120_000);

  test("the rate holds across both: an empty bucket is 429 with Retry-After, and it fills again with the clock", async () => {
    expect(ids.length).toBe(burst);
    const post1 = (turn: number, name: string) => post(turn, { id: name, body: bodyOf(name) });
    for (const turn of [0, 1]) {
      const refused = await post1(turn, `evt_over_${turn}`);
      expect(refused).toMatchObject({ status: 429, body: { code: "request/rate-limited" } });
      expect(Number(refused.headers.get("retry-after"))).toBe(1);
    }
    expect((await post1(1, "evt_0")).status).toBe(200);
    expect(await db.prisma.referral.count()).toBe(burst);

    await pass(3_000);
    const names = Array.from({ length: 50 }, (_, index) => `evt_more_${index}`);
    const answers = await inParallel(names, 20, (name, turn) => post1(turn, name));
    const taken = answers.filter(({ status }) => status === 201).length;
    expect(taken).toBe((3 * ratePerMinute) / 60);
    expect(answers.filter(({ status }) => status === 429).length).toBe(names.length - taken);
    expect(
      (await post(0, { id: "evt_0", body: bodyOf("evt_0"), secret: secrets.young, forum: "young" })).status,
    ).toBe(201);

    await pass(3_600_000);
    const refused = names.filter((_, index) => answers[index]?.status === 429);
    const again = await inParallel(refused, 20, (name, turn) => post1(turn, name));
    expect(again.map(({ status }) => status)).toEqual(refused.map(() => 201));
  });

  test("the same id with another body is 409 and changes nothing", async () => {
    const before = await db.prisma.referral.count();
    const other = JSON.stringify(referralBody({ externalId: "evt_0", urgency: "urgent" }));
    for (const turn of [0, 1]) {
      expect(await post(turn, { id: "evt_0", body: other })).toMatchObject({
        status: 409,
        body: { code: "request/idempotency-key-reused" },
      });
    }
    const racing = await Promise.all(
      Array.from({ length: 20 }, (_, turn) =>
        post(turn, { id: "evt_race", body: JSON.stringify(referralBody({ externalId: `body-${turn}` })) }),
      ),
    );
    expect(racing.map(({ status }) => status).sort()).toEqual([
      201,
      ...Array.from({ length: 19 }, () => 409),
    ]);
    expect(await db.prisma.referral.count()).toBe(before + 1);
  });

  const away = (seconds: number) => new Date(now.getTime() + seconds * 1000);
  const body = bodyOf("evt_forged");
  const honest = () => signatureHeaders(secrets.parents, "evt_forged", now, body);
  const otherSecret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
  const cases: [string, () => Partial<Sent>][] = [
    ["forged with a secret that is not the forum's", () => ({ secret: otherSecret })],
    ["signed by another forum", () => ({ secret: secrets.young })],
    ["sent to another forum", () => ({ forum: "young" })],
    ["truncated", () => ({ body: body.slice(0, -1), headers: honest() })],
    [
      "re-encoded: the same JSON in other bytes",
      () => ({ body: `${body.slice(0, -1)} }`, headers: honest() }),
    ],
    [
      "re-encoded with an escape",
      () => ({ body: body.replace("Universal", "\\u0055niversal"), headers: honest() }),
    ],
    ["empty", () => ({ body: "", headers: honest() })],
    ["under another id", () => ({ headers: { ...honest(), "webhook-id": "evt_forged_2" } })],
    [
      "at another time",
      () => ({ headers: { ...honest(), "webhook-timestamp": String(now.getTime() / 1000 + 1) } }),
    ],
    ["stale", () => ({ at: away(-301) })],
    ["from the future", () => ({ at: away(301) })],
    ["with a time that is no number", () => ({ headers: { "webhook-timestamp": "1e9" } })],
    [
      "with half a signature",
      () => ({ headers: { "webhook-signature": honest()["webhook-signature"]?.slice(0, 20) ?? "" } }),
    ],
    [
      "in another scheme",
      () => ({
        headers: { "webhook-signature": (honest()["webhook-signature"] ?? "").replace("v1,", "v1a,") },
      }),
    ],
    ["with an empty signature", () => ({ headers: { "webhook-signature": "" } })],
  ];

  test.each(cases)("a post %s is 401, and nothing is stored", async (_name, change) => {
    const before = [await db.prisma.referral.count(), await db.prisma.idempotency.count()];
    for (const turn of [0, 1]) {
      const refused = await post(turn, { id: "evt_forged", body, ...change() });
      expect([refused.status, String(refused.body.code)]).toEqual([
        401,
        expect.stringMatching(/^signature\//),
      ]);
    }
    expect([await db.prisma.referral.count(), await db.prisma.idempotency.count()]).toEqual(before);
  });

  test("the same post, signed as it should be, is taken", async () => {
    expect((await post(0, { id: "evt_forged", body })).status).toBe(201);
  });
});
