import { openEmbedded } from "./embedded/open-embedded.ts";
import type { DatabaseLogger } from "./logger.ts";

export interface OpenDatabaseOptions {
  /** A PostgreSQL of one's own; undefined or empty takes the embedded one. */
  databaseUrl?: string | undefined;
  /** The folder of the embedded one, made when missing. */
  dataDir: string;
  /** A server owns the embedded database while it runs; a command only uses it. */
  role: "server" | "command";
  logger: DatabaseLogger;
}

export interface OpenedDatabase {
  url: string;
  embedded: boolean;
  /** To be called after every client of `url` has closed. */
  close(): Promise<void>;
}

/** Finds the database to work on: the given one, or the embedded PostgreSQL under `dataDir`, started if need be. */
export async function openDatabase(options: OpenDatabaseOptions): Promise<OpenedDatabase> {
  const { databaseUrl, dataDir, role, logger } = options;
  if (databaseUrl !== undefined && databaseUrl !== "") {
    return { url: databaseUrl, embedded: false, close: async () => {} };
  }
  const { url, close } = await openEmbedded({ dataDir, role, logger });
  return { url, embedded: true, close };
}
