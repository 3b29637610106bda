import { z } from "zod";
import type { Desk } from "./desk.ts";
import type { Heard } from "./gateway-words.ts";
import { may, permissions } from "./manifest.ts";

/** How far back is looked when the gateway opens, and in how many channels of a server at most. */
const sinceMs = 15 * 60_000;
const mostChannels = 20;
const mostMessages = 100;
const discordEpochMs = 1_420_070_400_000;

const Id = z.string();
const Me = z.object({ id: Id });
const Guild = z.object({ owner_id: Id, roles: z.array(z.object({ id: Id, permissions: z.string() })) });
const Channels = z.array(z.object({ id: Id, last_message_id: Id.nullish() }));
const Threads = z.object({ threads: Channels });
const Member = z.object({ roles: z.array(Id) });
const Messages = z.array(
  z.object({
    id: Id,
    content: z.string(),
    author: z.object({ id: Id, bot: z.boolean().optional() }),
    message_reference: z.object({ message_id: Id.optional() }).optional(),
    referenced_message: z.object({ content: z.string(), author: z.object({ id: Id }) }).nullish(),
  }),
);

/** When a message was written; its id says so (reference, "Snowflakes"). */
const writtenMs = (id: string): number => Number(BigInt(id) >> 22n) + discordEpochMs;

/**
 * Hands on the answers to our messages that were written while nobody was connected: a session that is over has lost them.
 * What we have said a word back to was heard; what is heard twice counts once.
 */
export async function catchUp(desk: Desk, hear: (heard: Heard) => void): Promise<void> {
  const { core, logger } = desk.deps;
  try {
    const forums = await core.listForums("discord");
    const guilds = forums.map(({ address }) => address.guildId).filter((id) => typeof id === "string");
    if (guilds.length === 0) return;
    const { id: us } = Me.parse(await desk.call({ method: "GET", path: "/users/@me" }));
    for (const guild of guilds) await catchUpIn(desk, { guild, us, hear });
  } catch (error) {
    logger.info("What was said while the gateway was away could not be looked up.", { adapter: "discord" });
    logger.debug("Why not.", {
      adapter: "discord",
      outcome: error instanceof Error ? error.name : "unknown",
    });
  }
}

interface Search {
  guild: string;
  us: string;
  hear: (heard: Heard) => void;
}

async function catchUpIn(desk: Desk, search: Search): Promise<void> {
  const { guild, us, hear } = search;
  const from = desk.deps.now().getTime() - sinceMs;
  for (const channel of await livelyChannels(desk, guild, from)) {
    const path = `/channels/${channel}/messages` as const;
    const found = await desk.call({ method: "GET", path, query: { limit: String(mostMessages) } });
    const messages = Messages.parse(found);
    const answered = new Set(
      messages.flatMap(({ author, message_reference: to }) => (author.id === us ? [to?.message_id] : [])),
    );
    for (const { id, author, content, referenced_message: ours } of messages) {
      const isToUs = author.bot !== true && ours?.author.id === us && !answered.has(id);
      if (!isToUs || writtenMs(id) < from) continue;
      const isModerator = await moderates(desk, guild, author.id);
      hear({ id, guild, channel, author: author.id, isModerator, content, answered: ours.content });
    }
  }
}

/** Channels and threads in which something was written since, the newest first. */
async function livelyChannels({ call }: Desk, guild: string, from: number): Promise<string[]> {
  const channels = Channels.parse(await call({ method: "GET", path: `/guilds/${guild}/channels` }));
  const { threads } = Threads.parse(await call({ method: "GET", path: `/guilds/${guild}/threads/active` }));
  return [...channels, ...threads]
    .map(({ id, last_message_id: last }) => ({ id, at: last ? writtenMs(last) : 0 }))
    .filter(({ at }) => at >= from)
    .sort((a, b) => b.at - a.at)
    .slice(0, mostChannels)
    .map(({ id }) => id);
}

async function moderates({ call }: Desk, guild: string, user: string): Promise<boolean> {
  const { owner_id: owner, roles } = Guild.parse(await call({ method: "GET", path: `/guilds/${guild}` }));
  const member = Member.parse(await call({ method: "GET", path: `/guilds/${guild}/members/${user}` }));
  const own = new Set([guild, ...member.roles]);
  const wanted = [permissions.manageMessages, permissions.moderateMembers];
  return owner === user || roles.some((role) => own.has(role.id) && may(role.permissions, ...wanted));
}
