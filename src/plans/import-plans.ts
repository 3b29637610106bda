import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import type { Deps } from "../deps.ts";
import { isSame } from "../register/content.ts";
import { changePlan, notPossible, type PlanDeps, type PlanTurn } from "./change-plan.ts";
import { refuseUnknownForums } from "./draft-plan.ts";
import { refuseGaps } from "./publish-report.ts";
import type { FiledReport, FiledVersion, RecordFile } from "./record-file.ts";
import type { PlanVersion } from "./standing.ts";
import {
  insertReport,
  insertVersion,
  type KeptReport,
  recordPlanEvent,
  selectReports,
  selectVersions,
} from "./store.ts";

const timeOf = (text: string | null): Date | null => (text === null ? null : new Date(text));

/**
 * Takes over plans and reports from a file with their times, as from another instance or a time before this one. What is
 * there already and says the same is left alone; what says something else is refused (`plan/not-possible`), because what
 * was published does not change. Each department is one transaction. Only an administrator may.
 */
export async function importPlans(
  deps: PlanDeps,
  file: RecordFile,
  actor: Actor,
): Promise<{ versions: number; reports: number }> {
  if (actor.kind !== "admin") throw new DomainError("access/forbidden");
  const added = { versions: 0, reports: 0 };
  for (const { department, versions, reports } of file.plans)
    await changePlan(deps, department, actor, async (turn) => {
      for (const version of versions) if (await takeVersion(turn, version)) added.versions += 1;
      const plans = await selectVersions(turn.tx, { department });
      refuseTwoInForce(plans);
      const kept = await selectReports(turn.tx, department);
      for (const report of reports) if (await takeReport(turn, report, plans, kept)) added.reports += 1;
    });
  return added;
}

async function takeVersion(turn: PlanTurn, filed: FiledVersion): Promise<boolean> {
  const { tx, department, versions, register, actor, now } = turn;
  const { createdAt, openedAt, publishedAt, endedAt, ...rest } = filed;
  const known = versions.find(({ version }) => version === filed.version);
  if (known) {
    if (isSame(known.document, filed.document) && known.status === filed.status) return false;
    throw notPossible(
      known.status,
      `Version ${filed.version} of ${department} is there and says something else.`,
    );
  }
  refuseUnknownForums(register, filed.document);
  const version: PlanVersion = {
    ...rest,
    department,
    createdAt: new Date(createdAt),
    openedAt: timeOf(openedAt),
    publishedAt: timeOf(publishedAt),
    endedAt: timeOf(endedAt),
  };
  await insertVersion(tx, version);
  const data = { version: version.version };
  await recordPlanEvent(tx, { type: "plan.imported", department, actor, now, data });
  return true;
}

function refuseTwoInForce(plans: readonly PlanVersion[]): void {
  if (plans.filter(({ status }) => status === "published").length > 1)
    throw notPossible("published", "Two versions would be in force at once. One of them was superseded.");
}

async function takeReport(
  { tx, department, actor, now }: PlanTurn,
  filed: FiledReport,
  plans: readonly PlanVersion[],
  kept: readonly KeptReport[],
): Promise<boolean> {
  const { period } = filed.document;
  const known = kept.find((one) => one.period === period && one.revision === filed.revision);
  if (known) {
    if (isSame(known.document, filed.document) && isSame(known.figures, filed.figures)) return false;
    throw notPossible("published", `The report ${period} of ${department} is there and says something else.`);
  }
  const plan = plans.find(({ version }) => version === filed.plan);
  if (!plan)
    throw notPossible("no-plan", `The report ${period} is about version ${filed.plan}, which is not there.`);
  refuseGaps(plan.document, filed.document);
  await insertReport(tx, { ...filed, department, period, publishedAt: new Date(filed.publishedAt) });
  const data = { period, revision: filed.revision };
  await recordPlanEvent(tx, { type: "progress.imported", department, actor, now, data });
  return true;
}

/** Everything that `importPlans` takes back; without drafts unless `drafts`. */
export async function exportPlans(
  deps: Pick<Deps, "db">,
  { drafts = false }: { drafts?: boolean } = {},
): Promise<RecordFile> {
  const found = new Map<string, RecordFile["plans"][number]>();
  const of = (department: string) => {
    const known = found.get(department) ?? { department, versions: [], reports: [] };
    found.set(department, known);
    return known;
  };
  for (const plan of await selectVersions(deps.db)) {
    if (!drafts && plan.openedAt === null && plan.publishedAt === null) continue;
    const { department, createdAt, openedAt, publishedAt, endedAt, ...rest } = plan;
    of(department).versions.unshift({
      ...rest,
      createdAt: createdAt.toISOString(),
      openedAt: openedAt?.toISOString() ?? null,
      publishedAt: publishedAt?.toISOString() ?? null,
      endedAt: endedAt?.toISOString() ?? null,
    });
  }
  for (const { department, period: _period, publishedAt, ...rest } of await selectReports(deps.db))
    of(department).reports.unshift({ ...rest, publishedAt: publishedAt.toISOString() });
  return { plans: [...found.values()] };
}
