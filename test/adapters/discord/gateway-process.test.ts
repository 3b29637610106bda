import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createGateway, type Gateway, type Pace } from "../../../adapters/discord/gateway.ts";
import type { Heard } from "../../../adapters/discord/gateway-words.ts";
import type { DiscordSimulator } from "../../simulators/discord/index.ts";
import { channel, createServer, mia, mo } from "./stage.ts";

/** Several processes start in each, and others may keep the machine busy. */
vi.setConfig({ testTimeout: 120_000 });

const quick: Partial<Pace> = { lookMs: 50, leaseMs: 60_000, firstPauseMs: 100, longestPauseMs: 400 };

let discord: DiscordSimulator;
let log: string[];
let heard: Heard[];
let interactions: unknown[];
let open: Gateway[];
let holder: string | null;

beforeEach(async () => {
  discord = await createServer({});
  [log, heard, interactions, open, holder] = [[], [], [], [], null];
});
afterEach(async () => {
  for (const gateway of open) await gateway.stop();
  await discord.close();
});

/** The gateway of one instance; a lease is whose that asks first, until it is given back. */
function begin(instance = "one", pace: Partial<Pace> = {}): Gateway {
  const write = (message: string) => void log.push(message);
  const gateway = createGateway(
    {
      memory: {
        get: async () => undefined,
        set: async () => {},
        lease: async (_, ttlMs) => {
          if (holder !== null && holder !== instance) return false;
          holder = ttlMs > 1 ? instance : null;
          return true;
        },
      },
      logger: { debug: write, info: write, warn: write, error: write },
      settings: { token: discord.token, apiUrl: discord.apiUrl },
    },
    {
      interaction: (interaction) => void interactions.push(interaction),
      heard: (one) => void heard.push(one),
      deleted: () => {},
    },
    { ...quick, ...pace },
  );
  open.push(gateway);
  gateway.start();
  return gateway;
}

async function until(holds: () => unknown): Promise<void> {
  const end = performance.now() + 60_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`It did not come to ${holds.toString()}\n${log.join("\n")}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
const times = (sentence: string): number => log.filter((line) => line.startsWith(sentence)).length;
const opened = (count: number) => until(() => times("The gateway is open") >= count);

test("a process that is killed is started again, and hears again", async () => {
  const gateway = begin();
  await opened(1);
  const first = gateway.pid();
  if (first !== null) process.kill(first, "SIGKILL");
  await opened(2);
  expect(gateway.pid()).not.toBe(first);
  const question = discord.say(mia, channel, "Hello?");
  discord.say(mo, channel, "Hello.", { replyTo: question.id });
  discord.gateway.sendInteraction({ id: "1" });
  await until(() => interactions.length > 0);
  expect(heard).toEqual([]);
});

test("what makes the library end its process ends nothing else, and it is open again", async () => {
  begin();
  await opened(1);
  discord.gateway.moods.isInvalidAfterResume = true;
  discord.gateway.kill();
  await until(
    () => times("The gateway's process has ended") > 0 || discord.gateway.seen.identifies.length > 1,
  );
  discord.gateway.moods.isInvalidAfterResume = false;
  await until(() => discord.gateway.connected() > 0 && discord.gateway.seen.identifies.length > 1);
  const { identifies, connections } = discord.gateway.seen;
  console.log(
    `after an end of session on resuming: ${identifies.length} identifies, ${connections} connections`,
  );
  expect(identifies.length).toBeLessThanOrEqual(4);
});

test.each([
  ["a token that is refused", "Discord refuses the token", () => discord.refuseToken()],
  ["intents that are refused", "Discord refuses the intents", () => (discord.gateway.moods.refuse = 4014)],
])("%s: it is said once and not tried again", async (_, sentence, make) => {
  make();
  const gateway = begin();
  await until(() => times(sentence) > 0 && gateway.pid() === null);
  // Several looks later, nothing more has been asked.
  const looks = holder;
  await gateway.stop();
  const asked = discord.requestsTo("GET", "/gateway/bot").length;
  console.log(`${sentence}: ${asked} requests, ${discord.gateway.seen.identifies.length} identifies`);
  expect([looks, times(sentence), asked]).toEqual(["one", 1, 1]);
});

test("while Discord is away it is tried again after pauses that grow, and opened when it is back", async () => {
  discord.setFault(() => "500");
  begin();
  await until(() => times("The gateway's process has ended") >= 3);
  discord.setFault(() => null);
  await opened(1);
  const asked = discord.requestsTo("GET", "/gateway/bot").length;
  console.log(`Discord away: ${asked} requests until it was open`);
  expect(asked).toBeLessThanOrEqual(8);
});

test("one of two instances holds it, and the other takes over", async () => {
  const one = begin("one");
  await opened(1);
  const two = begin("two");
  expect(discord.gateway.connected()).toBe(1);
  expect(two.pid()).toBeNull();
  await one.stop();
  await opened(2);
  expect(two.pid()).not.toBeNull();
  await until(() => discord.gateway.connected() === 1);
});
