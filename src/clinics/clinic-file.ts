import { parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import { z } from "zod";
import { DomainError } from "../contract/errors.ts";
import { plainCell } from "../plain-cell.ts";
import { Slug } from "../register/fields.ts";
import { type Clinic, ClinicDocument, type Session, Summary } from "./document.ts";

const time = z.iso.datetime();

const FiledSession = z.strictObject({
  startsAt: time,
  finishedAt: time,
  answered: z.int().min(0),
  leftOver: z.int().min(0),
  summary: Summary.nullable().default(null),
});

/** Clinics with what came of the sessions that were held, as a file that can be read back. */
export const ClinicFile = z.strictObject({
  clinics: z
    .array(
      z.strictObject({
        slug: Slug,
        document: ClinicDocument,
        held: z.array(FiledSession).max(2_000).default([]),
      }),
    )
    .max(5_000),
});
export type ClinicFile = z.infer<typeof ClinicFile>;

export const toFiled = (clinic: Clinic, sessions: readonly Session[]): ClinicFile["clinics"][number] => ({
  slug: clinic.slug,
  document: clinic.document,
  held: sessions.flatMap(({ startsAt, finishedAt, answered, leftOver, summary }) =>
    finishedAt === null
      ? []
      : [
          {
            startsAt: startsAt.toISOString(),
            finishedAt: finishedAt.toISOString(),
            answered,
            leftOver,
            summary,
          },
        ],
  ),
});

const columns = [
  "slug",
  "pool",
  "forum",
  "title",
  "description",
  "language",
  "startsAt",
  "minutes",
  "recurrence",
  "except",
  "questionsDays",
  "thread",
  "publicQuestions",
] as const;

/** Clinics as a table (RFC 4180), one in each line, without what came of them; no cell is a live formula. */
export function clinicsToCsv({ clinics }: ClinicFile): string {
  const lines = clinics.map(({ slug, document }) => ({
    slug,
    ...document,
    except: document.except.join(" "),
  }));
  return stringify(lines, {
    header: true,
    columns: [...columns],
    escape_formulas: true,
    record_delimiter: "windows",
  });
}

/** What such a table says, to be validated; `request/malformed` where it is no such table. An empty cell says nothing. */
export function clinicsFromCsv(text: string): unknown {
  try {
    const lines = parse<Record<string, string>>(text, { columns: true, bom: true, skip_empty_lines: true });
    return {
      clinics: lines.map(({ slug, ...cells }) => {
        const said = Object.entries(cells)
          .filter(([, cell]) => cell !== "")
          .map(([name, cell]) => [name, readCell(name, plainCell(cell))]);
        return { slug, document: Object.fromEntries(said) };
      }),
    };
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : "This is no table.";
    throw new DomainError("request/malformed", { detail, cause });
  }
}

function readCell(name: string, cell: string): unknown {
  if (name === "minutes" || name === "questionsDays") return Number(cell);
  if (name === "publicQuestions") return cell === "1" || cell === "true";
  return name === "except" ? cell.split(/\s+/) : cell;
}
