import { expect, vi } from "vitest";
import { createManualClock } from "../../../src/db/index.ts";
import type {
  DiscordOptions,
  DiscordSimulator,
  Interaction,
  Message,
} from "../../simulators/discord/index.ts";
import { createWorld, monday, type World } from "../../support/world.ts";
import { channel, createServer, guild, mia, mo } from "./stage.ts";

/** These tests keep a machine busy, and others may too: none of them is about how long it takes. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** A forum that is a Discord server, whose moderators say whether the member agreed. */
const village = {
  slug: "village",
  name: "Example village",
  url: "https://village.example/",
  platform: "discord",
  discord: { guildId: guild },
  intervention: { model: "referral", agreedOn: "2026-01-05", agreedWith: "forum administrator" },
  consent: "moderator",
  ratePerMinute: 6000,
};

export interface HardDay {
  world: World;
  discord: DiscordSimulator;
  /** A member's post in the channel. */
  ask(text?: string): Message;
  /** Opens the form on a post as a moderator does, and waits until what it needs is kept. */
  open(post: Message): Promise<Interaction>;
  /** Refers a post and gives the reference that the moderator reads. */
  refer(post?: Message): Promise<string>;
  /** Claims, replies and delivers; gives the bot's message. */
  reply(reference: string, text?: string): Promise<Message>;
  until(holds: () => unknown): Promise<void>;
  close(): Promise<void>;
}

const values = { topic: "universal-credit", consent: "member-agreed", urgency: "normal" };
export const referralForm = values;
export const referenceIn = (text: string): string => /FP-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(text)?.[0] ?? "";

/** A whole instance beside a Discord server, over HTTP interactions unless `DISCORD_PUBLIC_KEY` is taken away. */
export async function createHardDay(
  options: {
    discord?: DiscordOptions;
    env?: Record<string, string | undefined>;
    forum?: object;
    register?: object;
  } = {},
): Promise<HardDay> {
  const clock = createManualClock(monday);
  let now = () => clock.now();
  const discord = await createServer({ now: () => now(), ...options.discord });
  const env: Record<string, string | undefined> = {
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.apiUrl,
    DISCORD_APPLICATION_ID: discord.applicationId,
    DISCORD_PUBLIC_KEY: discord.publicKey,
    DISCORD_GATEWAY: "off",
    ...options.env,
  };
  const given = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const world = await createWorld({ env: Object.fromEntries(given) });
  now = () => world.clock.now();
  expect(
    (await world.apply({ forums: [{ ...village, ...options.forum }], ...options.register })).status,
  ).toBe(200);
  if (env.DISCORD_PUBLIC_KEY !== undefined)
    expect(await discord.setInteractionsUrl(`${world.instance.address}/discord/interactions`)).toBe(true);

  const until = async (holds: () => unknown): Promise<void> => {
    const end = performance.now() + 60_000;
    while (!(await holds())) {
      if (performance.now() > end) throw new Error(`It did not come to ${holds.toString()}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  await until(() => discord.state.commands.size > 0);
  const day: HardDay = {
    world,
    discord,
    until,
    ask: (text = "My Universal Credit advance payment has not come.") => discord.say(mia, channel, text),
    open: (post) => discord.messageCommand(mo, post.channelId, post.id, "Refer to an advisor"),
    async refer(post = day.ask()) {
      const opened = await day.open(post);
      const sent = await discord.submit(opened, values);
      const shown = await discord.settled(sent);
      const reference = referenceIn(shown?.content ?? "");
      if (reference === "") throw new Error(`There is no reference in: ${shown?.content}`);
      return reference;
    },
    async reply(reference, text = "You can ask for an advance in your account.") {
      const before = new Set(discord.shownIn(channel));
      expect((await world.as("advisor:amal.h", reference, "claim")).status).toBe(200);
      expect((await world.as("advisor:amal.h", reference, "reply", { text })).status).toBe(202);
      await world.settle();
      const shown = discord.shownIn(channel).find((one) => !before.has(one));
      if (!shown) throw new Error("The reply was not posted.");
      return shown;
    },
    async close() {
      await world.close();
      await discord.close();
    },
  };
  return day;
}
