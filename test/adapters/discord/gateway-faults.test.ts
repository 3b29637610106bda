import { afterAll, beforeAll, expect, test } from "vitest";
import type { Fault } from "../../simulators/discord/index.ts";
import { createHardDay, type HardDay } from "./hard-day.ts";
import { channel, mia } from "./stage.ts";

const isLong = process.env.TEST_LONG === "1";

let day: HardDay;
beforeAll(async () => {
  day = await createHardDay({
    discord: { heartbeatMs: 1_500, rates: { limit: 10_000, globalPerSecond: 10_000 } },
    env: { DISCORD_GATEWAY: undefined },
  });
  await day.discord.setInteractionsUrl(null);
  await day.until(() => day.discord.gateway.connected() === 1);
});
afterAll(() => day.close());

const typesOf = async (reference: string): Promise<string[]> =>
  (await day.world.show(reference)).history.map(({ type }: { type: string }) => type);
const countReferrals = async (): Promise<number> =>
  (await day.world.call("GET", "/v1/referrals?forum=village&limit=100", await day.world.keyFor("admin"))).body
    .items.length;

const cuts: [what: string, cut: (gateway: HardDay["discord"]["gateway"]) => unknown][] = [
  ["is cut without a word", (gateway) => gateway.kill()],
  ["closes with an error", (gateway) => gateway.close(4000)],
  ["asks to come again (op 7)", (gateway) => gateway.reconnect()],
  ["may be taken up again (op 9, true)", (gateway) => gateway.invalidate(true)],
];

test.each(cuts)(
  "while the gateway %s, nothing is lost, nothing counts twice, nobody hammers",
  async (_, cut) => {
    const { discord, world } = day;
    const { gateway } = discord;
    const reference = await day.refer();
    const reply = await day.reply(reference);
    const before = await countReferrals();
    const seen = { ...gateway.seen, identifies: gateway.seen.identifies.length };
    gateway.moods.times = 2;
    cut(gateway);
    // Said and used while nobody is connected, and each message delivered twice when somebody is.
    discord.say(mia, channel, "Does it count for December too?", { replyTo: reply.id });
    const other = day.refer();
    expect((await world.refer("parents")).status).toBe(201);
    await other;
    await day.until(async () => (await world.show(reference)).state === "claimed");
    gateway.moods.times = 1;
    expect((await typesOf(reference)).filter((type) => type === "referral.followed_up").length).toBe(1);
    expect(await countReferrals()).toBe(before + 1);
    const connections = gateway.seen.connections - seen.connections;
    const identifies = gateway.seen.identifies.length - seen.identifies;
    console.log(
      `${connections} connections, ${gateway.seen.resumes - seen.resumes} resumed, ${identifies} identifications`,
    );
    expect(connections).toBeLessThanOrEqual(2);
    expect(identifies).toBe(0);
    expect(discord.violations).toEqual([]);
  },
);

test.each<Fault>(["500", "reset", "applied-then-500", "applied-then-reset"])(
  "first answers that meet %s are given again, and one referral comes of it",
  async (fault) => {
    const { discord } = day;
    const before = await countReferrals();
    const met = new Set<string>();
    const from = discord.requests.length;
    discord.setFault(({ route, path }) => {
      if (!route.endsWith("/callback") || met.has(path)) return null;
      met.add(path);
      return fault;
    });
    await day.refer();
    discord.setFault(() => null);
    const callbacks = discord.requests.slice(from).filter(({ route }) => route.endsWith("/callback")).length;
    console.log(`${fault}: ${met.size} interactions, ${callbacks} callbacks`);
    expect(met.size).toBe(2);
    expect(callbacks).toBe(4);
    expect(await countReferrals()).toBe(before + 1);
    expect(discord.violations).toEqual([]);
  },
);

test("heartbeats that are not acknowledged end the connection, and another takes its place", async () => {
  const { gateway } = day.discord;
  const seen = { ...gateway.seen };
  gateway.moods.isMute = true;
  await day.until(() => gateway.seen.connections > seen.connections);
  gateway.moods.isMute = false;
  await day.until(() => gateway.connected() === 1);
  await day.refer();
  console.log(`without acknowledgements: ${gateway.seen.connections - seen.connections} connections`);
  expect(gateway.seen.connections - seen.connections).toBeLessThanOrEqual(3);
  expect(day.discord.violations).toEqual([]);
});

test("a gateway that is not there is asked seldom, and taken up again when it is", async () => {
  const { gateway } = day.discord;
  const reference = await day.refer();
  const reply = await day.reply(reference);
  const from = performance.now();
  const { refused } = gateway.seen;
  gateway.moods.isDown = true;
  gateway.kill();
  day.discord.say(mia, channel, "Said into the dark", { replyTo: reply.id });
  await day.until(() => gateway.seen.refused >= refused + 2 || performance.now() - from > 8_000);
  const seconds = (performance.now() - from) / 1000;
  const tries = gateway.seen.refused - refused;
  expect((await day.world.refer("parents")).status).toBe(201);
  const ended = () => day.world.log.some((line) => line.includes("process has ended"));
  // The library would go on like this for ever: after half a minute the server's growing pauses take its place.
  if (isLong) await day.until(ended);
  gateway.moods.isDown = false;
  await day.until(() => gateway.connected() === 1);
  console.log(`gateway away: ${tries} connections tried in ${seconds.toFixed(1)} s`);
  expect(tries / seconds).toBeLessThan(5);
  // The session is lost with what was said meanwhile: it is looked up.
  await day.until(async () => (await day.world.show(reference)).state === "claimed");
  await day.refer();
});

test("a session that is over (op 9), and one that ends right after it was resumed, are followed by another", async () => {
  const { gateway } = day.discord;
  const seen = { ...gateway.seen, identifies: gateway.seen.identifies.length };
  const reference = await day.refer();
  const reply = await day.reply(reference);
  gateway.invalidate(false);
  day.discord.say(mia, channel, "Said between two sessions", { replyTo: reply.id });
  await day.until(() => gateway.seen.identifies.length > seen.identifies && gateway.connected() === 1);
  await day.until(async () => (await day.world.show(reference)).state === "claimed");
  await day.refer();
  // Here the library ends its process: the server goes on, and begins another.
  gateway.moods.isInvalidAfterResume = true;
  gateway.kill();
  await day.until(() => gateway.seen.resumes > seen.resumes);
  expect((await day.world.refer("parents")).status).toBe(201);
  gateway.moods.isInvalidAfterResume = false;
  await day.until(() => gateway.seen.identifies.length > seen.identifies + 1 && gateway.connected() === 1);
  await day.refer();
  const identifies = gateway.seen.identifies.length - seen.identifies;
  const ended = day.world.log.filter((line) => line.includes("process has ended")).length;
  console.log(`after both: ${identifies} identifications, ${ended} processes ended`);
  expect(identifies).toBeLessThanOrEqual(3);
  expect(day.discord.violations).toEqual([]);
});

test("with an address for interactions, the gateway brings what is said and nothing else", async () => {
  const { discord, world } = day;
  expect(await discord.setInteractionsUrl(`${world.instance.address}/discord/interactions`)).toBe(true);
  const from = discord.requests.length;
  const reference = await day.refer();
  const reply = await day.reply(reference);
  const said = discord.say(mia, channel, "And for December?", { replyTo: reply.id });
  await day.until(async () => (await world.show(reference)).state === "claimed");
  await day.until(() => discord.shownIn(channel).some(({ replyTo }) => replyTo === said.id));
  expect(discord.requests.slice(from).some(({ route }) => route.endsWith("/callback"))).toBe(false);
  expect(discord.violations).toEqual([]);
});
