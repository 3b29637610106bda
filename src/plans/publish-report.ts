import { sessionsHeld } from "../clinics/index.ts";
import { keepsRecord } from "../clinics/keeps-record.ts";
import type { Actor } from "../contract/actor.ts";
import { DomainError, type InputError } from "../contract/errors.ts";
import type { Deps } from "../deps.ts";
import { listPublished, publishedCounts } from "../stats/index.ts";
import { changePlan, notPossible, type PlanDeps } from "./change-plan.ts";
import type { PlanDocument, ReportDocument, ReportFigures } from "./document.ts";
import { insertReport, type KeptReport, recordPlanEvent, selectReports } from "./store.ts";

/**
 * Publishes a progress report on the plan in force, with the figures of its period; from then on both stay as they are. A
 * period that has a report already takes another only with a `notice` of what it corrects: the next revision, about the
 * same days and with the same figures, for two countings would differ by what happened in between. Refuses a report that
 * leaves out a commitment or an indicator of the plan, names one that it has not, or is about days to come.
 */
export async function publishReport(
  deps: PlanDeps,
  input: {
    department: string;
    document: ReportDocument;
    figures: ReportFigures;
    notice?: string | undefined;
  },
  actor: Actor,
): Promise<KeptReport> {
  const { department, document, figures, notice } = input;
  return changePlan(deps, department, actor, async ({ tx, versions, now, today }) => {
    const before = (await selectReports(tx, department))
      .filter(({ period }) => period === document.period)
      .sort((a, b) => a.revision - b.revision);
    const current = versions.find(({ status }) => status === "published");
    const plan = before.length === 0 ? current : versions.find(({ version }) => version === before[0]?.plan);
    if (!plan)
      throw notPossible("no-plan", "A progress report is about a published plan, and there is none.");
    if (document.to >= today)
      throw notPossible(plan.status, `The period ends on ${document.to}, which has not passed.`);
    refuseGaps(plan.document, document);
    if (before.length > 0 && notice === undefined)
      throw notPossible("published", "This period has a report. Say in a notice what is corrected, and why.");
    if (before.length === 0 && notice !== undefined)
      throw notPossible("no-report", "There is no report of this period that could be corrected.");
    if (before[0]) refuseOtherDays(before[0].document, document);
    const report: KeptReport = {
      department,
      period: document.period,
      revision: Math.max(0, ...before.map(({ revision }) => revision)) + 1,
      plan: plan.version,
      document,
      figures: keptFigures(before) ?? figures,
      notice: notice ?? null,
      publishedAt: now,
    };
    await insertReport(tx, report);
    const data = { period: report.period, revision: report.revision };
    await recordPlanEvent(tx, { type: "progress.published", department, actor, now, data });
    return report;
  });
}

/** The figures that a correction keeps; undefined where there were none because no quarter of it was published yet. */
const keptFigures = (before: readonly KeptReport[]): ReportFigures | undefined =>
  before.find(({ figures: { quarters } }) => quarters === undefined || quarters.length > 0)?.figures;

function refuseOtherDays(first: ReportDocument, corrected: ReportDocument): void {
  const errors = (["from", "to"] as const).flatMap((end): InputError[] =>
    first[end] === corrected[end]
      ? []
      : [
          {
            pointer: `/document/${end}`,
            detail: `The report of this period is about ${first.from} to ${first.to}.`,
            hint: "A correction is about the same days. Report on others under another name.",
          },
        ],
  );
  if (errors.length > 0) throw new DomainError("request/invalid", { errors });
}

/** Every commitment and indicator of the plan is in the report, and nothing else. */
export function refuseGaps(plan: PlanDocument, report: ReportDocument): void {
  const errors = [
    ...gaps("/document/commitments", plan.commitments, report.commitments),
    ...gaps("/document/indicators", plan.objectives, report.indicators),
  ];
  if (errors.length > 0) throw new DomainError("request/invalid", { errors });
}

type Coded = readonly { code: string }[];

function gaps(pointer: string, planned: Coded, reported: Coded): InputError[] {
  const [wanted, given] = [planned, reported].map((items) => new Set(items.map(({ code }) => code)));
  const missing = planned.flatMap(({ code }): InputError[] =>
    given?.has(code) ? [] : [{ pointer, detail: `The plan has ${code}, and the report says nothing of it.` }],
  );
  const strange = reported.flatMap(({ code }, index): InputError[] =>
    wanted?.has(code) ? [] : [{ pointer: `${pointer}/${index}/code`, detail: "The plan has no such code." }],
  );
  return [...missing, ...strange];
}

/**
 * The figures of a period for `publishReport`: sums of published quarters and nothing that was not published, and the
 * clinics. Whoever may not publish for the department is `access/forbidden`, before anything is counted.
 */
export async function reportFigures(
  deps: Deps,
  department: string,
  { from, to }: Pick<ReportDocument, "from" | "to">,
  actor: Actor,
): Promise<ReportFigures> {
  const register = await deps.register(deps.db);
  if (!keepsRecord(register, actor, department)) throw new DomainError("access/forbidden");
  const names = [department, ...(register.departments.get(department)?.formerly ?? [])];
  const counts = publishedCounts(await listPublished(deps), { from, to }, names);
  const sessions = await sessionsHeld(deps, { department, from, to });
  return {
    takenAt: deps.now().toISOString(),
    ...counts,
    clinicsPlanned: sessions.planned,
    clinicsHeld: sessions.held,
  };
}
