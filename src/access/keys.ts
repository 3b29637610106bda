import { createHash, randomBytes } from "node:crypto";

const prefix = "fp_";
const secretBytes = 32;
const shape = new RegExp(`^${prefix}[A-Za-z0-9_-]{43}$`);

/** A new key: `fp_` and 256 random bits in base64url. */
export function newKey(): string {
  return prefix + randomBytes(secretBytes).toString("base64url");
}

/** Whether a text can be a key that was made here, so that others need no look-up. */
export function isKeyShaped(text: string): boolean {
  return shape.test(text);
}

/** What is kept of a key. A plain SHA-256 is enough for 256 random bits; it is not for a password. */
export function hashKey(key: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash("sha256").update(key).digest());
}
