import { timingSafeEqual } from "node:crypto";
import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import type { Deps } from "../deps.ts";
import { hashKey, isKeyShaped } from "./keys.ts";
import { actorFor, isInRegister, ownerOf } from "./scopes.ts";
import { findKeyByHash } from "./store.ts";

export interface AuthenticateDeps extends Pick<Deps, "db" | "now" | "register"> {
  /** `ADMIN_API_KEY`, or null where there is none. */
  adminApiKey: string | null;
}

/** The id under which what `ADMIN_API_KEY` did stands in the audit. */
export const environmentKeyId = "environment";

/**
 * Who a bearer key is. Refuses, always in the same words (`access/unauthenticated`), a key that is unknown, revoked, past
 * its end, or whose owner is no longer in the register. Read anew each time: a key that was revoked is dead at once.
 */
export async function authenticateKey(deps: AuthenticateDeps, bearer: string): Promise<Actor> {
  const hash = hashKey(bearer);
  if (deps.adminApiKey !== null && timingSafeEqual(hashKey(deps.adminApiKey), hash))
    return { kind: "admin", keyId: environmentKeyId };
  if (!isKeyShaped(bearer)) throw new DomainError("access/unauthenticated");
  const key = await findKeyByHash(deps.db, hash);
  const owner = key === null ? null : ownerOf(key.scopes);
  if (key === null || owner === null || key.revokedAt !== null)
    throw new DomainError("access/unauthenticated");
  if (key.expiresAt !== null && key.expiresAt <= deps.now()) throw new DomainError("access/unauthenticated");
  if (!isInRegister(owner, await deps.register(deps.db))) throw new DomainError("access/unauthenticated");
  return actorFor(owner, key.id);
}
