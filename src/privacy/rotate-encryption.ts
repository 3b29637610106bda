import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Deps } from "../deps.ts";
import { keyIdOf, rewrapKey, takeOver, wrongKey } from "./keyring.ts";
import {
  countByKey,
  readHandover,
  removeHandover,
  saveHandover,
  saveRewrapped,
  selectWrappedBy,
} from "./store.ts";

export interface Rotation {
  /** The encryption key in use: 32 bytes. */
  from: Uint8Array;
  /** The one that takes its place; the one under way, or a new one, when not given. */
  to?: Uint8Array;
  /** Keeps the new key where the next start finds it. Called before anything is wrapped with it. */
  keep?(to: Uint8Array): Promise<void>;
  onProgress?(done: number, total: number): void;
  /** How long servers have to take the new key over before the first content needs it, in milliseconds. */
  waitMs?: number;
}

/** Longer than twice the interval at which servers look for a key that is handed over. */
const defaultWaitMs = 12_000;
const batch = 500;

/**
 * Replaces the instance's encryption key: every content key is wrapped anew, the content itself is left alone, and
 * servers go on meanwhile, those started with either key. May be stopped and called again with the same `from`. Refused
 * with a sentence where `from` is not the key of this database. Servers are restarted with the new key at leisure.
 */
export async function rotateEncryption(
  deps: Pick<Deps, "db" | "transaction">,
  rotation: Rotation,
): Promise<{ to: Uint8Array; rewrapped: number }> {
  const { from, onProgress = () => {} } = rotation;
  const to = rotation.to ?? (await underWay(deps, from)) ?? randomBytes(32);
  await refuseStrangers(deps, from, to);
  await deps.transaction((tx) => saveHandover(tx, from, to));
  await rotation.keep?.(to);
  await pause(rotation.waitMs ?? defaultWaitMs);
  const total = (await countByKey(deps.db)).get(keyIdOf(from)) ?? 0;
  let rewrapped = 0;
  for (;;) {
    const keys = await selectWrappedBy(deps.db, from, batch);
    if (keys.length === 0) return { to, rewrapped };
    const next = keys.flatMap(({ id, ...key }) => {
      const wrapped = rewrapKey(key, from, to);
      return wrapped ? [{ id, ...wrapped }] : [];
    });
    rewrapped += await deps.transaction((tx) => saveRewrapped(tx, keyIdOf(from), next));
    onProgress(rewrapped, Math.max(total, rewrapped));
  }
}

async function underWay(deps: Pick<Deps, "db">, from: Uint8Array): Promise<Uint8Array | null> {
  return takeOver([from], (await readHandover(deps.db)).next);
}

async function refuseStrangers(deps: Pick<Deps, "db">, from: Uint8Array, to: Uint8Array): Promise<void> {
  const known = new Set([keyIdOf(from), keyIdOf(to)]);
  if (known.size === 1) throw new Error("The new encryption key is the one in use. Give another one.");
  for (const keyId of (await countByKey(deps.db)).keys()) {
    if (!known.has(keyId)) throw wrongKey(keyId);
  }
}

/**
 * What a server does while a key is replaced: takes the new one over, and, once it was itself started with the new one and
 * nothing needs the old one, ends the handover. To be called every five seconds; changes nothing at other times.
 */
export async function followRotation(deps: Pick<Deps, "db" | "transaction" | "keyring">): Promise<void> {
  const { keyring } = deps;
  const { next, previous } = await readHandover(deps.db);
  if (!next || !previous) return;
  // Each opens with the key it was started with, and has the other from then on.
  keyring.adopt(previous, "open");
  keyring.adopt(next, "wrap");
  if (previous.keyId !== keyring.givenKeyId) return;
  const wrapped = await countByKey(deps.db);
  if (wrapped.size === 1 && wrapped.has(keyring.givenKeyId)) {
    await deps.transaction((tx) => removeHandover(tx));
  }
}
