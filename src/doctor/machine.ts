import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Config } from "../config.ts";
import { broken, type Finding, warning, well } from "./finding.ts";

const oldestNode = [20, 19] as const;

/** The version of Node, as `process.versions.node` has it. */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [needsMajor, needsMinor] = oldestNode;
  const isOld = major < needsMajor || (major === needsMajor && minor < needsMinor);
  if (!isOld) return well("Node", version);
  return broken("Node", `${version} is too old`, `Install Node ${needsMajor}.${needsMinor} or later.`);
}

/** Where the key that opens all content is, and that nobody else can read it. */
export async function checkEncryptionKey({ encryptionKey, dataDir }: Config): Promise<Finding> {
  const name = "encryption key";
  if (encryptionKey !== null) return well(name, "given by ENCRYPTION_KEY");
  const path = join(dataDir, "encryption.key");
  const file = await stat(path).catch(() => undefined);
  if (file === undefined) return well(name, "not made yet: the first start makes it");
  const others = file.mode & 0o077;
  // Windows has no such modes and reports them as open.
  if (others !== 0 && process.platform !== "win32")
    return broken(name, `${path} can be read by other accounts`, `Run \`chmod 600 ${path}\`.`);
  const isHalfway = await stat(`${path}.previous`).then(
    () => true,
    () => false,
  );
  if (isHalfway)
    return warning(name, "its rotation was stopped halfway", "Run `fingerpost key rotate-encryption` again.");
  return well(name, `${path}: back it up apart from the database, because one is nothing without the other`);
}

/** How far this machine's clock is from the database's, in milliseconds. */
export function checkClock(offsetMs: number): Finding {
  const apart = Math.abs(offsetMs);
  const detail = `${Math.round(apart)} ms from the database's`;
  if (apart < 1_000) return well("clock", detail);
  const mend = "Let both machines follow a time server: signatures are refused when they are minutes old.";
  return apart < 60_000 ? warning("clock", detail, mend) : broken("clock", detail, mend);
}
