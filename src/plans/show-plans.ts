import { keepsRecord } from "../clinics/keeps-record.ts";
import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import type { Deps } from "../deps.ts";
import { nameOf, type Register } from "../register/model.ts";
import { todayOf } from "./change-plan.ts";
import type { Consultation, PlanDocument } from "./document.ts";
import {
  heldOpen,
  isOpenOn,
  isOverdue,
  isPublic,
  type PlanState,
  type PlanVersion,
  reportDue,
  standingOf,
} from "./standing.ts";
import { type KeptReport, type PlanEvent, selectPlanEvents, selectReports, selectVersions } from "./store.ts";

type ReadDeps = Pick<Deps, "db" | "now" | "register">;
export type Named = { slug: string; name: string };

/** A version without its text, as lists show it. Times are ISO 8601. */
export interface PlanSummary {
  version: number;
  status: PlanState;
  title: string;
  language: string;
  effectiveFrom: string;
  reviewDue: string;
  overdue: boolean;
  amends: number | null;
  consultation: { opens: string; closes: string; open: boolean; objections: number } | null;
  publishedAt: string | null;
  endedAt: string | null;
  because: string | null;
}

export interface PlanView extends PlanSummary {
  department: Named;
  document: PlanDocument;
  /** The consultation on this version, or on the one that it amends. */
  consulted: (Consultation & { version: number; open: boolean }) | null;
  /** Names of the forums that the plan or its consultation mentions, by slug. */
  forums: Record<string, string>;
  /** Every version the public may see, the latest first. */
  versions: PlanSummary[];
}

/** What a department's public record says today. */
export interface DepartmentRecord {
  department: Named;
  plan: PlanSummary | null;
  consulting: PlanSummary | null;
  report: { period: string; from: string; to: string; revision: number; publishedAt: string } | null;
  /** When the next report is due, and whether that day has passed; null without a plan. */
  reportDue: { on: string; overdue: boolean } | null;
  /** Whether the review of the plan in force is overdue. */
  overdue: boolean;
}

export function summaryOf(plan: PlanVersion, today: string): PlanSummary {
  const { version, status, document, amends, consultation, because } = plan;
  const { title, language, effectiveFrom, reviewDue } = document;
  return {
    version,
    status,
    title,
    language,
    effectiveFrom,
    reviewDue,
    overdue: isOverdue(plan, today),
    amends,
    consultation: consultation && {
      opens: consultation.opens,
      closes: consultation.closes,
      open: status === "in_consultation" && isOpenOn(consultation, today),
      objections: heldOpen(consultation).length,
    },
    publishedAt: plan.publishedAt?.toISOString() ?? null,
    endedAt: plan.endedAt?.toISOString() ?? null,
    because,
  };
}

/**
 * One version as anybody may read it: a number, or `latest`, which is the one in force, else the one being consulted on,
 * else the last that was public. What the public may not see is `plan/not-found`, unless `drafts`.
 */
export async function showPlan(
  deps: ReadDeps,
  department: string,
  wanted: number | "latest",
  { drafts = false }: { drafts?: boolean } = {},
): Promise<PlanView> {
  const register = await deps.register(deps.db);
  const today = todayOf(deps.now());
  const all = await selectVersions(deps.db, { department });
  const seen = all.filter((one) => drafts || isPublic(one));
  const { current, consulting } = standingOf(seen, today);
  const plan =
    wanted === "latest" ? (current ?? consulting ?? seen[0]) : seen.find((one) => one.version === wanted);
  if (!plan) throw new DomainError("plan/not-found");
  const asked = plan.consultation ? plan : all.find((one) => one.version === plan.amends);
  const consultation = asked?.consultation ?? null;
  const slugs = [
    ...plan.document.forums.map(({ forum }) => forum),
    ...(consultation?.invited ?? []),
    ...(consultation?.responses.flatMap(({ forum }) => forum ?? []) ?? []),
  ];
  return {
    ...summaryOf(plan, today),
    department: { slug: department, name: nameOf(register, "departments", department) },
    document: plan.document,
    consulted:
      asked && consultation
        ? {
            ...consultation,
            version: asked.version,
            open: asked.status === "in_consultation" && isOpenOn(consultation, today),
          }
        : null,
    forums: Object.fromEntries(slugs.map((slug) => [slug, nameOf(register, "forums", slug)])),
    versions: seen.map((one) => summaryOf(one, today)),
  };
}

/** The draft of a department, for those who keep its record; `plan/not-found` where none is being written. */
export async function showDraft(deps: ReadDeps, department: string, actor: Actor): Promise<PlanView> {
  if (!keepsRecord(await deps.register(deps.db), actor, department))
    throw new DomainError("access/forbidden");
  const drafts = await selectVersions(deps.db, { department, status: ["draft"] });
  if (!drafts[0]) throw new DomainError("plan/not-found");
  return showPlan(deps, department, drafts[0].version, { drafts: true });
}

function recordOf(
  register: Register,
  department: string,
  versions: readonly PlanVersion[],
  reports: readonly KeptReport[],
  today: string,
): DepartmentRecord {
  const { current, consulting, overdue } = standingOf(versions, today);
  const [last] = reports;
  const due = reportDue(current, last?.document.nextDue ?? null);
  return {
    department: { slug: department, name: nameOf(register, "departments", department) },
    plan: current && summaryOf(current, today),
    consulting: consulting && summaryOf(consulting, today),
    report: last
      ? {
          period: last.period,
          from: last.document.from,
          to: last.document.to,
          revision: last.revision,
          publishedAt: last.publishedAt.toISOString(),
        }
      : null,
    reportDue: due === null ? null : { on: due, overdue: due < today },
    overdue,
  };
}

export function byDepartment<Item extends { department: string }>(
  items: readonly Item[],
): Map<string, Item[]> {
  const found = new Map<string, Item[]>();
  for (const item of items) {
    const known = found.get(item.department);
    if (known) known.push(item);
    else found.set(item.department, [item]);
  }
  return found;
}

/** What every department's record says, by name; departments without a plan or a report stand in it too. */
export async function listRecords(deps: ReadDeps): Promise<DepartmentRecord[]> {
  const register = await deps.register(deps.db);
  const today = todayOf(deps.now());
  const versions = byDepartment(await selectVersions(deps.db, { status: ["published", "in_consultation"] }));
  const reports = byDepartment(await selectReports(deps.db));
  return [...register.departments.keys()]
    .map((slug) => recordOf(register, slug, versions.get(slug) ?? [], reports.get(slug) ?? [], today))
    .sort((a, b) => a.department.name.localeCompare(b.department.name, "en"));
}

/** Who has published a progress report, and, by name, who has not. */
export function progressOf(records: readonly DepartmentRecord[]): {
  reported: DepartmentRecord[];
  missing: DepartmentRecord[];
} {
  return {
    reported: records.filter(({ report }) => report !== null),
    missing: records.filter(({ report }) => report === null),
  };
}

/** What one department's record says: for its page. Null for a department that the register does not have. */
export async function showRecord(deps: ReadDeps, department: string): Promise<DepartmentRecord | null> {
  const register = await deps.register(deps.db);
  if (!register.departments.has(department)) return null;
  const versions = await selectVersions(deps.db, { department });
  const reports = await selectReports(deps.db, department);
  return recordOf(register, department, versions, reports, todayOf(deps.now()));
}

/** What was done to a department's plans and reports, the oldest first; without who did it. */
export async function planHistory(deps: Pick<Deps, "db">, department: string): Promise<PlanEvent[]> {
  return selectPlanEvents(deps.db, department);
}

/** Every version that the public may see: by department, the latest first. */
export async function listVersions(deps: ReadDeps): Promise<Map<string, PlanSummary[]>> {
  const today = todayOf(deps.now());
  const versions = byDepartment((await selectVersions(deps.db)).filter(isPublic));
  return new Map(
    [...versions].map(([department, own]) => [department, own.map((one) => summaryOf(one, today))]),
  );
}
