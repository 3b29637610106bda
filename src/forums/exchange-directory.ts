import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import type { Deps } from "../deps.ts";
import { plainCell } from "../plain-cell.ts";
import {
  type Applied,
  type ApplyDeps,
  applyRegister,
  exportRegister,
  readRegisterText,
  toYaml,
} from "../register/index.ts";
import type { Register } from "../register/model.ts";
import { directoryColumns, entryOf, rowOf } from "./directory-table.ts";
import { mayDecide } from "./may-decide.ts";
import { wholeEntry } from "./public-entry.ts";

/** Files that the directory comes and goes in: CSV has what can be published of every forum, YAML is the register's own `forums`. */
export const exchangeFormats = ["csv", "yaml"] as const;
export type ExchangeFormat = (typeof exchangeFormats)[number];

/**
 * Rows as comma-separated values (RFC 4180): a line of names first. A cell that a spreadsheet would take for a formula is
 * made text with an apostrophe before it.
 */
export const toCsv = (
  names: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string =>
  stringify([[...names], ...rows.map((row) => [...row])], {
    escape_formulas: true,
    record_delimiter: "windows",
  });

/** The directory as a file that `importDirectory` takes back unchanged. YAML holds what is private too. */
export async function exportDirectory(
  deps: Pick<Deps, "db" | "register">,
  format: ExchangeFormat,
  actor: Actor,
): Promise<string> {
  const register = await deps.register(deps.db);
  mayDecide(register, actor);
  if (format === "csv")
    return toCsv(
      directoryColumns.map(({ name }) => name),
      [...register.forums.values()].map((forum) => rowOf(wholeEntry(forum))),
    );
  const { forums } = exportRegister(register);
  return toYaml({ forums });
}

/**
 * Puts the entries of a file into the register and answers what changed; a forum that is not in the file is left alone. A
 * CSV needs the column `slug`; columns that it does not have are left alone, and so is all that is private. Refuses what
 * the register refuses, and what is no such file (`register/invalid`).
 */
export async function importDirectory(
  deps: ApplyDeps,
  input: { text: string; format: ExchangeFormat; dryRun?: boolean },
  actor: Actor,
): Promise<Applied> {
  const register = await deps.register(deps.db);
  const by = mayDecide(register, actor);
  const document = { forums: input.format === "csv" ? readCsv(input.text, register) : readYaml(input.text) };
  const applier: Actor = actor.kind === "admin" ? actor : { kind: "register", appliedBy: by };
  return applyRegister(deps, { document, dryRun: input.dryRun ?? false }, applier);
}

function readYaml(text: string): unknown {
  const document = readRegisterText(text);
  if (typeof document === "object" && document !== null && "forums" in document) return document.forums;
  throw refused("The file has no list `forums`.");
}

function readCsv(text: string, register: Register): object[] {
  let rows: Record<string, string>[];
  try {
    rows = parse(text, { columns: true, bom: true, skip_empty_lines: true, trim: true });
  } catch (cause) {
    throw refused("This is no table of comma-separated values.", cause);
  }
  if (rows[0] && rows[0].slug === undefined) throw refused("The table has no column `slug`.");
  const present = new Map(exportRegister(register).forums.map((entry) => [entry.slug, entry]));
  return rows.map((row) => {
    const cells = Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, plainCell(cell)]));
    return entryOf(cells, present.get(cells.slug ?? ""));
  });
}

const refused = (detail: string, cause?: unknown): DomainError =>
  new DomainError("register/invalid", { errors: [{ pointer: "", detail }], cause });
