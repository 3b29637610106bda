import { z } from "zod";
import { Slug } from "../register/fields.ts";
import { Consultation, PlanDocument, Prose, ReportDocument, ReportFigures } from "./document.ts";
import { fromRows, toRows } from "./rows.ts";
import { planStates } from "./standing.ts";

const time = z.iso.datetime();

const FiledVersion = z.strictObject({
  version: z.int().min(1).max(10_000),
  status: z.enum(planStates),
  document: PlanDocument,
  amends: z.int().min(1).nullable().default(null),
  consultation: Consultation.nullable().default(null),
  because: Prose.nullable().default(null),
  createdAt: time,
  openedAt: time.nullable().default(null),
  publishedAt: time.nullable().default(null),
  endedAt: time.nullable().default(null),
});
export type FiledVersion = z.infer<typeof FiledVersion>;

const FiledReport = z.strictObject({
  revision: z.int().min(1).max(1_000),
  plan: z.int().min(1),
  document: ReportDocument,
  figures: ReportFigures,
  notice: Prose.nullable().default(null),
  publishedAt: time,
});
export type FiledReport = z.infer<typeof FiledReport>;

/** The plans and progress reports of departments with all that became of them, as a file that can be read back. */
export const RecordFile = z.strictObject({
  plans: z
    .array(
      z.strictObject({
        department: Slug,
        versions: z.array(FiledVersion).max(1_000),
        reports: z.array(FiledReport).max(1_000).default([]),
      }),
    )
    .max(2_000),
});
export type RecordFile = z.infer<typeof RecordFile>;

export const csvColumns = ["department", "kind", "name", "pointer", "value"] as const;
export type CsvLine = Record<(typeof csvColumns)[number], string>;

/** A file as lines of a table: one for each value, under the department, what it belongs to and where it stands. */
export function toLines({ plans }: RecordFile): CsvLine[] {
  return plans.flatMap(({ department, versions, reports }) => [
    ...versions.flatMap((version) =>
      toRows(version).map((row) => ({ department, kind: "plan", name: String(version.version), ...row })),
    ),
    ...reports.flatMap((report) =>
      toRows(report).map((row) => ({
        department,
        kind: "report",
        name: `${report.document.period} ${report.revision}`,
        ...row,
      })),
    ),
  ]);
}

/** A file from such lines, to be validated. */
export function fromLines(lines: readonly CsvLine[]): unknown {
  const departments = new Map<string, Record<"plan" | "report", Map<string, CsvLine[]>>>();
  for (const line of lines) {
    const of = departments.get(line.department) ?? { plan: new Map(), report: new Map() };
    departments.set(line.department, of);
    const group = line.kind === "report" ? of.report : of.plan;
    group.set(line.name, [...(group.get(line.name) ?? []), line]);
  }
  return {
    plans: [...departments].map(([department, { plan, report }]) => ({
      department,
      versions: [...plan.values()].map(fromRows),
      reports: [...report.values()].map(fromRows),
    })),
  };
}
