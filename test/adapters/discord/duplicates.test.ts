import { fastify } from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createAdapter } from "../../../adapters/discord/index.ts";
import { createCore } from "../../../src/core.ts";
import { createMemory } from "../../../src/delivery/index.ts";
import { createHardDay, type HardDay, referenceIn, referralForm } from "./hard-day.ts";
import { channel, mia } from "./stage.ts";

let day: HardDay;
let second: { url: string; close(): Promise<unknown> };

/** A second process on the same database, as far as Discord can tell. */
async function createSecond({ world, discord }: HardDay) {
  const { deps } = world.instance;
  const adapter = createAdapter({
    core: createCore(deps, null),
    http: { request: async () => ({ ok: false, sent: false, refused: true, reason: "unused" }) },
    memory: createMemory(deps, "discord", "second"),
    logger: deps.logger,
    now: deps.now,
    baseUrl: deps.baseUrl,
    settings: {
      token: discord.token,
      apiUrl: discord.apiUrl,
      applicationId: discord.applicationId,
      publicKey: discord.publicKey,
      gateway: "off",
    },
  });
  const app = fastify({ forceCloseConnections: true });
  if (adapter.inbound) await app.register(adapter.inbound);
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  return {
    url: `${url}/discord/interactions`,
    async close() {
      await adapter.stop?.();
      await app.close();
    },
  };
}

beforeAll(async () => {
  day = await createHardDay();
  second = await createSecond(day);
});
afterAll(async () => {
  await second.close();
  await day.close();
});

/** From here on each use of the app reaches both instances, each so often. */
const repeat = (times: number) => {
  day.discord.endpoint.copies.times = times;
  day.discord.endpoint.copies.urls = [second.url];
};

const referrals = async (): Promise<{ reference: string; history: { type: string }[] }[]> =>
  (await day.world.call("GET", "/v1/referrals?forum=village&limit=100", await day.world.keyFor("admin"))).body
    .items;

test("the same interactions to two instances, each four times, make one referral", async () => {
  const { discord } = day;
  repeat(4);
  const post = day.ask();
  const opened = await day.open(post);
  expect(opened.copies).toBe(8);
  const sent = await discord.submit(opened, referralForm);
  const shown = await discord.settled(sent);
  const reference = referenceIn(shown?.content ?? "");
  await day.world.settle();
  expect((await referrals()).map((one) => one.reference)).toEqual([reference]);
  expect(discord.violations).toEqual([]);
});

const typesOf = async (reference: string): Promise<string[]> =>
  (await day.world.show(reference)).history.map(({ type }: { type: string }) => type);
const count = (types: readonly string[], type: string): number => types.filter((one) => one === type).length;

test("a press that comes eight times to two instances counts once", async () => {
  const { discord } = day;
  repeat(1);
  const reference = await day.refer();
  const reply = await day.reply(reference);
  repeat(4);
  const pressed = await discord.press(mia, channel, reply.id, "It did not");
  await discord.settled(pressed);
  await day.until(async () => (await day.world.show(reference)).state === "claimed");
  expect(count(await typesOf(reference), "referral.not_helped")).toBe(1);
  expect(discord.violations).toEqual([]);
});

test("words that come eight times to two instances reach the advisor once", async () => {
  const { discord } = day;
  repeat(1);
  const reference = await day.refer();
  const reply = await day.reply(reference);
  repeat(4);
  const again = await discord.press(mia, channel, reply.id, "Ask again");
  const typed = await discord.submit(again, { text: "It was for another month." });
  await discord.settled(typed);
  await day.until(async () => (await day.world.show(reference)).state === "claimed");
  expect(count(await typesOf(reference), "referral.followed_up")).toBe(1);
  expect(discord.violations).toEqual([]);
});
