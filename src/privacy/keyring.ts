import { createCipheriv, createDecipheriv, createHash, createHmac, timingSafeEqual } from "node:crypto";
import { takeRandom } from "./random.ts";

/** Seals the content of one referral. What it sealed can be opened only while its wrapped key exists. */
export interface ContentKey {
  seal(plain: string): Uint8Array<ArrayBuffer>;
  open(sealed: Uint8Array): string;
}

export interface WrappedKey {
  wrapped: Uint8Array<ArrayBuffer>;
  /** Names the instance's key that wrapped it, so that a rotation knows what is left. */
  keyId: string;
}

export interface Keyring {
  /** Names the key that wraps from now on. */
  readonly currentKeyId: string;
  /** Names the key this process was given; another than the current one while it is being replaced. */
  readonly givenKeyId: string;
  /** Takes over a key that another one wrapped, to open with it, or to wrap with it from now on. False: not ours to open. */
  adopt(handed: { wrapped: Uint8Array; keyId: string }, use: "open" | "wrap"): boolean;
  createContentKey(): WrappedKey & { key: ContentKey };
  unwrap(key: { wrapped: Uint8Array; keyId: string }): ContentKey;
  sealSecret(plain: string): Uint8Array<ArrayBuffer>;
  openSecret(sealed: Uint8Array): string;
  /** Keyed hash of a value in a name space, so that equal values can be found without being kept. 32 bytes. */
  hash(space: string, value: string): Uint8Array<ArrayBuffer>;
  /** An unguessable token for a record's id, the same each time; `readToken` gives the id back, or null. */
  token(space: string, id: string): string;
  readToken(space: string, token: string): string | null;
}

const nonceBytes = 12;
const tagBytes = 16;

function seal(key: Uint8Array, plain: Uint8Array): Uint8Array<ArrayBuffer> {
  const nonce = takeRandom(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function open(key: Uint8Array, sealed: Uint8Array): Buffer {
  const bytes = Buffer.from(sealed);
  const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAuthTag(bytes.subarray(bytes.length - tagBytes));
  return Buffer.concat([
    decipher.update(bytes.subarray(nonceBytes, bytes.length - tagBytes)),
    decipher.final(),
  ]);
}

const contentKey = (key: Uint8Array): ContentKey => ({
  seal: (plain) => seal(key, Buffer.from(plain, "utf8")),
  open: (sealed) => open(key, sealed).toString("utf8"),
});

/** A short public name of a key: the first 8 hexadecimal digits of its SHA-256. */
export const keyIdOf = (key: Uint8Array): string =>
  createHash("sha256").update(key).digest("hex").slice(0, 8);

/** Reads an encryption key of 32 bytes written as hexadecimal or base64; null when it is neither. */
export function parseEncryptionKey(text: string): Buffer | null {
  const key = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, "hex") : Buffer.from(text, "base64");
  return key.length === 32 ? key : null;
}

/** One encryption key under another, so that whoever holds the other can take it over. */
export function handOver(key: Uint8Array, to: Uint8Array): WrappedKey {
  return { wrapped: seal(to, key), keyId: keyIdOf(to) };
}

/** A key wrapped by the first master, wrapped by the second instead; null where the first did not wrap it. */
export function rewrapKey(
  key: { wrapped: Uint8Array; keyId: string },
  from: Uint8Array,
  to: Uint8Array,
): WrappedKey | null {
  return key.keyId === keyIdOf(from)
    ? { wrapped: seal(to, open(from, key.wrapped)), keyId: keyIdOf(to) }
    : null;
}

/** The key that was handed over, where one of these may open it. */
export function takeOver(
  masters: readonly Uint8Array[],
  handed: { wrapped: Uint8Array; keyId: string } | undefined,
): Buffer | null {
  const master = masters.find((one) => keyIdOf(one) === handed?.keyId);
  return handed && master ? open(master, handed.wrapped) : null;
}

/** What is said where a key was wrapped by an encryption key that nobody gave. */
export const wrongKey = (keyId: string): Error =>
  new Error(
    `ENCRYPTION_KEY is not the one this database was written with (key ${keyId}). Set the one you kept, or restore encryption.key.`,
  );

/** A new key of its own for an instance, wrapped by its encryption key: it seals secrets and keys the hashes. */
export function createInstanceKey(master: Uint8Array): WrappedKey {
  return { wrapped: seal(master, takeRandom(32)), keyId: keyIdOf(master) };
}

/**
 * The instance's keys over its encryption keys, the current one first; older ones still open what they wrapped.
 * Throws when the instance's own key was wrapped by none of them: the wrong `ENCRYPTION_KEY`. `given` is the one that
 * this process was configured with, where it is not the first.
 */
export function createKeyring(
  masters: readonly Uint8Array[],
  instance: { wrapped: Uint8Array; keyId: string },
  given?: Uint8Array,
): Keyring {
  const first = masters[0];
  if (!first) throw new Error("An encryption key is needed.");
  let current: Uint8Array = first;
  let currentId = keyIdOf(first);
  const byId = new Map<string, Uint8Array>(masters.map((master) => [keyIdOf(master), master]));
  const unwrapBytes = (key: { wrapped: Uint8Array; keyId: string }): Buffer => {
    const master = byId.get(key.keyId);
    if (!master) throw wrongKey(key.keyId);
    return open(master, key.wrapped);
  };
  const wrap = (key: Uint8Array): WrappedKey => ({ wrapped: seal(current, key), keyId: currentId });
  const instanceKey = unwrapBytes(instance);
  const hmac = (space: string, value: string) =>
    createHmac("sha256", instanceKey).update(`${space}\n${value}`).digest();
  const secrets = contentKey(instanceKey);

  return {
    givenKeyId: keyIdOf(given ?? first),
    get currentKeyId() {
      return currentId;
    },
    adopt(handed, use) {
      const key = takeOver([...byId.values()], handed);
      if (!key) return false;
      byId.set(keyIdOf(key), key);
      if (use === "wrap") [current, currentId] = [key, keyIdOf(key)];
      return true;
    },
    createContentKey() {
      const key = takeRandom(32);
      return { ...wrap(key), key: contentKey(key) };
    },
    unwrap: (key) => contentKey(unwrapBytes(key)),
    sealSecret: secrets.seal,
    openSecret: secrets.open,
    hash: hmac,
    token(space, id) {
      const bytes = Buffer.from(id.replaceAll("-", ""), "hex");
      return Buffer.concat([bytes, hmac(`token:${space}`, id).subarray(0, 16)]).toString("base64url");
    },
    readToken(space, token) {
      const bytes = Buffer.from(token, "base64url");
      if (bytes.length !== 32) return null;
      const hex = bytes.subarray(0, 16).toString("hex");
      const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
      return timingSafeEqual(bytes.subarray(16), hmac(`token:${space}`, id).subarray(0, 16)) ? id : null;
    },
  };
}
