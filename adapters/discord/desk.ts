import type { AdapterDeps } from "../../src/contract/adapter.ts";
import type { ForumEntry, Inbound, StatsPicture } from "../../src/contract/core-api.ts";
import { may, permissions } from "./manifest.ts";
import type { Memories } from "./memories.ts";
import type { Call } from "./rest.ts";
import { answerTypes, flags, type Interaction, personOf } from "./schema.ts";
import { type Say, wordsOf } from "./words.ts";

/** What everything that answers people is given. */
export interface Desk {
  deps: AdapterDeps;
  call: Call;
  memories: Memories;
}

/** A message as Discord takes it; whoever it names is not called, and no address is unfurled. */
export interface Body {
  content: string;
  components: readonly unknown[];
  allowed_mentions: { parse: [] };
  flags: number;
}

export const body = (content: string, components: readonly unknown[] = [], more = 0): Body => ({
  content,
  components,
  allowed_mentions: { parse: [] },
  flags: flags.suppressEmbeds | more,
});

/** The first answer to an interaction, given at once, and what comes after it. */
export interface Reaction {
  first: { type: number; data?: unknown };
  /** What replaces a deferred answer; null where there is nothing to replace. */
  later?: () => Promise<Filling | null>;
}

/** What replaces a deferred answer, with a picture below it or without. */
export interface Filling {
  body: Body;
  picture: StatsPicture | null;
}

/** What is said to a person: words, and a picture below them where there is one. */
export type Said = string | { text: string; picture: StatsPicture | null };

/** A sentence that only the person sees. */
export const say = (content: string): Reaction => ({
  first: { type: answerTypes.message, data: body(content, [], flags.ephemeral) },
});

/** Tells the person at once that an answer is coming, which only they will see. */
export const later = (work: () => Promise<Said | null>): Reaction => ({
  first: { type: answerTypes.later, data: { flags: flags.ephemeral } },
  async later() {
    const said = await work();
    if (said === null) return null;
    const { text, picture } = typeof said === "string" ? { text: said, picture: null } : said;
    return { body: body(text.slice(0, 2000)), picture };
  },
});

export const byGuild = ["discord", "guildId"] as const;

/** The words for a server, by the language of its forum as this instance last knew it. */
export const wordsIn = ({ deps }: Desk, guild: string | undefined): Say =>
  wordsOf(guild === undefined ? undefined : deps.core.forumAtHand(...byGuild, guild)?.language);

/** A member whose interaction carries Manage Messages or Moderate Members; visibility of a command proves nothing. */
export const isModerator = (interaction: Interaction): boolean =>
  may(personOf(interaction)?.permissions, permissions.manageMessages, permissions.moderateMembers);

/** Whoever speaks for a forum here, and the id under which a repeat changes nothing. */
export const from = (forum: ForumEntry, voice: "moderator" | "member", eventId: string): Inbound => ({
  actor: { kind: "forum", forum: forum.slug, voice },
  eventId: `discord-${eventId}`,
});

/** The forum that a server is, from the database. */
export const forumOf = ({ deps }: Desk, guild: string): Promise<ForumEntry | null> =>
  deps.core.findForum(...byGuild, guild);
