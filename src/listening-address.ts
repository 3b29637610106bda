import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";

const fileIn = (dataDir: string): string => path.join(dataDir, "address");

/** Writes down where the server of this folder listens, for the commands that run beside it. */
export async function noteAddress(dataDir: string, address: string): Promise<void> {
  await mkdir(dataDir, { recursive: true });
  await writeFile(fileIn(dataDir), `${address}\n`);
}

export const forgetAddress = (dataDir: string): Promise<void> => rm(fileIn(dataDir), { force: true });

/** Where the server of this folder listens; null where none has said so. */
export async function notedAddress(dataDir: string): Promise<string | null> {
  const text = (await readFile(fileIn(dataDir), "utf8").catch(() => "")).trim();
  return URL.canParse(text) ? text : null;
}
