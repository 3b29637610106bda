import { z } from "zod";
import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import type { Deps } from "../deps.ts";
import { recordedAs } from "./create-key.ts";
import { ownerOf } from "./scopes.ts";
import { countUse, markRevoked, recordEvent } from "./store.ts";

export interface RevokedKey {
  id: string;
  name: string;
  scopes: string[];
  revokedAt: string;
  /**
   * The events between its making and its end. `counted` says whose: an administrator's key leaves its own id in each;
   * for any other it is everything that its owner did in that time, with this key or without.
   */
  usedFor: { events: number; lastAt: string | null; counted: "key" | "owner" };
}

/**
 * Ends a key at once, on every instance, and tells what was done with it. A second time gives the same answer. An
 * unknown id is `access/key-not-found`. Recorded as `key.revoked`.
 */
export async function revokeKey(deps: Deps, id: string, by: Actor): Promise<RevokedKey> {
  if (!z.uuid().safeParse(id).success) throw new DomainError("access/key-not-found");
  const now = deps.now();
  return deps.transaction(async (tx) => {
    const revoked = await markRevoked(tx, id, now);
    if (revoked === null) throw new DomainError("access/key-not-found");
    const { key, changed } = revoked;
    const owner = ownerOf(key.scopes);
    const use = await countUse(tx, key, owner, key.revokedAt);
    if (changed)
      await recordEvent(tx, {
        type: "key.revoked",
        at: now,
        ...recordedAs(by),
        data: { key: id, scopes: key.scopes },
      });
    const counted = owner === null || owner.kind === "admin" || owner.kind === "manager" ? "key" : "owner";
    return {
      id: key.id,
      name: key.name,
      scopes: key.scopes,
      revokedAt: key.revokedAt.toISOString(),
      usedFor: { events: use.events, lastAt: use.lastAt?.toISOString() ?? null, counted },
    };
  });
}
