import { expect } from "vitest";
import { createManualClock } from "../../../src/db/index.ts";
import type { DiscordSimulator, Interaction, Message } from "../../simulators/discord/index.ts";
import { exampleRegister } from "../../support/example-register.ts";
import { createWorld, monday, type World } from "../../support/world.ts";
import { channel, createServer, guild, mo } from "./stage.ts";

export interface Day {
  world: World;
  discord: DiscordSimulator;
  /** What the person sees of an answer, once it is there. */
  read(interaction: Interaction): Promise<string>;
  /** The referral that an answer speaks of. */
  referenceIn(text: string): string;
  /** A moderator refers a message by the menu and sends the form; gives what they read. */
  refer(message: Message, values?: Record<string, string>, by?: string): Promise<string>;
  /** The newest message of the bot that others see here. */
  newest(channelId?: string): Message;
  until(holds: () => unknown): Promise<void>;
  pass(): Promise<void>;
  close(): Promise<void>;
}

/** A whole instance beside a Discord server that one of its forums is. */
export async function createDay(
  mode: "http" | "gateway",
  forum: Record<string, unknown> = {},
  env: Record<string, string> = {},
): Promise<Day> {
  const clock = createManualClock(monday);
  let now = () => clock.now();
  const discord = await createServer({ now: () => now() });
  const world = await createWorld({
    env: {
      DISCORD_TOKEN: discord.token,
      DISCORD_API_URL: discord.apiUrl,
      ...(mode === "http"
        ? {
            DISCORD_GATEWAY: "off",
            DISCORD_PUBLIC_KEY: discord.publicKey,
            DISCORD_APPLICATION_ID: discord.applicationId,
          }
        : {}),
      ...env,
    },
  });
  now = () => world.clock.now();
  const { forums } = exampleRegister("http://unused.example");
  const [first] = forums;
  const server = {
    ...first,
    slug: "server",
    name: "Example server",
    platform: "discord",
    callbackUrl: undefined,
    discord: { guildId: guild },
    ...forum,
  };
  const applied = await world.apply({ forums: [server] });
  expect(applied.status, JSON.stringify(applied.body)).toBe(200);
  if (mode === "http")
    expect(await discord.setInteractionsUrl(`${world.instance.address}/discord/interactions`)).toBe(true);
  const until = async (holds: () => unknown): Promise<void> => {
    const end = performance.now() + 20_000;
    while (!holds()) {
      if (performance.now() > end) throw new Error(`It did not come to ${holds.toString()}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  await until(() => discord.state.commands.size > 0);
  if (mode === "gateway") await until(() => discord.gateway.seen.identifies.length > 0);

  const day: Day = {
    world,
    discord,
    read: async (interaction) => (await discord.settled(interaction))?.content ?? "",
    referenceIn: (text) => /FP-\w{4}-\w{4}/.exec(text)?.[0] ?? "",
    async refer(message, values = {}, by = mo) {
      const opened = await discord.messageCommand(by, message.channelId, message.id, "Refer to an advisor");
      if (!opened.modal) return day.read(opened);
      const chosen = { topic: "universal-credit", consent: "member-agreed", ...values };
      return day.read(await discord.submit(opened, chosen));
    },
    newest(channelId = channel) {
      const found = discord.shownIn(channelId).at(-1);
      if (!found) throw new Error("The bot has said nothing here.");
      return found;
    },
    until,
    pass: () => world.pass(2_000),
    async close() {
      await world.close();
      await discord.close();
    },
  };
  return day;
}
