import type { Consultation, PlanDocument } from "./document.ts";

export const planStates = ["draft", "in_consultation", "published", "superseded", "withdrawn"] as const;
export type PlanState = (typeof planStates)[number];

/** One version as it is kept. Days are London's, as `2026-11-23`. */
export interface PlanVersion {
  department: string;
  version: number;
  status: PlanState;
  document: PlanDocument;
  amends: number | null;
  consultation: Consultation | null;
  because: string | null;
  createdAt: Date;
  openedAt: Date | null;
  publishedAt: Date | null;
  endedAt: Date | null;
}

/** Whether the public may see a version: it was consulted on or published. What never left the department did not. */
export const isPublic = ({ openedAt, publishedAt }: Pick<PlanVersion, "openedAt" | "publishedAt">): boolean =>
  openedAt !== null || publishedAt !== null;

/** Whether a plan's review day has passed. Only the plan in force can be overdue. */
export const isOverdue = ({ status, document }: PlanVersion, today: string): boolean =>
  status === "published" && document.reviewDue < today;

/** Whether answers are taken on that day. */
export const isOpenOn = (asked: Consultation, today: string): boolean =>
  asked.opens <= today && today <= asked.closes;

/** Answers that nobody has said yet what was done about. */
export const undecided = (asked: Consultation) => asked.responses.filter(({ decision }) => decision === null);

/** Objections that their forums hold open. */
export const heldOpen = (asked: Consultation) =>
  asked.responses.filter(({ objection, liftedOn }) => objection && liftedOn === null);

/** Forums that were invited and those of them that answered. */
export function answeredBy({ invited, responses }: Consultation): { forum: string; answered: boolean }[] {
  const heard = new Set(responses.map(({ forum }) => forum));
  return invited.map((forum) => ({ forum, answered: heard.has(forum) }));
}

/** Why a consultation is not finished on that day; null when it is: closed, and each answer answered. */
export function unfinished(asked: Consultation | null, today: string): string | null {
  if (asked === null) return "Nobody has been consulted on this version.";
  if (today <= asked.closes) return `The consultation is open until ${asked.closes}.`;
  const waiting = undecided(asked).length;
  if (waiting === 0) return null;
  return `${waiting} of the answers ${waiting === 1 ? "has" : "have"} not been answered: say what was done about each.`;
}

/** What a department's record says on one day: the plan in force, what is being consulted on, and what is late. */
export interface Standing {
  current: PlanVersion | null;
  consulting: PlanVersion | null;
  overdue: boolean;
}

/** From all versions of a department, in any order. */
export function standingOf(versions: readonly PlanVersion[], today: string): Standing {
  const current = versions.find(({ status }) => status === "published") ?? null;
  const consulting = versions.find(({ status }) => status === "in_consultation") ?? null;
  return { current, consulting, overdue: current !== null && isOverdue(current, today) };
}

/** When the next progress report is due: as the last one says, else as the plan in force does. Null without a plan. */
export function reportDue(current: PlanVersion | null, lastNextDue: string | null): string | null {
  return current === null ? null : (lastNextDue ?? current.document.reportDue);
}
