import { timingSafeEqual } from "node:crypto";
import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import type { Deps } from "../deps.ts";
import { registerAtHand } from "../register/index.ts";
import { actorsOf } from "./actors-of.ts";
import { hashKey, isKeyShaped } from "./keys.ts";
import { actorFor, isInRegister, type Owner, ownerOf } from "./scopes.ts";
import { findKeyByHash } from "./store.ts";

export interface AuthenticateDeps extends Pick<Deps, "db" | "now" | "register"> {
  /** `ADMIN_API_KEY`, or null where there is none. */
  adminApiKey: string | null;
}

/** The id under which what `ADMIN_API_KEY` did stands in the audit. */
export const environmentKeyId = "environment";

/** A caller whom this process knew before: the key is still to be proved, by the statement that does what they ask. */
export interface Proof {
  keyId: string;
  /** Proves the key now; refuses one that does not hold any more. */
  renew(): Promise<void>;
}

interface Remembered {
  keyId: string;
  owner: Owner;
}

/** A bound on the memory; the keys of advisors of a few departments. */
const mostRemembered = 10_000;

/**
 * Who bearers of keys are. `authenticate` asks the database each time. `recall` knows an advisor's key that was good
 * before, by the register at hand, and asks nobody: what its caller then does has to check the key in the same statement, or
 * renew the proof first. Null for everybody else.
 */
export function createAuthentication(deps: AuthenticateDeps) {
  const remembered = new Map<string, Remembered>();
  const authenticate = (bearer: string) =>
    authenticateKey(deps, bearer, (hash, known) => {
      if (remembered.size >= mostRemembered) remembered.clear();
      remembered.set(hash, known);
    });
  return {
    authenticate,
    /** What the bearer of a person's key may act as, as it is when they sign in; nobody else has more than one part. */
    async actorsOf(actor: Actor): Promise<Actor[]> {
      if (actor.kind !== "person") return [actor];
      return actorsOf([`person:${actor.id}`], await deps.register(deps.db), "");
    },
    recall(bearer: string): { actor: Actor; proof: Proof } | null {
      const known = remembered.get(nameOf(hashKey(bearer)));
      const register = registerAtHand(deps.register);
      if (known?.owner.kind !== "advisor" || register === null || !isInRegister(known.owner, register))
        return null;
      const renew = async () => void (await authenticate(bearer));
      return { actor: actorFor(known.owner, known.keyId), proof: { keyId: known.keyId, renew } };
    },
  };
}

/** Only the hash is kept, here as in the database. */
const nameOf = (hash: Uint8Array): string => Buffer.from(hash).toString("base64url");

/**
 * Who a bearer key is. Refuses, always in the same words (`access/unauthenticated`), a key that is unknown, revoked, past
 * its end, or whose owner is no longer in the register. Read anew each time: a key that was revoked is dead at once.
 */
export async function authenticateKey(
  deps: AuthenticateDeps,
  bearer: string,
  remember?: (hash: string, known: Remembered) => void,
): Promise<Actor> {
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
  remember?.(nameOf(hash), { keyId: key.id, owner });
  return actorFor(owner, key.id);
}
