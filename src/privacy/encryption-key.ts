import { randomBytes } from "node:crypto";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
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
