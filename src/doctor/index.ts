import { randomUUID } from "node:crypto";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError } from "../config.ts";
import { createAdapters } from "../create-adapters.ts";
import { isUnavailable, MigrationRefused } from "../db/index.ts";
import type { Deps } from "../deps.ts";
import { type Core, MigrationsPending, openCore, type Parts } from "../open-core.ts";
import { readContacts } from "../read-contacts.ts";
import { broken, type Finding, warning, well } from "./finding.ts";
import { checkClock, checkEncryptionKey, checkNode } from "./machine.ts";
import { checkAges, checkRegister } from "./register.ts";
import { readServer } from "./store.ts";

export type { Finding } from "./finding.ts";

const oldestServer = 15;

/** What `doctor` cannot know by itself. */
export interface Surroundings {
  /** As `process.versions.node` has it. */
  node: string;
  /** This machine's own clock. */
  now(): Date;
}

/**
 * Looks at everything an instance needs and says how to mend what is not well. Changes nothing: it neither migrates nor makes
 * a database, though it starts the embedded one for its own duration where that exists and does not run.
 */
export async function examine(parts: Parts, { node, now }: Surroundings): Promise<Finding[]> {
  const ownContacts = await checkOwnContacts(parts.config);
  // The rest is looked at by the contacts of the release, where the operator's own are not to be had.
  const config = ownContacts.length === 0 ? parts.config : { ...parts.config, crisisContacts: null };
  const machine = [checkNode(node), await checkEncryptionKey(config), ...ownContacts];
  if (config.databaseUrl === null && !(await exists(join(config.dataDir, "postgres"))))
    return [...machine, well("database", `not made yet: the first start makes it in ${config.dataDir}`)];
  let core: Core;
  try {
    core = await openCore({ ...parts, config: { ...config, migrate: false } }, "command");
  } catch (error) {
    return [...machine, whyNotOpened(error)];
  }
  try {
    return [...machine, ...(await examineCore({ ...parts, config }, core, now))];
  } finally {
    await core.close();
  }
}

/** Why the file that CRISIS_CONTACTS names would keep the server from starting; nothing where it would not. */
async function checkOwnContacts({ crisisContacts }: Parts["config"]): Promise<Finding[]> {
  try {
    await readContacts(crisisContacts);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [broken("crisis contacts", error.lines.join("; "), "Correct the file, or unset CRISIS_CONTACTS.")];
  }
}

async function examineCore(parts: Parts, core: Core, now: () => Date): Promise<Finding[]> {
  const { deps } = core;
  return [
    ...(await checkServer(deps, core.embedded)),
    checkClock(now().getTime() - deps.now().getTime()),
    ...(await checkAdapters(parts, deps)),
    ...(await checkRegister(deps)),
    ...checkAges(deps.now(), deps.contacts, parts.config.crisisContacts !== null),
  ];
}

function whyNotOpened(error: unknown): Finding {
  if (error instanceof MigrationsPending)
    return broken("migrations", "the database is behind this release", "Run `fingerpost migrate`.");
  if (error instanceof MigrationRefused)
    return broken("migrations", error.message, "Do as it says, then run `fingerpost doctor` again.");
  if (isUnavailable(error))
    return broken("database", "it does not answer", "Start it, or correct DATABASE_URL.");
  const detail = error instanceof Error ? error.message : String(error);
  return broken("database", detail, "Do as it says, then run `fingerpost doctor` again.");
}

async function checkServer(deps: Deps, embedded: boolean): Promise<Finding[]> {
  const server = await readServer(deps.db);
  const major = Math.floor(Number(server.version) / 10_000);
  const name = `PostgreSQL ${major}, ${embedded ? "embedded" : "by DATABASE_URL"}`;
  const unsafe = Object.entries({
    fsync: server.fsync,
    full_page_writes: server.fullPageWrites,
    synchronous_commit: server.synchronousCommit,
  }).flatMap(([setting, value]) => (value === "off" ? [`${setting}=off`] : []));
  return [
    major < oldestServer
      ? broken("database", `${name} is too old`, `Move to PostgreSQL ${oldestServer} or later.`)
      : well("database", name),
    server.encoding === "UTF8"
      ? well("encoding", server.encoding)
      : broken("encoding", server.encoding, "Make the database anew with ENCODING 'UTF8'."),
    unsafe.length === 0
      ? well("durability", "what is committed survives a crash")
      : broken("durability", unsafe.join(", "), "Turn these on: what was accepted could be lost in a crash."),
    well("migrations", "all applied"),
  ];
}

async function checkAdapters(parts: Parts, deps: Deps): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [name, adapter] of await createAdapters(parts, deps, randomUUID())) {
    findings.push(well(`adapter ${name}`, "on"));
    for (const check of (await adapter.checks?.()) ?? []) {
      const about = `${name}: ${check.name}`;
      findings.push(
        check.ok ? well(about, check.detail) : warning(about, check.detail, check.mend ?? "See its guide."),
      );
    }
  }
  return findings;
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
