import type { Memory } from "../contract/adapter.ts";
import type { Deps } from "../deps.ts";
import { referralIdOf, selectMemory, takeLease, upsertMemory } from "./store/memories.ts";

const greatestBytes = 4_096;

/** Key of what a delivery asked to remember for later ones of the same referral at the same destination. */
export const rememberKey = (referralId: string, destination: string): string =>
  `remember:${referralId}:${destination}`;

/** The JSON of a value an adapter wants kept; null where it is more than 4 kB or no JSON. */
export function memorable(value: unknown): string | null {
  const json = JSON.stringify(value);
  return json === undefined || Buffer.byteLength(json) > greatestBytes ? null : json;
}

/**
 * Small values of one adapter in a name space of its own, sealed under the instance's key. A value with a `reference`
 * is erased with that referral. More than 4 kB of JSON is refused by a throw: that is a bug of the adapter.
 */
export function createMemory(
  deps: Pick<Deps, "db" | "now" | "keyring">,
  adapter: string,
  instance: string,
): Memory {
  return {
    async get(key) {
      const sealed = await selectMemory(deps.db, adapter, key, deps.now());
      return sealed === null ? undefined : JSON.parse(deps.keyring.openSecret(sealed));
    },
    async set(key, value, options = {}) {
      const json = memorable(value);
      if (json === null) throw new Error("An adapter may remember at most 4 kB of JSON.");
      const referralId =
        options.reference === undefined ? null : await referralIdOf(deps.db, options.reference);
      const now = deps.now();
      const expiresAt = options.ttlMs === undefined ? null : new Date(now.getTime() + options.ttlMs);
      await upsertMemory(deps.db, {
        adapter,
        key,
        value: deps.keyring.sealSecret(json),
        referralId,
        expiresAt,
      });
    },
    async lease(name, ttlMs) {
      const now = deps.now();
      return takeLease(deps.db, {
        adapter,
        name,
        holder: instance,
        now,
        until: new Date(now.getTime() + ttlMs),
      });
    },
  };
}
