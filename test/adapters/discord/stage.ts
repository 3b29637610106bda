import { createAdapter } from "../../../adapters/discord/index.ts";
import type { AdapterDeps, Memory } from "../../../src/contract/adapter.ts";
import type { CoreApi } from "../../../src/contract/core-api.ts";
import { createManualClock } from "../../../src/db/index.ts";
import {
  createDiscordSimulator,
  type DiscordOptions,
  ordinary,
  permissions,
} from "../../simulators/discord/index.ts";
import { stubCore } from "../webhook/stub-core.ts";

export const guild = "200000000000000001";
export const channel = "300000000000000001";
/** The member who asked, a moderator, and somebody else. */
export const mia = "400000000000000001";
export const mo = "400000000000000002";
export const sid = "400000000000000003";

export const moderator = ordinary | permissions.manageMessages;

/** A server with a channel, its people, and a post that asks something. */
export async function createServer(options: DiscordOptions) {
  const discord = await createDiscordSimulator(options);
  discord.guild(guild);
  discord.member(guild, mia);
  discord.member(guild, mo, moderator);
  discord.member(guild, sid);
  discord.channel(guild, channel, { name: "benefits" });
  return discord;
}

/** The adapter in front of a server, without a core. */
export async function createStage(
  given: { core?: Partial<CoreApi>; settings?: Record<string, string>; discord?: DiscordOptions } = {},
) {
  const clock = createManualClock(new Date("2026-11-02T09:00:00Z"));
  const discord = await createServer({ now: () => clock.now(), ...given.discord });
  const asked = discord.say(mia, channel, "My advance payment has not come.");
  const kept = new Map<string, unknown>();
  const memory: Memory = {
    get: async (key) => kept.get(key),
    set: async (key, value) => void kept.set(key, value),
    lease: async () => true,
  };
  const log: string[] = [];
  const write = (message: string, fields?: unknown, error?: unknown) =>
    void log.push(`${message} ${JSON.stringify(fields ?? {})} ${error === undefined ? "" : String(error)}`);
  const deps: AdapterDeps = {
    core: stubCore(given.core ?? {}),
    http: { request: async () => ({ ok: false, sent: false, refused: true, reason: "unused" }) },
    memory,
    logger: { debug: write, info: write, warn: write, error: write },
    now: () => clock.now(),
    baseUrl: "https://fingerpost.example",
    settings: {
      token: discord.token,
      gateway: "off",
      publicKey: discord.publicKey,
      applicationId: discord.applicationId,
      apiUrl: discord.apiUrl,
      ...given.settings,
    },
  };
  return {
    clock,
    discord,
    deps,
    log,
    kept,
    adapter: createAdapter(deps),
    post: `https://discord.com/channels/${guild}/${channel}/${asked.id}`,
    address: { forum: "parents", language: "en", guildId: guild },
  };
}
