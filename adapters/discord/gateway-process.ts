/**
 * The process that holds the gateway and nothing else. It runs the client of discord.js, which can end its process, and
 * tells the server what it hears; it decides nothing and knows no database. It ends with the server.
 */
import {
  Client,
  Events,
  GatewayDispatchEvents,
  GatewayIntentBits,
  Options,
  PermissionFlagsBits,
} from "discord.js";
import { z } from "zod";
import { type Hopeless, Opening, type Told } from "./gateway-words.ts";

/** None of these is privileged: an answer to the bot's own message comes with its text all the same. */
const intents = [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages];
const aliveEveryMs = 10_000;
const requestMs = 10_000;
/** Connections that fail in a row, in about half a minute: then the server waits, with pauses that grow. */
const mostTries = 60;
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
    makeCache: Options.cacheWithLimits({ ...Options.DefaultMakeCacheSettings, MessageManager: 0 }),
    rest: { ...(apiUrl === null ? {} : { api: apiUrl }), version: "10", retries: 0, timeout: requestMs },
  });
  // Each session that begins, the first and every one after a session that was lost.
  client.on(Events.ShardReady, () => tell({ type: "ready" }));
  client.ws.on(GatewayDispatchEvents.MessageCreate, (message: unknown) => hear(client, message));
  client.on(Events.Error, () => {});
  client.on(Events.ShardError, () => {});
  client.on(Events.ShardDisconnect, ({ code }) => {
    if (code === refusedToken) giveUp("token-refused");
    else giveUp(refusedIntents.includes(code) ? "intents-refused" : "gateway-refused");
  });
  // The library tries again every half second, for ever.
  let tries = 0;
  const isBack = () => {
    tries = 0;
  };
  client.on(Events.ShardReady, isBack).on(Events.ShardResume, isBack);
  client.on(Events.ShardReconnecting, () => {
    tries += 1;
    if (tries > mostTries) process.exit(1);
  });
  // A session that Discord ended for good.
  client.on(Events.Invalidated, () => process.exit(1));
  client.ws.on(GatewayDispatchEvents.InteractionCreate, (interaction: unknown) =>
    tell({ type: "interaction", interaction }),
  );
  client.ws.on(GatewayDispatchEvents.MessageDelete, (gone: unknown) => miss(gone));
  client.ws.on(GatewayDispatchEvents.MessageDeleteBulk, (gone: unknown) => miss(gone));
  client.login(token).catch((error: unknown) => {
    const code = typeof error === "object" && error !== null && "code" in error ? error.code : null;
    if (code === "TokenInvalid") giveUp("token-refused");
    else process.exit(1);
  });
}

/** The parts of a new message that are used, as the gateway sends it. */
const Said = z.object({
  id: z.string(),
  channel_id: z.string(),
  guild_id: z.string().optional(),
  content: z.string(),
  author: z.object({ id: z.string(), bot: z.boolean().optional() }),
  member: z.object({ roles: z.array(z.string()) }).optional(),
  referenced_message: z.object({ content: z.string(), author: z.object({ id: z.string() }) }).nullish(),
});
type Said = z.infer<typeof Said>;

/** Tells of an answer to a message of ours, and of nothing else. A thread need not be known to the library for it. */
function hear(client: Client, message: unknown): void {
  const said = Said.safeParse(message).data;
  const answered = said?.referenced_message;
  if (!said?.guild_id || !answered || said.author.bot === true) return;
  if (answered.author.id !== client.user?.id) return;
  const heard = {
    id: said.id,
    guild: said.guild_id,
    channel: said.channel_id,
    author: said.author.id,
    isModerator: isModerator(client, said, said.guild_id),
    content: said.content,
    answered: answered.content,
  };
  tell({ type: "heard", heard });
}

/** One message that is gone, or several. */
const Gone = z.object({
  id: z.string().optional(),
  ids: z.array(z.string()).default([]),
  guild_id: z.string().optional(),
});

/** Tells which messages are gone; only the server knows whether one of them was referred. */
function miss(message: unknown): void {
  const gone = Gone.safeParse(message).data;
  if (!gone?.guild_id) return;
  const messages = gone.id === undefined ? gone.ids : [gone.id];
  tell({ type: "deleted", deleted: { guild: gone.guild_id, messages } });
}

/** By the roles of the server; what a single channel adds to them counts for buttons, which bring it with them. */
function isModerator(client: Client, { author, member }: Said, guildId: string): boolean {
  const guild = client.guilds.cache.get(guildId);
  if (!guild) return false;
  if (guild.ownerId === author.id) return true;
  const roles = [guildId, ...(member?.roles ?? [])].map((id) => guild.roles.cache.get(id));
  return roles.some((role) =>
    role?.permissions.any([PermissionFlagsBits.ManageMessages, PermissionFlagsBits.ModerateMembers]),
  );
}

process.once("message", (message) => open(Opening.parse(message)));
process.on("disconnect", () => process.exit(0));
setInterval(() => tell({ type: "alive" }), aliveEveryMs);
