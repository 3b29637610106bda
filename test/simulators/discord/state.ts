import { generateKeyPairSync } from "node:crypto";
import type { Json } from "../slack/json.ts";

/** The bits that matter here (Discord's documentation, topics/permissions). */
export const permissions = {
  administrator: 1n << 3n,
  manageChannels: 1n << 4n,
  manageGuild: 1n << 5n,
  viewChannel: 1n << 10n,
  sendMessages: 1n << 11n,
  manageMessages: 1n << 13n,
  embedLinks: 1n << 14n,
  attachFiles: 1n << 15n,
  readMessageHistory: 1n << 16n,
  mentionEveryone: 1n << 17n,
  useApplicationCommands: 1n << 31n,
  manageThreads: 1n << 34n,
  createPublicThreads: 1n << 35n,
  sendMessagesInThreads: 1n << 38n,
  moderateMembers: 1n << 40n,
} as const;

/** What @everyone may do in a new server. */
export const ordinary =
  permissions.viewChannel |
  permissions.sendMessages |
  permissions.embedLinks |
  permissions.attachFiles |
  permissions.readMessageHistory |
  permissions.useApplicationCommands |
  permissions.createPublicThreads |
  permissions.sendMessagesInThreads;

export const channelTypes = { text: 0, dm: 1, announcement: 5, thread: 11, forum: 15 } as const;

export interface User {
  id: string;
  username: string;
  bot: boolean;
  /** Takes no direct messages from members of a server. */
  dmsClosed: boolean;
  locale: string;
}

export interface Member {
  user: User;
  guildId: string;
  permissions: bigint;
  roleId: string;
}

export interface Guild {
  id: string;
  name: string;
  ownerId: string;
  locale: string;
  members: Map<string, Member>;
  commands: Map<string, Json>;
  /** Automatic moderation: what matches is blocked. */
  automod: RegExp[];
  /** False where somebody uses the app who installed it for themselves: the bot is not there. */
  hasBot: boolean;
}

export interface Channel {
  id: string;
  type: number;
  guildId: string | null;
  name: string;
  parentId: string | null;
  /** Taken from one person or bot in this channel, by id. */
  denied: Map<string, bigint>;
  messages: Message[];
  locked: boolean;
  archived: boolean;
  slowmodeSeconds: number;
  tags: { id: string; name: string }[];
  requireTag: boolean;
  appliedTags: string[];
  /** The other side of a direct message. */
  recipient: string | null;
}

export interface Message {
  id: string;
  channelId: string;
  author: User;
  content: string;
  atMs: number;
  editedMs: number | null;
  embeds: Json[];
  components: Json[];
  attachments: Json[];
  flags: number;
  nonce: string | number | null;
  replyTo: string | null;
  /** The users whose attention it got. */
  mentions: string[];
  mentionsEveryone: boolean;
  /** Seen by this person alone. */
  onlyFor: string | null;
  /** The interaction that it answers. */
  interactionId: string | null;
  /** The body it was last written with, as it came over the wire. */
  body: Json;
  edits: number;
}

/** One use of the app by a person. */
export interface Interaction {
  id: string;
  token: string;
  type: number;
  user: string;
  guildId: string | null;
  channelId: string;
  /** The message whose component was used, or whose modal was submitted. */
  messageId: string | null;
  atMs: number;
  payload: Json;
  isUserInstall: boolean;
  copies: number;
  /** The callback that counted. */
  first: { type: number; atMs: number; body: Json } | null;
  isDead: boolean;
  original: Message | null;
  /** Deferred and not filled yet. */
  isThinking: boolean;
  followUps: Message[];
  modal: Json | null;
  isModalUsed: boolean;
}

/** One request of the app as it came over the wire, and what it was answered with. */
export interface WireRequest {
  method: string;
  /** Without `/api/v10`, ids as they were sent. */
  path: string;
  /** The same with `:id` and `:token` in their places. */
  route: string;
  body: Json | Json[] | null;
  authorization: string | null;
  status: number;
  atMs: number;
}

/** How one request is answered instead of as usual; `error:50001` is a refusal with that code. */
export type Fault =
  | "429"
  | "429-global"
  | "500"
  | "slow"
  | "reset"
  | "applied-then-reset"
  | "applied-then-500"
  | `error:${number}`;

const discordEpochMs = 1_420_070_400_000n;

/** Everything Discord knows. */
export function createState(now: () => Date) {
  let counted = 0n;
  const keys = generateKeyPairSync("ed25519");
  const applicationId = "900000000000000001";
  const bot: User = {
    id: applicationId,
    username: "fingerpost",
    bot: true,
    dmsClosed: false,
    locale: "en-GB",
  };
  return {
    applicationId,
    bot,
    token: "OTAwMDAwMDAwMDAwMDAwMDAx.test.bot-token-of-the-simulator",
    privateKey: keys.privateKey,
    /** 32 bytes as hex, as `DISCORD_PUBLIC_KEY`. */
    publicKey: keys.publicKey.export({ format: "der", type: "spki" }).subarray(-32).toString("hex"),
    users: new Map<string, User>([[bot.id, bot]]),
    guilds: new Map<string, Guild>(),
    channels: new Map<string, Channel>(),
    commands: new Map<string, Json>(),
    /** Commands made today in each server, and globally under the empty name. */
    made: new Map<string, number>(),
    interactions: new Map<string, Interaction>(),
    requests: [] as WireRequest[],
    violations: [] as string[],
    /** Intents beyond the ordinary that the application was granted. */
    privileged: 0,
    interactionsUrl: null as string | null,
    now,
    /** Where the gateway hears of what happens; set by it. */
    dispatch: (
      _name: "MESSAGE_CREATE" | "MESSAGE_UPDATE" | "MESSAGE_DELETE" | "THREAD_CREATE",
      _of: Message | Channel,
    ) => {},
    nextId(): string {
      counted += 1n;
      return String(((BigInt(now().getTime()) - discordEpochMs) << 22n) + counted);
    },
  };
}
export type State = ReturnType<typeof createState>;

/** What somebody may do in a channel; threads take their parent's. */
export function permissionsIn(state: State, userId: string, channel: Channel): bigint {
  if (channel.guildId === null) return ordinary;
  const guild = state.guilds.get(channel.guildId);
  const member = guild?.members.get(userId);
  if (!guild || !member) return 0n;
  if (guild.ownerId === userId || (member.permissions & permissions.administrator) !== 0n)
    return (1n << 50n) - 1n;
  const place =
    channel.parentId !== null && channel.type === channelTypes.thread ? channel.parentId : channel.id;
  const denied = state.channels.get(place)?.denied.get(userId) ?? 0n;
  return member.permissions & ~denied;
}

export const mayIn = (state: State, userId: string, channel: Channel, bit: bigint): boolean =>
  (permissionsIn(state, userId, channel) & bit) === bit;

export const isThread = (channel: Channel): boolean => channel.type === channelTypes.thread;

export function messageOf(state: State, channelId: string, messageId: string): Message | undefined {
  return state.channels.get(channelId)?.messages.find(({ id }) => id === messageId);
}
