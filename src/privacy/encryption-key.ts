import { randomBytes } from "node:crypto";
import { chmod, mkdir, open, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEncryptionKey } from "./keyring.ts";

/**
 * The encryption key kept in a folder, made the first time with mode 600. Throws a sentence when the file holds something
 * else. Whoever loses this file loses the content of every referral.
 */
export async function keptEncryptionKey(folder: string): Promise<Buffer> {
  const path = join(folder, "encryption.key");
  await mkdir(folder, { recursive: true });
  try {
    await writeFile(path, `${randomBytes(32).toString("hex")}\n`, { flag: "wx", mode: 0o600 });
    await chmod(path, 0o600);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  const key = parseEncryptionKey((await readFile(path, "utf8")).trim());
  if (!key)
    throw new Error(`${path} does not hold an encryption key of 32 bytes. Restore it from your backup.`);
  return key;
}

/** Puts another encryption key in the place of the kept one: whole or not at all, with mode 600, on the disk when it answers. */
export async function replaceKeptKey(folder: string, key: Uint8Array): Promise<void> {
  const path = join(folder, "encryption.key");
  const next = await open(`${path}.new`, "w", 0o600);
  try {
    await next.writeFile(`${Buffer.from(key).toString("hex")}\n`);
    await next.sync();
  } finally {
    await next.close();
  }
  await rename(`${path}.new`, path);
}

/** The kept encryption key, or null where there is none; never makes one. */
export async function findKeptKey(folder: string): Promise<Buffer | null> {
  try {
    return parseEncryptionKey((await readFile(join(folder, "encryption.key"), "utf8")).trim());
  } catch {
    return null;
  }
}
