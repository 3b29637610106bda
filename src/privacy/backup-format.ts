import { z } from "zod";

/**
 * A backup is a gzip file of lines, each a JSON list: first `["backup", header]`, then for every table `["table", {…}]`
 * and its rows as `["row", {…}]`, last `["end", {rows, sha256}]` with SHA-256 over the lines before it.
 */
export const formatVersion = 1;

export const Header = z.object({
  format: z.number(),
  /** The release that wrote it. */
  version: z.string(),
  takenAt: z.string(),
  /** Migrations that its tables have, in order. */
  migrations: z.array(z.string()),
  /** Names of the encryption keys that its content needs. The keys themselves are never in a backup. */
  keyIds: z.array(z.string()),
});
export type Header = z.infer<typeof Header>;

export const Table = z.object({ name: z.string(), columns: z.array(z.string()) });
export type Table = z.infer<typeof Table>;

export const End = z.object({ rows: z.number(), sha256: z.string() });
export type End = z.infer<typeof End>;

/** What was erased, and why: a line of the list that is replayed over an older backup. */
export const ErasureLine = z.object({ referralId: z.uuid(), because: z.string(), at: z.string() });
export type ErasureLine = z.infer<typeof ErasureLine>;

/** What every row's line begins with; the rest is the row as the database wrote it, and a bracket. */
export const rowStart = '["row",';
