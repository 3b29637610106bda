import type { Json } from "../slack/json.ts";
import { newChannel } from "./app-routes.ts";
import { createEndpoint } from "./endpoint.ts";
import { createGateway, type Gateway } from "./gateway.ts";
import { createPeople } from "./people.ts";
import type { RateOptions } from "./rate-limits.ts";
import { createRest } from "./server.ts";
import {
  type Channel,
  channelTypes,
  createState,
  type Fault,
  type Guild,
  type Member,
  type Message,
  ordinary,
  permissions,
  type User,
  type WireRequest,
} from "./state.ts";

export { isMute, liveParts, messageBodies } from "./live.ts";
export {
  type Fault,
  type Interaction,
  type Message,
  ordinary,
  permissions,
  type WireRequest,
} from "./state.ts";

export interface DiscordOptions {
  /** For deadlines, tokens and ids. Rate limits and heartbeats run in real time, as the library under test does. */
  now?(): Date;
  rates?: Partial<RateOptions>;
  heartbeatMs?: number;
  /** Privileged intents that the application was granted, as bits. */
  privileged?: number;
}

/** What the bot may do in a server unless a test says otherwise. */
export const botOrdinary = ordinary | permissions.manageThreads;

/**
 * Discord on this machine: REST version 10, the gateway, the people in it, and the interactions that it sends to the app,
 * over the gateway or signed to the app's own address. It refuses what Discord refuses, and keeps a list of what Discord
 * or we ourselves would find wrong with the app (`violations`).
 */
export async function createDiscordSimulator(options: DiscordOptions = {}) {
  const { now = () => new Date(), heartbeatMs = 41_250, privileged = 0 } = options;
  const state = createState(now);
  state.privileged = privileged;
  let fault: (request: WireRequest) => Fault | null = () => null;
  let retryAfterSeconds = 1;
  let base = "";
  const gatewayUrl = () => `${base.replace(/^http/, "ws")}/gateway`;
  const rates: RateOptions = { limit: 50, windowMs: 1000, globalPerSecond: 50, ...options.rates };
  const server = createRest({
    state,
    rates,
    fault: (request) => fault(request),
    retryAfterSeconds: () => retryAfterSeconds,
    gateway: () => ({
      url: gatewayUrl(),
      shards: 1,
      session_start_limit: {
        total: 1000,
        remaining: 1000 - gateway.seen.identifies.length,
        reset_after: 86_400_000,
        max_concurrency: 1,
      },
    }),
  });
  const gateway: Gateway = createGateway({ state, server, url: gatewayUrl, heartbeatMs });
  const endpoint = createEndpoint(state, () => gateway);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  base = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;

  const addUser = (id: string, given: Partial<User> = {}): User => {
    const user = state.users.get(id) ?? {
      id,
      username: `user-${id}`,
      bot: false,
      dmsClosed: false,
      locale: "en-GB",
    };
    Object.assign(user, given);
    state.users.set(id, user);
    return user;
  };

  const discord = {
    state,
    gateway,
    endpoint,
    /** As `DISCORD_API_URL` takes it: no version, no final slash. */
    apiUrl: `${base}/api`,
    token: state.token,
    applicationId: state.applicationId,
    publicKey: state.publicKey,
    violations: state.violations,
    requests: state.requests,
    ...createPeople(state, endpoint),
    setInteractionsUrl: endpoint.setInteractionsUrl,
    setFault(next: typeof fault) {
      fault = next;
    },
    setRetryAfter(seconds: number) {
      retryAfterSeconds = seconds;
    },
    setRates: (next: Partial<RateOptions>) => void Object.assign(rates, next),
    /** From here on the token is refused, by REST and by the gateway. */
    refuseToken() {
      state.token = "another token";
    },
    user: addUser,
    /** A server; the bot is in it unless `hasBot` is false. */
    guild(id: string, given: Partial<Guild> & { botPermissions?: bigint } = {}): Guild {
      const { botPermissions = botOrdinary, ...rest } = given;
      const guild: Guild = {
        id,
        name: `server-${id}`,
        ownerId: "100000000000000001",
        locale: "en-GB",
        members: new Map(),
        commands: new Map(),
        automod: [],
        hasBot: true,
        ...rest,
      };
      state.guilds.set(id, guild);
      if (guild.hasBot) discord.member(id, state.bot.id, botPermissions);
      return guild;
    },
    /** A person in a server, with what they may do there. */
    member(guildId: string, userId: string, bits: bigint = ordinary, given: Partial<User> = {}): Member {
      const guild = state.guilds.get(guildId);
      if (!guild) throw new Error(`There is no server ${guildId}.`);
      const member = { user: addUser(userId, given), guildId, permissions: bits, roleId: state.nextId() };
      guild.members.set(userId, member);
      return member;
    },
    /** A text channel, or another kind by `type`. */
    channel(guildId: string, id: string, given: Partial<Channel> = {}): Channel {
      const channel = newChannel({ name: `channel-${id}`, ...given, id, guildId });
      state.channels.set(id, channel);
      return channel;
    },
    /** A thread, under a message where its id is that message's. */
    thread(parentId: string, id: string, given: Partial<Channel> = {}): Channel {
      const guildId = state.channels.get(parentId)?.guildId ?? "";
      return discord.channel(guildId, id, { ...given, type: channelTypes.thread, parentId });
    },
    messagesIn: (channelId: string): Message[] => state.channels.get(channelId)?.messages ?? [],
    /** What the bot has said where others see it. */
    shownIn: (channelId: string): Message[] =>
      (state.channels.get(channelId)?.messages ?? []).filter((one) => one.author.bot && one.onlyFor === null),
    directMessages: (userId: string): Message[] =>
      [...state.channels.values()].find(({ recipient }) => recipient === userId)?.messages ?? [],
    /** Requests by method and route, such as `POST /channels/:id/messages`. */
    requestsTo: (method: string, route: string): WireRequest[] =>
      state.requests.filter((one) => one.method === method && one.route === route),
    async close() {
      gateway.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return discord;
}
export type DiscordSimulator = Awaited<ReturnType<typeof createDiscordSimulator>>;
export type { Json };
