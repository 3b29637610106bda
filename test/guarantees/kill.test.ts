import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createForum } from "../simulators/forum.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { exampleRegister } from "../support/example-register.ts";
import { adminKey } from "../support/world.ts";
import { advisorKeys, call, insist, prepare, referralBody, signatureHeaders } from "./client.ts";
import {
  newEncryptionKey,
  type ServerOptions,
  type ServerProcess,
  startServer,
  startServers,
} from "./processes.ts";

const size =
  process.env.TEST_LONG === "1"
    ? { kills: 20, referrals: 2_000, replies: 500 }
    : { kills: 3, referrals: 200, replies: 50 };
const lanes = 6;
const advisors = ["amal.h", "bea.k"];
/** A lease that died with its process runs out after 30 s; the rest is a slow machine's. */
const drainMs = 180_000;

let db: TestDatabase;
let options: ServerOptions;
let servers: ServerProcess[];
let forum: Awaited<ReturnType<typeof createForum>>;
let secret: string;
let keys: string[];

beforeAll(async () => {
  db = await createTestDatabase();
  options = { databaseUrl: db.url, encryptionKey: newEncryptionKey() };
  servers = await startServers(3, options);
  const { address = "" } = servers[0] ?? {};
  secret = await prepare(address, exampleRegister("http://127.0.0.1:9"), "parents");
  forum = await createForum({ secret });
  const register = exampleRegister("http://127.0.0.1:9");
  const forums = register.forums.map((entry) =>
    entry.slug === "parents" ? { ...entry, callbackUrl: forum.callbackUrl, ratePerMinute: 60_000 } : entry,
  );
  await call(address, "PUT", "/v1/register", adminKey, { ...register, forums });
  keys = await advisorKeys(address, advisors);
}, 60_000);
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await forum.close();
  await db.drop();
}, 60_000);

const addressOf = (turn: number): string => servers[turn % servers.length]?.address ?? "";

interface Kept {
  /** Reference by event id, of every referral that was acknowledged. */
  referrals: Map<string, string>;
  /** Text by reference, of every reply that was accepted. */
  replies: Map<string, string>;
}

async function refer(turn: number, kept: Kept): Promise<string> {
  const id = `evt_${turn}`;
  const body = JSON.stringify(referralBody({ externalId: id }));
  const { status, body: born } = await insist(addressOf, turn, (address) =>
    call(
      address,
      "POST",
      "/v1/forums/parents/referrals",
      null,
      body,
      signatureHeaders(secret, id, new Date(), body),
    ),
  );
  if (status !== 200 && status !== 201) throw new Error(`A referral was refused: ${JSON.stringify(born)}`);
  kept.referrals.set(id, born.reference);
  return born.reference;
}

async function answerIt(turn: number, reference: string, kept: Kept): Promise<void> {
  const key = keys[turn % keys.length] ?? "";
  const once = { "idempotency-key": `step-${turn}` };
  const take = (verb: string, body: object) =>
    insist(addressOf, turn, (address) =>
      call(address, "POST", `/v1/referrals/${reference}/${verb}`, key, body, once),
    );
  const claimed = await take("claim", {});
  const text = `Answer ${turn}: ask your work coach for an advance.`;
  const replied = await take("reply", { text });
  expect([claimed.status, replied.status]).toEqual([200, 202]);
  kept.replies.set(reference, text);
}

/** Referrals come in on every lane, and some are answered, until there are enough and the last kill is over. */
async function load(kept: Kept, isOver: () => boolean): Promise<void> {
  let turn = 0;
  const replyEvery = size.referrals / size.replies;
  const lane = async () => {
    while (!isOver() || turn < size.referrals) {
      const mine = turn++;
      const reference = await refer(mine, kept);
      if (mine % replyEvery === 0) await answerIt(mine, reference, kept);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** Kills one of the three in the middle of its work and starts another in its place, so many times. */
async function killAndRestart(kept: Kept): Promise<void> {
  for (let kill = 1; kill <= size.kills; kill += 1) {
    const enough = kept.referrals.size + size.referrals / (size.kills + 1) / 2;
    await vi.waitUntil(() => kept.referrals.size >= enough, { timeout: 60_000, interval: 5 });
    const victim = Math.floor(Math.random() * servers.length);
    await servers[victim]?.kill();
    servers[victim] = await startServer(options);
  }
}

describe("three instances on one database, of which one is killed again and again", () => {
  test(`${size.kills} kills under load lose no acknowledged referral and no accepted reply; callbacks hold and come in order`, async () => {
    const kept: Kept = { referrals: new Map(), replies: new Map() };
    let isOver = false;
    const killing = killAndRestart(kept).finally(() => {
      isOver = true;
    });
    await Promise.all([load(kept, () => isOver), killing]);
    expect(kept.referrals.size).toBeGreaterThanOrEqual(size.referrals);
    expect(kept.replies.size).toBeGreaterThanOrEqual(size.replies);

    await vi.waitUntil(async () => (await db.prisma.delivery.count({ where: { settledAt: null } })) === 0, {
      timeout: drainMs,
      interval: 500,
    });
    expect(forum.refused).toEqual([]);
    const stored = await db.prisma.referral.findMany({
      select: { reference: true, externalId: true, state: true },
    });
    expect(new Map(stored.map((row) => [row.externalId, row.reference]))).toEqual(kept.referrals);
    expect(stored.length).toBe(kept.referrals.size);
    expect(stored.filter(({ state }) => state === "replied").length).toBe(kept.replies.size);
    expect(await db.prisma.reply.count({ where: { state: "delivered" } })).toBe(kept.replies.size);

    const told = new Map<string, string[]>();
    for (const { type, data } of forum.received) {
      const line = `${data.sequence} ${type} ${type === "referral.replied" ? data.text : ""}`.trim();
      told.set(String(data.reference), [...(told.get(String(data.reference)) ?? []), line]);
    }
    const expected = [...kept.referrals.values()].map((reference): [string, string[]] => {
      const text = kept.replies.get(reference);
      const answered = text === undefined ? [] : ["2 referral.claimed", `3 referral.replied ${text}`];
      return [reference, ["1 referral.offered", ...answered]];
    });
    expect(told).toEqual(new Map(expected));
  }, 1_700_000);
});
