import { afterAll, beforeAll, expect, test } from "vitest";
import type { Fault, WireRequest } from "../../simulators/discord/index.ts";
import { minuteMs } from "../../support/world.ts";
import { createHardDay, type HardDay, referenceIn, referralForm } from "./hard-day.ts";
import { channel } from "./stage.ts";

const faults: readonly Fault[] = [
  "429",
  "429-global",
  "500",
  "reset",
  "applied-then-500",
  "applied-then-reset",
];
/** How often each thing meets its fault before all is well. */
const times = 2;

const plenty = { limit: 10_000, windowMs: 1_000, globalPerSecond: 10_000 };

let day: HardDay;
beforeAll(async () => {
  day = await createHardDay({ discord: { rates: plenty } });
});
afterAll(() => day.close());

/** What was asked of Discord since then; the gateway's process asks where the gateway is when it pleases. */
const requestsSince = (from: number) =>
  day.discord.requests.slice(from).filter(({ route }) => route !== "/gateway/bot");

const isPost = ({ method, route }: WireRequest) => method === "POST" && route === "/channels/:id/messages";

test.each(faults)(
  "a reply that meets %s is posted once, without hammering, and the core keeps answering",
  async (fault) => {
    const { discord, world } = day;
    const reference = await day.refer();
    await world.as("advisor:amal.h", reference, "claim");
    const shownBefore = discord.shownIn(channel).length;
    const from = discord.requests.length;
    let left = times;
    discord.setFault((request) => {
      if (!isPost(request) || left === 0) return null;
      left -= 1;
      return fault;
    });
    await world.as("advisor:amal.h", reference, "reply", { text: "You can ask for an advance." });
    await world.settle();
    expect((await world.refer("parents")).status).toBe(201);
    // The clock moves as the outbox wants; what Discord asks to wait, its library waits in real time.
    await day.until(async () => {
      await world.pass(minuteMs);
      return (await world.show(reference)).state === "replied";
    });
    const asked = requestsSince(from);
    console.log(`${fault}: ${asked.filter(isPost).length} posts, ${asked.length} requests in all`);
    expect((await world.show(reference)).state).toBe("replied");
    expect(discord.shownIn(channel).length).toBe(shownBefore + 1);
    expect(asked.filter(isPost).length).toBeLessThanOrEqual(times + 1);
    expect(asked.length).toBeLessThanOrEqual(4 * (times + 1));
    discord.setFault(() => null);
  },
);

async function countReferrals(): Promise<number> {
  const key = await day.world.keyFor("admin");
  return (await day.world.call("GET", "/v1/referrals?forum=village&limit=100", key)).body.items.length;
}

test.each([
  ["every fault at once", faults.filter((fault) => fault !== "429-global")],
  ["a limit on everything", ["429-global"] as const],
])("moderators whose answers meet %s each read of one referral", async (_, faults) => {
  const { discord, world } = day;
  const before = await countReferrals();
  const posts = faults.map(() => day.ask());
  const opened = [];
  for (const post of posts) opened.push(await day.open(post));
  const met = new Map<string, { fault: Fault; left: number }>();
  const from = discord.requests.length;
  discord.setFault(({ method, path, route }) => {
    if (method !== "PATCH" || !route.startsWith("/webhooks/")) return null;
    const mood = met.get(path) ?? { fault: faults[met.size % faults.length] ?? "500", left: times };
    met.set(path, mood);
    mood.left -= 1;
    return mood.left >= 0 ? mood.fault : null;
  });
  const sent = await Promise.all(opened.map((use) => discord.submit(use, referralForm)));
  const shown = await Promise.all(sent.map((use) => discord.settled(use)));
  await world.settle();
  // What was applied and then lost is written a second time with the same words: nobody can tell.
  const references = shown.map((message) => referenceIn(message?.content ?? ""));
  expect(new Set(references).size).toBe(faults.length);
  expect(references).not.toContain("");
  await day.until(() => [...met.values()].every(({ left }) => left < 0));
  const patches = requestsSince(from).length;
  console.log(`${faults.length} answers that met each fault ${times} times: ${patches} requests`);
  expect(patches).toBeLessThanOrEqual(faults.length * 6);
  expect(await countReferrals()).toBe(before + faults.length);
  expect(discord.violations).toEqual([]);
  discord.setFault(() => null);
});

test("a token that is refused for hours costs few requests, loses nothing, and all is posted once it holds again", async () => {
  const { discord, world } = day;
  const references: string[] = [];
  for (let i = 0; i < 3; i += 1) references.push(await day.refer());
  const shownBefore = discord.shownIn(channel).length;
  const from = discord.requests.length;
  discord.refuseToken();
  for (const reference of references) {
    await world.as("advisor:amal.h", reference, "claim");
    await world.as("advisor:amal.h", reference, "reply", { text: "You can ask for an advance." });
  }
  for (let hour = 0; hour < 6; hour += 1) await world.pass(60 * minuteMs);
  expect((await world.refer("parents")).status).toBe(201);
  const refused = discord.requests.slice(from).filter(({ status }) => status === 401).length;
  console.log(`token refused for six hours: ${refused} requests for ${references.length} replies`);
  expect(refused).toBeLessThanOrEqual(references.length * 10);
  discord.state.token = discord.token;
  for (let hour = 0; hour < 8; hour += 1) await world.pass(60 * minuteMs);
  expect(discord.shownIn(channel).length).toBe(shownBefore + references.length);
  for (const reference of references) expect((await world.show(reference)).state).toBe("replied");
});

test("a message of unknown fate is found under hundreds of later ones, and not sent again", async () => {
  const { discord, world } = day;
  const reference = await day.refer();
  await world.as("advisor:amal.h", reference, "claim");
  const shownBefore = discord.shownIn(channel).length;
  let isLost = false;
  // Applied, and from then on nothing is answered for as long as Discord remembers a nonce.
  discord.setFault((request) => {
    if (isLost) return "reset";
    isLost = isPost(request);
    return isLost ? "applied-then-reset" : null;
  });
  await world.as("advisor:amal.h", reference, "reply", { text: "You can ask for an advance." });
  await world.settle();
  for (let i = 0; i < 250; i += 1) day.ask(`Something else, ${i}`);
  await world.pass(10 * minuteMs);
  const from = discord.requests.length;
  discord.setFault(() => null);
  for (let hour = 0; hour < 4; hour += 1) await world.pass(60 * minuteMs);
  expect((await world.show(reference)).state).toBe("replied");
  expect(discord.shownIn(channel).length).toBe(shownBefore + 1);
  console.log(`found again under 250 messages with ${discord.requests.length - from} requests`);
});

test("replies to one channel keep to its share: Discord has to refuse hardly any, and all arrive", async () => {
  const { discord, world } = day;
  const references = await Promise.all(Array.from({ length: 7 }, () => day.refer()));
  const shownBefore = discord.shownIn(channel).length;
  const from = discord.requests.length;
  discord.setRates({ limit: 5, windowMs: 500 });
  await Promise.all(
    references.map(async (reference) => {
      await world.as("advisor:amal.h", reference, "claim");
      await world.as("advisor:amal.h", reference, "reply", { text: "You can ask for an advance." });
    }),
  );
  await day.until(async () => {
    await world.pass(minuteMs);
    return discord.shownIn(channel).length >= shownBefore + references.length;
  });
  await world.settle();
  discord.setRates(plenty);
  const limited = discord.requests.slice(from).filter(({ status }) => status === 429).length;
  console.log(`${references.length} replies at five for half a second: ${limited} refused`);
  // What the library knew nothing of yet when it asked for the first time.
  expect(limited).toBeLessThanOrEqual(3);
  expect(discord.shownIn(channel).length).toBe(shownBefore + references.length);
  expect(discord.violations).toEqual([]);
});
