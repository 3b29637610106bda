import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import type { Deps } from "../deps.ts";
import { bumpRevision, loadRegister, lockRegister } from "../register/index.ts";
import type { Register, RegisteredForum } from "../register/model.ts";
import { idOf } from "./forum-id.ts";
import { mayDecide } from "./may-decide.ts";
import { recordForumEvent } from "./store.ts";
import { forgetVersions, saveDelisted } from "./store-versions.ts";

const space = "listing";

/** The address with which a forum takes itself out of the directory, for whoever runs it. It holds until a rename. */
export const listingLink = (deps: Pick<Deps, "keyring" | "baseUrl">, forum: string): string =>
  `${deps.baseUrl}/listing/${deps.keyring.token(space, idOf("forum", forum))}`;

/** The listing link of a forum, for administrators, publishers and the forum's operator. Refuses an unknown forum. */
export async function listingLinkFor(
  deps: Pick<Deps, "keyring" | "baseUrl" | "db" | "register">,
  forum: string,
  actor: Actor,
): Promise<string> {
  const register = await deps.register(deps.db);
  if (actor.kind !== "operator" || actor.forum !== forum) mayDecide(register, actor);
  if (!register.forums.has(forum)) throw new DomainError("forum/not-found");
  return listingLink(deps, forum);
}

/** The forum that a listing link is for, whether it is listed or not; null where the token is nobody's. */
export function readListingToken(
  deps: Pick<Deps, "keyring">,
  register: Register,
  token: string,
): RegisteredForum | null {
  const id = deps.keyring.readToken(space, token);
  if (id === null) return null;
  for (const forum of register.forums.values()) if (idOf("forum", forum.slug) === id) return forum;
  return null;
}

/**
 * Takes a forum out of the public directory at its own wish: at this commit its page, its place in lists, files and
 * feeds and its history are gone. What it agreed about referrals stays. Twice is once. It is listed again when a register
 * is applied that says it consented anew. Recorded as `forum.delisted`.
 */
export async function withdrawListing(
  deps: Pick<Deps, "now" | "transaction">,
  input: { forum: string },
  actor: Actor,
): Promise<void> {
  await deps.transaction(async (tx) => {
    await lockRegister(tx);
    const { register } = await loadRegister(tx);
    const isOperator = actor.kind === "operator" && actor.forum === input.forum;
    if (actor.kind !== "admin" && !isOperator) throw new DomainError("access/forbidden");
    if (!register.forums.has(input.forum)) throw new DomainError("forum/not-found");
    const now = deps.now();
    if (!(await saveDelisted(tx, input.forum, now))) return;
    await forgetVersions(tx, input.forum);
    await bumpRevision(tx);
    await recordForumEvent(tx, { type: "forum.delisted", forum: input.forum, actor, now });
  });
}
