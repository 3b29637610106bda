import { createHash } from "node:crypto";
import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { Logger } from "../contract/adapter.ts";
import { applyMigrations, migrationsFolder, openDatabase } from "../db/index.ts";
import type { Where } from "./backup.ts";
import { End, type ErasureLine, type Header, rowStart, Table } from "./backup-format.ts";
import { linesOf, parse, RestoreRefused, readErasures, readHeader, refuse } from "./backup-reader.ts";
import { findKeptKey } from "./encryption-key.ts";
import { keyIdOf, wrongKey } from "./keyring.ts";
import { type Loader, openLoader, whatIsThere } from "./store-load.ts";

export interface RestoreOptions {
  logger: Logger;
  /** A file of erasures, as `export erasures` writes it, or a newer backup. */
  erasures?: string;
  onProgress?(rows: number): void;
}

export interface RestoreReport {
  takenAt: string;
  version: string;
  rows: number;
  /** Referrals of the backup that were erased after it was taken, and cannot be read any more. */
  erased: number;
}

const batchRows = 500;
const batchCharacters = 2_000_000;

/**
 * Fills an empty database from a backup, all of it or nothing, and destroys the keys of what was erased since. Refused
 * with a sentence: a database that holds something, a file that is not whole, the wrong encryption key, a backup of a newer
 * release. Beside a running server of the same folder it is refused too. What is to be said about the erasures (their
 * events, and the word to blank) follows with the first `purgeDue`.
 */
export async function restore(
  where: Where & { encryptionKey: Buffer | null },
  file: string,
  options: RestoreOptions,
): Promise<RestoreReport> {
  const { databaseUrl, dataDir } = where;
  const header = await readHeader(file);
  const erasures = options.erasures === undefined ? [] : await readErasures(options.erasures);
  const key = where.encryptionKey ?? (await findKeptKey(dataDir));
  if (!key)
    return refuse(
      `There is no encryption key. Put the encryption.key of the backup's instance into ${dataDir} first.`,
    );
  const strange = header.keyIds[0];
  if (strange !== undefined && !header.keyIds.includes(keyIdOf(key))) throw wrongKey(strange);
  const opened = await openDatabase({
    databaseUrl: databaseUrl ?? undefined,
    dataDir,
    role: "server",
    logger: options.logger,
  });
  try {
    const [filled] = await whatIsThere(opened.url);
    if (filled !== undefined)
      refuse(`This database is not empty: there is something in its table ${filled}. Give an empty one.`);
    await migrateLike(opened.url, header, options.logger);
    const report = await load(opened.url, file, header, erasures, options);
    await applyMigrations({ url: opened.url }, { logger: options.logger });
    return report;
  } finally {
    await opened.close();
  }
}

/** Brings the database to the tables that the backup was written from; what came later is applied afterwards. */
async function migrateLike(url: string, header: Header, logger: Logger): Promise<void> {
  const known = new Set(await readdir(migrationsFolder()));
  const unknown = header.migrations.find((name) => !known.has(name));
  if (unknown !== undefined)
    refuse(`This backup was made by release ${header.version}, which is newer. Restore it with that one.`);
  const dir = await mkdtemp(join(tmpdir(), "fingerpost-restore-"));
  try {
    for (const name of header.migrations)
      await cp(join(migrationsFolder(), name), join(dir, name), { recursive: true });
    await applyMigrations({ url }, { dir, logger });
  } catch (error) {
    throw new RestoreRefused(
      `This database was set up by another release than the backup's (${header.version}). Give an empty one.`,
      { cause: error },
    );
  } finally {
    await rm(dir, { recursive: true });
  }
}

async function load(
  url: string,
  file: string,
  header: Header,
  erasures: ErasureLine[],
  options: RestoreOptions,
): Promise<RestoreReport> {
  const loader = await openLoader(url);
  try {
    const rows = await loadLines(loader, file, options);
    const erased = await loader.erase(erasures);
    await loader.commit();
    return { takenAt: header.takenAt, version: header.version, rows, erased };
  } finally {
    await loader.close();
  }
}

async function loadLines(loader: Loader, file: string, { onProgress }: RestoreOptions): Promise<number> {
  const hash = createHash("sha256");
  let table: Table | null = null;
  let batch: string[] = [];
  let size = 0;
  let rows = 0;
  let end: End | null = null;
  const flush = async () => {
    if (table && batch.length > 0) await loader.insert(table, batch);
    rows += batch.length;
    batch = [];
    size = 0;
    onProgress?.(rows);
  };
  for await (const line of linesOf(file)) {
    if (line.startsWith(rowStart)) {
      const row = line.slice(rowStart.length, -1);
      batch.push(row);
      size += row.length;
      if (batch.length >= batchRows || size >= batchCharacters) await flush();
    } else {
      await flush();
      const [kind, value] = z.tuple([z.string(), z.unknown()]).parse(parse(line));
      if (kind === "table") table = Table.parse(value);
      if (kind === "end") {
        end = End.parse(value);
        break;
      }
    }
    hash.update(`${line}\n`);
  }
  if (end?.rows !== rows || end.sha256 !== hash.digest("hex"))
    refuse("This backup is damaged: what it holds is not what was written. Take another one.");
  return rows;
}
