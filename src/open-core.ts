import type { Config } from "./config.ts";
import type { AdapterLibrary, Logger } from "./contract/adapter.ts";
import {
  applyMigrations,
  type Clock,
  createDatabase,
  createDatabaseClock,
  type Database,
  type DatabaseClock,
  type OpenedDatabase,
  openDatabase,
  pendingMigrations,
} from "./db/index.ts";
import { checkCallbackUrl } from "./delivery/callback-url.ts";
import type { AdapterDirectory } from "./deps.ts";
import { notedAddress } from "./listening-address.ts";
import { keptEncryptionKey } from "./privacy/encryption-key.ts";
import { loadKeyring } from "./privacy/index.ts";
import { readContacts } from "./read-contacts.ts";
import { followRegister } from "./referrals/index.ts";
import { type ApplyDeps, createRegisterReader } from "./register/index.ts";
import type { CrisisContacts } from "./safety/index.ts";

/** What a whole instance is built from; a test or the demo brings a clock and a database of its own. */
export interface Parts {
  config: Config;
  logger: Logger;
  library: AdapterLibrary;
  clock?: Clock;
  random?: () => number;
  /** Says something to whoever started this process, never through the logger, such as a link to sign in. */
  print?(text: string): void;
  /** False: nothing comes round by itself; whoever holds the clock turns it. */
  background?: boolean;
  /** Called where `MIGRATE=false` and migrations are pending; the core opens when it returns. Without it that is refused. */
  awaitMigrations?(pending: () => Promise<string[]>): Promise<void>;
}

/** The core without its HTTP side: what a command works with. */
export interface Core {
  deps: ApplyDeps;
  embedded: boolean;
  databaseUrl: string;
  pending(): Promise<string[]>;
  close(): Promise<void>;
}

/** Commands other than `migrate` and `doctor` refuse a database that is not up to date. The message says what to do. */
export class MigrationsPending extends Error {
  constructor(count: number) {
    super(
      `The database has ${count} ${count === 1 ? "migration" : "migrations"} to apply, and MIGRATE=false. Run \`fingerpost migrate\`.`,
    );
    this.name = "MigrationsPending";
  }
}

/** Opens the database and builds what use cases are given. Migrates first where the configuration says so. */
export async function openCore(
  parts: Parts,
  role: "server" | "command",
  nudge: () => void = () => {},
): Promise<Core> {
  const { config, logger } = parts;
  const contacts = await readContacts(config.crisisContacts);
  const databaseUrl = config.databaseUrl ?? undefined;
  const opened = await openDatabase({ databaseUrl, dataDir: config.dataDir, role, logger });
  const database = createDatabase({ url: opened.url });
  let databaseClock: DatabaseClock | undefined;
  const close = async () => {
    databaseClock?.stop();
    await database.close();
    await opened.close();
  };
  try {
    await bringUpToDate(parts, opened, database);
    if (!parts.clock) databaseClock = await createDatabaseClock(database);
    const clock = parts.clock ?? databaseClock;
    if (!clock) throw new Error("An instance needs a clock.");
    const deps = await buildDeps(parts, { database, clock, contacts, nudge });
    // A server knows its own when it listens.
    if (role === "command" && config.baseUrl === null)
      deps.baseUrl = (await notedAddress(config.dataDir)) ?? deps.baseUrl;
    return {
      deps,
      embedded: opened.embedded,
      databaseUrl: opened.url,
      pending: () => pendingMigrations(database),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function bringUpToDate(parts: Parts, { url }: OpenedDatabase, database: Database): Promise<void> {
  const { config, logger } = parts;
  if (config.migrate) {
    await applyMigrations({ url }, { logger });
    return;
  }
  const pending = await pendingMigrations(database);
  if (pending.length === 0) return;
  if (!parts.awaitMigrations) throw new MigrationsPending(pending.length);
  await parts.awaitMigrations(() => pendingMigrations(database));
}

interface Opened {
  database: Database;
  clock: Clock;
  contacts: CrisisContacts;
  nudge: () => void;
}

async function buildDeps(
  { config, logger, library }: Parts,
  { database, clock, contacts, nudge }: Opened,
): Promise<ApplyDeps> {
  const masters = [config.encryptionKey ?? (await keptEncryptionKey(config.dataDir))];
  const deps: ApplyDeps = {
    now: () => clock.now(),
    db: database.prisma,
    transaction: database.transaction,
    register: createRegisterReader(),
    keyring: await loadKeyring(database.prisma, masters),
    contacts,
    adapters: await directoryOf(config, library),
    nudge,
    logger,
    baseUrl: config.baseUrl ?? `http://${config.host}:${config.port}`,
    afterApply: () => followRegister(deps),
    checkAddress: (url) => checkCallbackUrl(url, { allowPrivate: config.egressAllowPrivate }),
  };
  return deps;
}

/** Names and capabilities of the adapters that this configuration turns on. */
async function directoryOf(config: Config, library: AdapterLibrary): Promise<AdapterDirectory> {
  const carried = new Map<string, ReadonlySet<string>>();
  for (const [name, load] of Object.entries(library)) {
    if (settingsOf(config, name) === null) continue;
    carried.set(name, new Set((await load()).capabilities.notices));
  }
  return { known: new Set(Object.keys(library)), carries: (adapter) => carried.get(adapter) };
}

/** An adapter's part of the configuration, or null where it is off. Adapters without variables are always on. */
export function settingsOf(config: Config, name: string): Record<string, string> | null {
  const own = Object.entries(config).find(([field]) => field === name);
  if (!own) return {};
  if (own[1] === null || typeof own[1] !== "object") return null;
  return Object.fromEntries(
    Object.entries(own[1]).flatMap(([field, value]) => (value === null ? [] : [[field, String(value)]])),
  );
}
