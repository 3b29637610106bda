import { createHmac, randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { AdapterDeps } from "../../src/contract/adapter.ts";

/** What a moderator chose to refer, between opening the form and sending it. */
export interface Draft {
  guild: string;
  channel: string;
  message: string | null;
  /** The member's id on Discord. */
  author: string | null;
  excerpt: string;
  title: string | null;
  board: string | null;
}

const KeptDraft = z.object({
  guild: z.string(),
  channel: z.string(),
  message: z.string().nullable(),
  author: z.string().nullable(),
  title: z.string().nullable(),
  board: z.string().nullable(),
  pieces: z.number(),
});

/** What is known of a referral's post: the member by a keyed hash, and by their id only while they are being asked. */
const Post = z.object({
  guild: z.string(),
  member: z.string().nullable(),
  asked: z.string().nullable(),
  reference: z.string().nullable(),
});
export type Post = z.infer<typeof Post>;

const Known = z.object({ reference: z.string(), is: z.enum(["post", "reply"]) });
type Known = z.infer<typeof Known>;

/** How far a channel was looked through for a delivery, and which of its parts were seen. */
const Search = z.object({ after: z.string(), found: z.array(z.tuple([z.number(), z.string()])) });
type Search = z.infer<typeof Search>;

/** Longer than a delivery is tried. */
const searchMs = 6 * 24 * 60 * 60_000;
const draftMs = 60 * 60_000;
/** A value may take 4 kB; a character takes at most 6 bytes of JSON here, where controls are written out. */
const pieceLength = 600;
const mostDrafts = 1_000;
const pepperLeaseMs = 10_000;

export type Memories = ReturnType<typeof createMemories>;

/** What this adapter remembers, beside what the core keeps: drafts, posts, and the key of its hashes. */
export function createMemories({ memory }: Pick<AdapterDeps, "memory">) {
  const drafts = new Map<string, Draft>();
  let pepper: Buffer | null = null;
  let seeking: Promise<Buffer> | null = null;

  async function seek(): Promise<Buffer> {
    for (;;) {
      const kept = await memory.get("pepper");
      if (typeof kept === "string") return Buffer.from(kept, "base64");
      if (await memory.lease("pepper", pepperLeaseMs)) {
        const again = await memory.get("pepper");
        if (typeof again === "string") return Buffer.from(again, "base64");
        const made = randomBytes(32);
        await memory.set("pepper", made.toString("base64"));
        return made;
      }
      await sleep(200);
    }
  }

  const hash = (key: Buffer, ...parts: string[]): string =>
    createHmac("sha256", key).update(parts.join(" ")).digest("base64url").slice(0, 22);

  /** Names are not sealed as values are, so a message stands there by its keyed hash. */
  async function messageKey(message: string): Promise<string> {
    await known.open();
    return `message:${pepper === null ? "" : hash(pepper, "message", message)}`;
  }

  const known = {
    /** Makes or reads the key of the hashes; asked again after a failure. */
    async open(): Promise<void> {
      seeking ??= seek();
      try {
        pepper = await seeking;
      } catch (error) {
        seeking = null;
        throw error;
      }
    },

    /** The member of a server as a keyed hash: the pseudonym under which a forum's referrals go. */
    async memberHash(guild: string, user: string): Promise<string> {
      await known.open();
      return pepper === null ? "" : hash(pepper, "member", guild, user);
    },

    /** Marks a button of one referral as its member's; two referrals of one member have different marks. */
    async tagOf(reference: string, member: string | null): Promise<string> {
      await known.open();
      return member === null || pepper === null ? "-" : hash(pepper, "tag", reference, member);
    },

    /** Whether this person is the member whose mark the button carries; null while the key is not at hand. */
    isMember(
      person: { guild: string; user: string },
      { reference, tag }: { reference: string; tag: string },
    ) {
      if (pepper === null) return null;
      return tag === hash(pepper, "tag", reference, hash(pepper, "member", person.guild, person.user));
    },

    /** Keeps a draft for an hour, on this instance at once and for the others as soon as the database has it. */
    async keepDraft(id: string, draft: Draft): Promise<void> {
      if (drafts.size >= mostDrafts) drafts.delete(drafts.keys().next().value ?? "");
      drafts.set(id, draft);
      const { excerpt, ...rest } = draft;
      const pieces = excerpt.match(new RegExp(`[\\s\\S]{1,${pieceLength}}`, "g")) ?? [];
      const keep = { ttlMs: draftMs };
      await Promise.all(pieces.map((piece, i) => memory.set(`text:${id}:${i}`, piece, keep)));
      await memory.set(`draft:${id}`, { ...rest, pieces: pieces.length }, keep);
    },

    async readDraft(id: string): Promise<Draft | null> {
      const own = drafts.get(id);
      if (own) return own;
      const kept = KeptDraft.safeParse(await memory.get(`draft:${id}`)).data;
      if (!kept) return null;
      const { pieces, ...rest } = kept;
      const texts = await Promise.all(
        Array.from({ length: pieces }, (_, i) => memory.get(`text:${id}:${i}`)),
      );
      return { ...rest, excerpt: texts.map((piece) => (typeof piece === "string" ? piece : "")).join("") };
    },

    /** Nothing of a draft stays once it is a referral. */
    async dropDraft(id: string, { excerpt }: Draft): Promise<void> {
      drafts.delete(id);
      const gone = { ttlMs: 1 };
      await memory.set(`draft:${id}`, null, gone);
      const pieces = Math.ceil(excerpt.length / pieceLength);
      await Promise.all(Array.from({ length: pieces }, (_, i) => memory.set(`text:${id}:${i}`, null, gone)));
    },

    async readPost(id: string | null): Promise<Post | null> {
      return id === null ? null : (Post.safeParse(await memory.get(`post:${id}`)).data ?? null);
    },

    /** What a message is to a referral, so that its end is noticed. */
    async keepMessage(message: string, { reference, is }: Known): Promise<void> {
      await memory.set(await messageKey(message), { reference, is }, { reference });
    },

    async readMessage(message: string): Promise<Known | null> {
      return Known.safeParse(await memory.get(await messageKey(message))).data ?? null;
    },

    /** A message that we take away ourselves says nothing by being gone. */
    async dropMessage(message: string): Promise<void> {
      await memory.set(await messageKey(message), null, { ttlMs: 1 });
    },

    /** A look-up that has to go on later: it names no person and says nothing. */
    keepSearch: (delivery: string, channel: string, search: Search): Promise<void> =>
      memory.set(`search:${delivery}:${channel}`, search, { ttlMs: searchMs }),

    async readSearch(delivery: string, channel: string): Promise<Search | null> {
      return Search.safeParse(await memory.get(`search:${delivery}:${channel}`)).data ?? null;
    },

    /** What a look-up saw says nothing any more once that has been taken away. */
    dropSearch: (delivery: string, channel: string): Promise<void> =>
      memory.set(`search:${delivery}:${channel}`, null, { ttlMs: 1 }),

    /** With a reference it goes when the referral's content does; without, after an hour. */
    keepPost: (id: string, post: Post): Promise<void> =>
      memory.set(
        `post:${id}`,
        post,
        post.reference === null ? { ttlMs: draftMs } : { reference: post.reference },
      ),
  };
  return known;
}
