/**
 * The process that holds the gateway and nothing else. It runs the client of discord.js, which can end its process, and
 * tells the server what it hears; it decides nothing and knows no database. It ends with the server.
 */
import {
  Client,
  Events,
  GatewayDispatchEvents,
  GatewayIntentBits,
  type Message,
  Options,
  PermissionFlagsBits,
} from "discord.js";
import { type Hopeless, Opening, type Told } from "./gateway-words.ts";

/** None of these is privileged: an answer to the bot's own message comes with its text all the same. */
const intents = [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages];
const aliveEveryMs = 10_000;
const requestMs = 10_000;
/** Close codes after which Discord wants no other attempt (topics/opcodes-and-status-codes). */
const refusedToken = 4004;
const refusedIntents = [4013, 4014];

const tell = (told: Told): void => void process.send?.(told);

/** Says why no other attempt helps, and ends when that has been handed over. */
function giveUp(reason: Hopeless): void {
  process.send?.({ type: "hopeless", reason } satisfies Told, () => process.exit(0));
}

function open({ token, apiUrl }: Opening): void {
  const client = new Client({
    intents,
    allowedMentions: { parse: [] },
    makeCache: Options.cacheWithLimits({ ...Options.DefaultMakeCacheSettings, MessageManager: 25 }),
    rest: { ...(apiUrl === null ? {} : { api: apiUrl }), version: "10", retries: 0, timeout: requestMs },
  });
  client.on(Events.ClientReady, () => tell({ type: "ready" }));
  client.on(Events.MessageCreate, (message) => hear(client, message));
  client.on(Events.Error, () => {});
  client.on(Events.ShardError, () => {});
  client.on(Events.ShardDisconnect, ({ code }) => {
    if (code === refusedToken) giveUp("token-refused");
    else giveUp(refusedIntents.includes(code) ? "intents-refused" : "gateway-refused");
  });
  // A session that Discord ended for good.
  client.on(Events.Invalidated, () => process.exit(1));
  client.ws.on(GatewayDispatchEvents.InteractionCreate, (interaction: unknown) =>
    tell({ type: "interaction", interaction }),
  );
  client.login(token).catch((error: unknown) => {
    const code = typeof error === "object" && error !== null && "code" in error ? error.code : null;
    if (code === "TokenInvalid") giveUp("token-refused");
    else process.exit(1);
  });
}

function hear(client: Client, message: Message): void {
  const { reference, author, guildId, channelId, member, channel } = message;
  if (author.bot || guildId === null || !reference?.messageId || channel.isDMBased()) return;
  const answered = channel.messages.cache.get(reference.messageId);
  if (!answered || answered.author.id !== client.user?.id) return;
  const rights = member === null ? null : channel.permissionsFor(member);
  const isModerator =
    rights?.any([PermissionFlagsBits.ManageMessages, PermissionFlagsBits.ModerateMembers]) ?? false;
  const { id, content } = message;
  const heard = { id, guild: guildId, channel: channelId, author: author.id, isModerator, content };
  tell({ type: "heard", heard: { ...heard, answered: answered.content } });
}

process.once("message", (message) => open(Opening.parse(message)));
process.on("disconnect", () => process.exit(0));
setInterval(() => tell({ type: "alive" }), aliveEveryMs);
