import { createHash } from "node:crypto";

/** A browser of 2020 finds it in a second or two of a thread's time, while its reader types; each bit more doubles that. */
export const provedBits = 15;
/** As long as somebody may sit over the form. */
const livesMs = 6 * 3_600_000;

interface Stamp {
  /** Keyed by the instance, so that nobody makes challenges of their own. */
  hash(space: string, value: string): Uint8Array;
}

const sealOf = (stamp: Stamp, value: string): string =>
  Buffer.from(stamp.hash("proposal-challenge", value)).subarray(0, 16).toString("hex");

/** A challenge for one form: when it was made and what makes it the only one of its kind, sealed. `unique` is hexadecimal. */
export function createChallenge(stamp: Stamp, now: Date, unique: string): string {
  const value = `${now.getTime().toString(36)}.${unique}`;
  return `${value}.${sealOf(stamp, value)}`;
}

/** Whether the instance made this challenge, and not too long ago. */
export function isChallengeLive(stamp: Stamp, challenge: string, now: Date): boolean {
  const [, made = "", unique = "", seal] =
    /^([0-9a-z]{1,12})\.([0-9a-f]{32})\.([0-9a-f]{32})$/.exec(challenge) ?? [];
  if (seal === undefined || seal !== sealOf(stamp, `${made}.${unique}`)) return false;
  const ageMs = now.getTime() - Number.parseInt(made, 36);
  return ageMs >= 0 && ageMs <= livesMs;
}

/** Whether SHA-256 of `challenge:proof` begins with fifteen bits that are zero: about 33,000 tries find one. */
export function isProof(challenge: string, proof: string): boolean {
  if (!/^\d{1,10}$/.test(proof)) return false;
  const hash = createHash("sha256").update(`${challenge}:${proof}`).digest();
  return hash.readUInt32BE(0) >>> (32 - provedBits) === 0;
}

const mostKept = 10_000;

/** Proofs that were used, for as long as they live: each is good for one form. */
export function createProofMemory(stamp: Stamp) {
  const used = new Map<string, number>();
  return {
    /** Uses a proof up; whether it was one, of a live challenge, and new. */
    take({ challenge, proof }: { challenge: string; proof: string }, now: Date): boolean {
      if (!isChallengeLive(stamp, challenge, now) || !isProof(challenge, proof)) return false;
      if (used.has(challenge)) return false;
      for (const [key, until] of used) {
        if (until > now.getTime() && used.size < mostKept) break;
        used.delete(key);
      }
      used.set(challenge, now.getTime() + livesMs);
      return true;
    },
  };
}
