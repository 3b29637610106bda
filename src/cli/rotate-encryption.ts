import { randomBytes } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../config.ts";
import {
  keptEncryptionKey,
  parseEncryptionKey,
  type Rotation,
  replaceKeptKey,
  rotateEncryption,
} from "../privacy/index.ts";
import { type Context, UsageError } from "./context.ts";
import { answer, withProgress } from "./output.ts";

export interface RotateOptions {
  toFile?: string;
  json?: boolean;
}

/** `key rotate-encryption`: another encryption key in the place of this one. May be stopped and run again. */
export async function rotate(context: Context, options: RotateOptions): Promise<void> {
  const config = context.config();
  const { finish, ...keys } =
    config.encryptionKey === null
      ? await keysInFolder(config, options)
      : await keysByHand(config.encryptionKey, options);
  const { rewrapped } = await withProgress(context, "Rotating (servers are given 12 s to follow)", (tell) =>
    context.withCore(({ deps }) =>
      rotateEncryption(deps, { ...keys, onProgress: (done, total) => tell(`${done} of ${total} keys`) }),
    ),
  );
  const next = await finish();
  answer(context, options, { rewrapped }, `${rewrapped} content keys are wrapped anew. ${next}`);
}

type Keys = Pick<Rotation, "from" | "to" | "keep"> & { finish(): Promise<string> };

/** The key comes from the environment, so its place is the operator's: the new one stands in a file. */
async function keysByHand(from: Buffer, { toFile }: RotateOptions): Promise<Keys> {
  if (toFile === undefined)
    throw new UsageError(
      "ENCRYPTION_KEY is set: name a file for the new key with --to-file; it is made when missing.",
    );
  const to = (await readKey(toFile)) ?? (await makeKey(toFile));
  return {
    from,
    to,
    finish: async () => `Set ENCRYPTION_KEY to what is in ${toFile} and restart the servers at leisure.`,
  };
}

/**
 * The key is kept in `DATA_DIR`. The old one stays beside it until all is done, because a rotation that was stopped goes on
 * with both.
 */
async function keysInFolder({ dataDir }: Config, { toFile }: RotateOptions): Promise<Keys> {
  const besides = join(dataDir, "encryption.key.previous");
  const kept = await keptEncryptionKey(dataDir);
  const previous = await readKey(besides);
  const given = toFile === undefined ? null : await readKey(toFile);
  if (toFile !== undefined && given === null) throw new UsageError(`There is no ${toFile}.`);
  const to = previous === null ? given : kept;
  return {
    from: previous ?? kept,
    ...(to === null ? {} : { to }),
    async keep(key) {
      if (previous === null) await writeKey(besides, kept);
      await replaceKeptKey(dataDir, key);
    },
    async finish() {
      await rm(besides, { force: true });
      return `The new key is in ${join(dataDir, "encryption.key")}: back it up, and restart the server at leisure.`;
    },
  };
}

/** The key in a file, null where there is no file. */
async function readKey(file: string): Promise<Buffer | null> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
  const key = parseEncryptionKey(text.trim());
  if (!key) throw new UsageError(`${file} does not hold a key: 32 bytes, as 64 hex digits or as base64.`);
  return key;
}

async function makeKey(file: string): Promise<Buffer> {
  const key = randomBytes(32);
  await writeKey(file, key);
  return key;
}

const writeKey = (file: string, key: Buffer) =>
  writeFile(file, `${key.toString("hex")}\n`, { mode: 0o600, flag: "wx", flush: true });
