import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { Logger } from "../contract/adapter.ts";
import { openDatabase } from "../db/index.ts";
import { type End, formatVersion, type Header, rowStart } from "./backup-format.ts";
import { type Dump, openDump } from "./store-dump.ts";

/** Where the database is: the parts of the configuration that a backup and a restore need. */
export interface Where {
  databaseUrl: string | null;
  dataDir: string;
}

export interface BackupOptions {
  now(): Date;
  /** The release that writes it. */
  version: string;
  logger: Logger;
  onProgress?(done: number, total: number): void;
}

export interface BackupReport {
  file: string;
  takenAt: string;
  rows: number;
}

/**
 * Writes the whole database as it is at this moment into one file that only its owner may read. Servers go on meanwhile.
 * Content stays encrypted in it, and the encryption key is not in it: keep that elsewhere. A file of that name is
 * replaced when the backup is whole, not before.
 */
export async function backup(where: Where, file: string, options: BackupOptions): Promise<BackupReport> {
  const { databaseUrl, dataDir } = where;
  const opened = await openDatabase({
    databaseUrl: databaseUrl ?? undefined,
    dataDir,
    role: "command",
    logger: options.logger,
  });
  const part = `${file}.part`;
  try {
    const dump = await openDump(opened.url);
    try {
      const report = { file, takenAt: options.now().toISOString(), rows: 0 };
      const lines = linesOf(dump, options, report);
      await pipeline(
        Readable.from(lines),
        createGzip(),
        createWriteStream(part, { mode: 0o600, flush: true }),
      );
      await rename(part, file);
      return report;
    } finally {
      await dump.close();
    }
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  } finally {
    await opened.close();
  }
}

async function* linesOf(dump: Dump, options: BackupOptions, report: BackupReport): AsyncGenerator<string> {
  const hash = createHash("sha256");
  const total = dump.tables.reduce((sum, table) => sum + table.rows, 0);
  const line = (text: string): string => {
    hash.update(`${text}\n`);
    return `${text}\n`;
  };
  const { version } = options;
  const header: Header = { format: formatVersion, version, takenAt: report.takenAt, ...dump.header };
  yield line(JSON.stringify(["backup", header]));
  for (const { name, columns } of dump.tables) {
    yield line(JSON.stringify(["table", { name, columns }]));
    for await (const row of dump.rowsOf({ name, columns })) {
      yield line(`${rowStart}${row}]`);
      report.rows += 1;
      if (report.rows % 1_000 === 0) options.onProgress?.(report.rows, total);
    }
  }
  options.onProgress?.(report.rows, total);
  const end: End = { rows: report.rows, sha256: hash.digest("hex") };
  yield `${JSON.stringify(["end", end])}\n`;
}
