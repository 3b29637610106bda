import { randomBytes } from "node:crypto";
import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import type { Tx } from "../db/index.ts";
import type { Deps } from "../deps.ts";
import { bumpRevision } from "../register/index.ts";
import { lettersOf } from "../register/letters.ts";
import { forumAt, type Register, type RegisteredForum } from "../register/model.ts";
import { presentForumRunBy } from "./may-run.ts";
import { holdForum, insertLink, recordForumEvent, saveJoined, useLink } from "./store.ts";

const lifeMs = 24 * 60 * 60 * 1000;
const codeLength = 12;

export interface IssuedLink {
  /** Such as `7K4M-2QXD-93TB`: 60 random bits, told this one time. */
  code: string;
  /** ISO 8601, 24 h from now. */
  expiresAt: string;
}

/**
 * Makes a one-use code with which a platform's server joins this forum, within a transaction. Only its hash is kept.
 * Only an administrator or the forum's operator may; a forum that left gets none. Recorded as `forum.link-issued`.
 */
export async function issueLink(
  deps: Pick<Deps, "now" | "register" | "keyring">,
  tx: Tx,
  input: { forum: string },
  actor: Actor,
): Promise<IssuedLink> {
  const { forum } = input;
  presentForumRunBy(await deps.register(tx), forum, actor);
  if (!(await holdForum(tx, forum))) throw new DomainError("forum/not-found");
  const now = deps.now();
  const expiresAt = new Date(now.getTime() + lifeMs);
  const code = lettersOf(randomBytes(codeLength)).replace(/.{4}(?=.)/g, "$&-");
  await insertLink(tx, { forum, hash: hashOf(deps, code), now, expiresAt });
  await recordForumEvent(tx, { type: "forum.link-issued", forum, actor, now });
  return { code, expiresAt: expiresAt.toISOString() };
}

/**
 * Uses a code up and notes where its forum lives, such as `{ guildId }`; gives the forum's slug. Spaces, hyphens and
 * case mean nothing, O reads as 0, I and L as 1. Refuses a code that is unknown, used or out of date, or of a forum on
 * another platform (`forum/link-invalid`), and a place that belongs to another forum (`forum/already-joined`). The code
 * stays good after a refusal. Recorded as `forum.joined`.
 */
export async function joinForum(
  deps: Deps,
  input: { adapter: string; code: string; joined: Readonly<Record<string, string>> },
): Promise<string> {
  const { adapter, code, joined } = input;
  return deps.transaction(async (tx) => {
    const now = deps.now();
    const register = await deps.register(tx);
    const slug = await useLink(tx, hashOf(deps, code), now);
    const forum = slug === null ? undefined : register.forums.get(slug);
    if (!forum || forum.leftAt) throw new DomainError("forum/link-invalid");
    refuseOtherPlaces(register, forum, adapter, joined);
    await saveJoined(tx, forum.slug, adapter, joined);
    await bumpRevision(tx);
    const actor = { kind: "operator", forum: forum.slug } as const;
    await recordForumEvent(tx, { type: "forum.joined", forum: forum.slug, actor, now, data: { adapter } });
    return forum.slug;
  });
}

function refuseOtherPlaces(
  register: Register,
  forum: RegisteredForum,
  adapter: string,
  joined: Readonly<Record<string, string>>,
): void {
  if (forum.platform !== adapter) {
    const detail = `This code belongs to a forum whose platform is ${forum.platform ?? "not set"}.`;
    throw new DomainError("forum/link-invalid", { detail });
  }
  for (const [field, value] of Object.entries(joined)) {
    const holder = forumAt(register, adapter, field, value);
    if (holder && holder.slug !== forum.slug) throw new DomainError("forum/already-joined");
  }
}

function hashOf(deps: Pick<Deps, "keyring">, code: string): Uint8Array<ArrayBuffer> {
  const plain = code.toUpperCase().replace(/[\s-]/g, "").replaceAll("O", "0").replace(/[IL]/g, "1");
  return deps.keyring.hash("forum-link", plain);
}
