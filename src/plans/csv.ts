import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import { DomainError } from "../contract/errors.ts";
import { plainCell } from "../plain-cell.ts";
import { type CsvLine, csvColumns, fromLines, type RecordFile, toLines } from "./record-file.ts";

/** Plans and reports as comma-separated values (RFC 4180), one value in each line; no cell is a live formula. */
export function plansToCsv(file: RecordFile): string {
  return stringify(toLines(file), {
    header: true,
    columns: [...csvColumns],
    escape_formulas: true,
    record_delimiter: "windows",
  });
}

/** What such a table says, to be validated; `request/malformed` with the line where it is no such table. */
export function plansFromCsv(text: string): unknown {
  try {
    const lines = parse<CsvLine>(text, { columns: true, bom: true, skip_empty_lines: true });
    const missing = csvColumns.filter((column) => lines.some((line) => line[column] === undefined));
    if (missing.length > 0) throw new Error(`There is no column ${missing.join(", ")}.`);
    return fromLines(lines.map((line) => ({ ...line, value: plainCell(line.value) })));
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : "This is no table.";
    throw new DomainError("request/malformed", { detail, cause });
  }
}
