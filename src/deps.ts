import type { Logger } from "./contract/adapter.ts";
import type { Tx } from "./db/index.ts";
import type { Keyring } from "./privacy/keyring.ts";
import type { Register } from "./register/model.ts";
import type { CrisisContacts } from "./safety/index.ts";

/** What every use case is given. Time, the database, the register and the keys come in; nothing is reached for. */
export interface Deps {
  /** The database's clock in production, one moved by hand in tests and in the demo. */
  now(): Date;
  /** Reads outside a transaction. */
  db: Tx;
  /** One transaction: all of it is durable when the promise settles, or none of it happened. */
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** The register in force for this transaction, from memory while its version holds. */
  register(tx: Tx): Promise<Register>;
  keyring: Keyring;
  /** Whom a moderator is told to call where somebody may be in danger. */
  contacts: CrisisContacts;
  /** What the adapters that are on can carry, by name. */
  adapters: AdapterDirectory;
  /** Wakes this instance's delivery worker after a commit. */
  nudge(): void;
  logger: Logger;
  baseUrl: string;
}

/** Where notices can go: which adapters are on, and what each carries. */
export interface AdapterDirectory {
  /** Names of adapters that exist, on or off. */
  known: ReadonlySet<string>;
  /** Notices that an adapter which is on carries; undefined where it is off or unknown. */
  carries(adapter: string): ReadonlySet<string> | undefined;
}
