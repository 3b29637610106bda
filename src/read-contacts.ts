import { readFile } from "node:fs/promises";
import { ConfigError } from "./config.ts";
import { type CrisisContacts, crisisContacts, parseCrisisContacts } from "./safety/index.ts";

/**
 * Whom to call, as this instance tells it: from the file that CRISIS_CONTACTS names, or the contacts that come with a
 * release. Throws a `ConfigError` that says where the file is wrong.
 */
export async function readContacts(path: string | null): Promise<CrisisContacts> {
  if (path === null) return crisisContacts;
  const json = await readFile(path, "utf8").catch(() => null);
  if (json === null) throw new ConfigError(["CRISIS_CONTACTS names a file that cannot be read"]);
  const parsed = parseCrisisContacts(json);
  if (parsed.ok) return parsed.contacts;
  throw new ConfigError(parsed.mistakes.map((mistake) => `CRISIS_CONTACTS ${mistake}`));
}
