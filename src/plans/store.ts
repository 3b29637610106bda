import { type Actor, auditOf } from "../contract/actor.ts";
import type { Prisma, Tx } from "../db/index.ts";
import { Consultation, PlanDocument, ReportDocument, ReportFigures } from "./document.ts";
import type { PlanVersion } from "./standing.ts";

type Row = Omit<PlanVersion, "department"> & { departmentSlug: string };
type Json = Prisma.InputJsonValue;

/** JSON comes out of the database with its keys in another order; the schemas put them back. */
const toVersion = ({ departmentSlug, document, consultation, ...row }: Row): PlanVersion => ({
  ...row,
  department: departmentSlug,
  document: PlanDocument.parse(document),
  consultation: consultation && Consultation.parse(consultation),
});

/** Keeps others from changing this department's plans and reports until the transaction ends. False: no such department. */
export async function holdDepartment(tx: Tx, department: string): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT slug FROM department WHERE slug = ${department} AND removed_at IS NULL FOR NO KEY UPDATE`;
  return rows.length > 0;
}

/** Versions, the latest first; of one department or of all, with or without those the public may not see. */
export async function selectVersions(
  tx: Tx,
  which: { department?: string; status?: string[] } = {},
): Promise<PlanVersion[]> {
  const { department, status } = which;
  const rows = await tx.planVersion.findMany({
    where: {
      ...(department === undefined ? {} : { departmentSlug: department }),
      ...(status === undefined ? {} : { status: { in: status } }),
    },
    orderBy: [{ departmentSlug: "asc" }, { version: "desc" }],
  });
  return (rows as unknown as Row[]).map(toVersion);
}

export async function insertVersion(tx: Tx, version: PlanVersion): Promise<void> {
  const { department, document, consultation, ...rest } = version;
  await tx.planVersion.create({
    data: {
      ...rest,
      departmentSlug: department,
      document: document as unknown as Json,
      ...(consultation === null ? {} : { consultation: consultation as unknown as Json }),
    },
  });
}

export async function updateVersion(
  tx: Tx,
  { department, version }: Pick<PlanVersion, "department" | "version">,
  change: Partial<Omit<PlanVersion, "department" | "version">>,
): Promise<void> {
  const { document, consultation, ...rest } = change;
  await tx.planVersion.update({
    where: { departmentSlug_version: { departmentSlug: department, version } },
    data: {
      ...rest,
      ...(document === undefined ? {} : { document: document as unknown as Json }),
      ...(consultation ? { consultation: consultation as unknown as Json } : {}),
    },
  });
}

/** One revision of a progress report as it is kept. */
export interface KeptReport {
  department: string;
  period: string;
  revision: number;
  plan: number;
  document: ReportDocument;
  figures: ReportFigures;
  notice: string | null;
  publishedAt: Date;
}

/** Reports, the latest period and revision first; of one department or of all. */
export async function selectReports(tx: Tx, department?: string): Promise<KeptReport[]> {
  const rows = await tx.progressReport.findMany({
    where: department === undefined ? {} : { departmentSlug: department },
    orderBy: [{ departmentSlug: "asc" }, { revision: "desc" }],
  });
  const reports = rows.map(
    ({ departmentSlug, document, figures, ...row }): KeptReport => ({
      ...row,
      department: departmentSlug,
      document: ReportDocument.parse(document),
      figures: ReportFigures.parse(figures),
    }),
  );
  return reports.sort((a, b) => (a.document.to < b.document.to ? 1 : a.document.to > b.document.to ? -1 : 0));
}

export async function insertReport(tx: Tx, report: KeptReport): Promise<void> {
  const { department, document, figures, ...rest } = report;
  await tx.progressReport.create({
    data: {
      ...rest,
      departmentSlug: department,
      document: document as unknown as Json,
      figures: figures as unknown as Json,
    },
  });
}

export type PlanEventType =
  | "plan.drafted"
  | "plan.changed"
  | "plan.consultation-opened"
  | "plan.answered"
  | "plan.decided"
  | "plan.objection-lifted"
  | "plan.published"
  | "plan.superseded"
  | "plan.withdrawn"
  | "plan.imported"
  | "progress.published"
  | "progress.imported";

/** Adds to the audit what was done to a department's plan or report: codes and numbers, no text. */
export async function recordPlanEvent(
  tx: Tx,
  event: {
    type: PlanEventType;
    department: string;
    actor: Actor;
    now: Date;
    data: Readonly<Record<string, string | number>>;
  },
): Promise<void> {
  const { type, department, actor, now, data } = event;
  await tx.event.create({
    data: {
      type,
      at: now,
      ...auditOf(actor),
      ...leadOf(actor),
      chain: department,
      data: { department, ...data },
    },
  });
}

/** A person changes a plan as an engagement lead, and nobody else does. */
const leadOf = (actor: Actor) => (actor.kind === "person" ? { actorRole: "engagement-lead" } : {});

export interface PlanEvent {
  type: string;
  at: Date;
  role: string;
  data: Record<string, unknown>;
}

/** What was done to a department's plans and reports, the oldest first. */
export async function selectPlanEvents(tx: Tx, department: string): Promise<PlanEvent[]> {
  return tx.$queryRaw<PlanEvent[]>`
    SELECT type, at, actor_role AS role, data FROM event
    WHERE chain = ${department} AND (type LIKE 'plan.%' OR type LIKE 'progress.%') AND data->>'department' = ${department}
    ORDER BY id`;
}
