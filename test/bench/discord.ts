import { setTimeout as wait } from "node:timers/promises";
import { applyMigrations } from "../../src/db/index.ts";
import {
  createDiscordSimulator,
  type DiscordSimulator,
  type Interaction,
  ordinary,
  permissions,
} from "../simulators/discord/index.ts";
import { defineBench } from "./bench.ts";
import { quantile, show } from "./figures.ts";
import { asAdmin, benchRegister } from "./register.ts";
import { startOurs } from "./servers.ts";

const guild = "200000000000000001";
const channel = "300000000000000001";
const member = "400000000000000001";
const moderator = "400000000000000002";
/** Uses of the app in a second: each referral is two, the menu and the form. */
const perSecond = 50;
/** What Discord gives a first answer (interactions/receiving-and-responding). */
const deadlineMs = 3_000;

const village = {
  slug: "bench-village",
  name: "Village",
  url: "https://village.example/",
  platform: "discord",
  discord: { guildId: guild },
  intervention: { model: "referral", agreedOn: "2026-11-01", agreedWith: "forum administrator" },
  consent: "moderator",
  ratePerMinute: 100_000,
};

export const bench = defineBench({
  name: "discord",
  about: `Moderators refer in Discord, ${perSecond} interactions a second, against the deadline that Discord sets.`,
  async run(context) {
    const cluster = await context.cluster();
    await applyMigrations({ url: cluster.url });
    const discord = await createDiscordSimulator({ rates: { limit: 100_000, globalPerSecond: 100_000 } });
    context.finally(() => discord.close());
    discord.guild(guild);
    discord.member(guild, member);
    discord.member(guild, moderator, ordinary | permissions.manageMessages);
    discord.channel(guild, channel);
    const { address } = await startOurs(context, {
      databaseUrl: cluster.url,
      env: {
        DISCORD_TOKEN: discord.token,
        DISCORD_API_URL: discord.apiUrl,
        DISCORD_APPLICATION_ID: discord.applicationId,
        DISCORD_PUBLIC_KEY: discord.publicKey,
        DISCORD_GATEWAY: "off",
      },
    });
    const register = benchRegister();
    await asAdmin(address, "PUT", "/v1/register", { ...register, forums: [village] });
    if (!(await discord.setInteractionsUrl(`${address}/discord/interactions`)))
      throw new Error("The address for interactions was not taken.");
    while (discord.state.commands.size === 0) await wait(20);
    const seconds = context.quick ? 1 : 20;
    await refer(discord, context.quick ? 1 : 2);
    const run = await refer(discord, seconds);
    const p99 = quantile(run.firstMs, 0.99);
    const detail = { ...run, violations: discord.violations };
    return [
      {
        what: `first answer, p99 of ${run.firstMs.length} at ${perSecond}/s`,
        ours: show(p99, " ms"),
        floor: "–",
        target: "≤ 3 s, none missed",
        holds: p99 <= deadlineMs && discord.violations.length === 0,
        detail,
      },
      {
        what: "form sent to reference shown, p99",
        ours: show(quantile(run.shownMs, 0.99), " ms"),
        floor: "–",
        target: "≤ 10 s",
        holds: quantile(run.shownMs, 0.99) <= 10_000,
      },
    ];
  },
});

/** Refers at an even pace, whether or not earlier answers are there; how long each answer took. */
async function refer(discord: DiscordSimulator, seconds: number) {
  const firstMs: number[] = [];
  const shownMs: number[] = [];
  const timed = async (use: () => Promise<Interaction>): Promise<Interaction> => {
    const from = performance.now();
    const used = await use();
    firstMs.push(performance.now() - from);
    return used;
  };
  const one = async (): Promise<void> => {
    const post = discord.say(member, channel, "My Universal Credit advance payment has not come.");
    const opened = await timed(() =>
      discord.messageCommand(moderator, channel, post.id, "Refer to an advisor"),
    );
    // Too late for Discord: it is counted as missed there.
    if (!opened.modal) return;
    const from = performance.now();
    const sent = await timed(() => discord.submit(opened, { consent: "member-agreed" }));
    await discord.settled(sent);
    shownMs.push(performance.now() - from);
  };
  const begun: Promise<void>[] = [];
  const startedAt = performance.now();
  const everyMs = 2_000 / perSecond;
  for (let i = 0; i * everyMs < seconds * 1000; i += 1) {
    await wait(Math.max(0, startedAt + i * everyMs - performance.now()));
    begun.push(one());
  }
  await Promise.all(begun);
  return { firstMs, shownMs };
}
