import { DomainError } from "../contract/errors.ts";
import type { Deps } from "../deps.ts";
import { nameOf } from "../register/model.ts";
import { byDepartment, type Named } from "./show-plans.ts";
import { type KeptReport, selectReports, selectVersions } from "./store.ts";

type ReadDeps = Pick<Deps, "db" | "register">;

export interface ReportView {
  department: Named;
  period: string;
  revision: number;
  plan: number;
  document: KeptReport["document"];
  figures: KeptReport["figures"];
  notice: string | null;
  publishedAt: string;
  /** The commitments and indicators of the plan, whose codes the report names. */
  commitments: { code: string; text: string }[];
  indicators: { code: string; indicator: string; baseline: string; target: string }[];
  /** Every revision of this period, the latest first. */
  revisions: { revision: number; publishedAt: string; notice: string | null }[];
}

/** One progress report, the latest revision where none is named; `progress/not-found` where there is none. */
export async function showReport(
  deps: ReadDeps,
  department: string,
  period: string,
  revision?: number,
): Promise<ReportView> {
  const register = await deps.register(deps.db);
  const revisions = (await selectReports(deps.db, department)).filter((one) => one.period === period);
  revisions.sort((a, b) => b.revision - a.revision);
  const found = revision === undefined ? revisions[0] : revisions.find((one) => one.revision === revision);
  if (!found) throw new DomainError("progress/not-found");
  const versions = await selectVersions(deps.db, { department });
  const plan = versions.find(({ version }) => version === found.plan)?.document;
  return {
    department: { slug: department, name: nameOf(register, "departments", department) },
    period,
    revision: found.revision,
    plan: found.plan,
    document: found.document,
    figures: found.figures,
    notice: found.notice,
    publishedAt: found.publishedAt.toISOString(),
    commitments: plan?.commitments.map(({ code, text }) => ({ code, text })) ?? [],
    indicators:
      plan?.objectives.map(({ code, indicator, baseline, target }) => ({
        code,
        indicator,
        baseline,
        target,
      })) ?? [],
    revisions: revisions.map((one) => ({
      revision: one.revision,
      publishedAt: one.publishedAt.toISOString(),
      notice: one.notice,
    })),
  };
}

/** The last revision of every period, the latest period first. */
const latestOf = (reports: readonly KeptReport[]): KeptReport[] => {
  const latest = new Map<string, KeptReport>();
  for (const one of reports) {
    const known = latest.get(one.period);
    if (!known || known.revision < one.revision) latest.set(one.period, one);
  }
  return [...latest.values()];
};

/** The periods a department has reported on, the latest first. */
export async function listReports(
  deps: ReadDeps,
  department: string,
): Promise<{ period: string; from: string; to: string; revision: number }[]> {
  return latestOf(await selectReports(deps.db, department)).map(({ period, revision, document }) => ({
    period,
    revision,
    from: document.from,
    to: document.to,
  }));
}

/** What every department has reported, as last corrected: by department, the latest period first. */
export async function listLatestReports(deps: ReadDeps): Promise<Map<string, KeptReport[]>> {
  const reports = byDepartment(await selectReports(deps.db));
  return new Map([...reports].map(([department, own]) => [department, latestOf(own)]));
}
