import type { Tx } from "../db/index.ts";
import type { createContext } from "./context.ts";
import type { CaseKey, Dimension, Part } from "./model.ts";
import { monthOf, type Period } from "./period.ts";
import { partsOf, tick } from "./read-case.ts";
import { type Breakdown, breakdowns, type StoredCase } from "./rollup.ts";
import { isSeen, type Scope, type Sight } from "./scope.ts";
import { spansOf } from "./spans.ts";
import { readCases } from "./store/cases.ts";
import { countDirectReplies } from "./store/direct-replies.ts";
import { readOpenSums } from "./store/open-sums.ts";
import { readPeriodCells, readStoredIn } from "./store/rollups.ts";
import { addFigures, addPart, createTally, seeOpen, type Tally } from "./tally.ts";

/** A question for figures, with everything that answering it takes. */
export interface Question {
  by: readonly Dimension[];
  period: Period;
  now: Date;
  scopes: Scope[] | null;
  sight: Sight;
  context: ReturnType<typeof createContext>;
  /** The department of a pool, also of one that left the register. */
  departmentOf(pool: string | null): string | null;
}

/** Groups that fill up as referrals or sums are added. */
export interface Groups {
  groups: Map<string, { values: (string | null)[]; tally: Tally }>;
  /** Counts of everything seen, for the notes. */
  counts: Record<string, number>;
}

/** What stands in the dimensions that a pool does not decide; those not asked for may be missing. */
type Place = Partial<CaseKey> & { month?: string | undefined };

/** Where a referral stands, with its month if it is asked for. */
const placeOf = ({ by }: Question, key: CaseKey, submittedAt: Date): Place =>
  by.includes("month") ? { ...key, month: monthOf(submittedAt) } : key;

const pageSize = 2_000;
/** Times of referrals that are read one by one are kept as they are, up to this many for a group. */
const exactly = 200_000;
const firstId = "00000000-0000-0000-0000-000000000000";

const createGroups = (): Groups => ({ groups: new Map(), counts: {} });

/** The tally of the group that a place and a pool belong to; null where the reader may not see it. */
function groupFor(question: Question, into: Groups, place: Place, pool: string | null): Tally | null {
  const department = question.departmentOf(pool);
  if (!isSeen(question.scopes, place.forum, pool, department)) return null;
  const values = question.by.map((dimension) => {
    if (dimension === "pool") return pool;
    return dimension === "department" ? department : (place[dimension] ?? null);
  });
  const key = JSON.stringify(values);
  const group = into.groups.get(key) ?? { values, tally: createTally() };
  into.groups.set(key, group);
  return group.tally;
}

function count(into: Groups, counts: Readonly<Record<string, number>>): void {
  for (const [name, n] of Object.entries(counts)) into.counts[name] = (into.counts[name] ?? 0) + n;
}

function addParts(question: Question, into: Groups, key: CaseKey, submittedAt: Date, parts: Part[]): void {
  const place = placeOf(question, key, submittedAt);
  for (const part of parts) {
    const tally = groupFor(question, into, place, part.pool);
    if (!tally) continue;
    addPart(tally, part, 1, exactly);
    count(into, part.counts);
    if (part.counts.open) seeOpen(tally, submittedAt);
  }
}

const withoutDirect: readonly Dimension[] = ["topic", "state", "outcome"];

/** Whether direct replies, which have no topic, state or outcome, can be broken down like this. */
export const hasDirect = (by: readonly Dimension[]): boolean =>
  !by.some((name) => withoutDirect.includes(name));

/** Adds what advisors wrote in public by themselves, which is in no rollup. */
export async function addDirectReplies(tx: Tx, question: Question, into: Groups): Promise<void> {
  const { poolNow, forumNow } = question.context;
  for (const { forum, pool: slug, language, month, count: n } of await countDirectReplies(
    tx,
    question.period,
  )) {
    const pool = poolNow(slug);
    const tally = groupFor(question, into, { forum: forumNow(forum), language, month }, pool);
    if (tally) addPart(tally, { pool, counts: { directReplies: n }, times: {} });
  }
}

/** Answers from the referrals and their events themselves: always right, and slow where there are many. */
export async function gatherFromRows(tx: Tx, question: Question): Promise<Groups> {
  const into = createGroups();
  for (let after = firstId; ; ) {
    const cases = await readCases(tx, question.period, question.sight, after, pageSize);
    for (const one of cases) {
      const { forum, topic, language, state, disposition: outcome } = one;
      const parts = partsOf(one, question.context, question.now);
      addParts(question, into, { forum, topic, language, state, outcome }, one.submittedAt, parts);
    }
    after = cases.at(-1)?.id ?? after;
    if (cases.length < pageSize) return into;
  }
}

/** A stored referral under the names of today. */
function present(question: Question, one: StoredCase): StoredCase {
  const { poolNow, forumNow } = question.context;
  const pool = (slug: string | null) => (slug === null ? null : poolNow(slug));
  return {
    ...one,
    key: { ...one.key, forum: forumNow(one.key.forum) },
    parts: one.parts.map((part) => ({ ...part, pool: pool(part.pool) })),
    ticking: one.ticking && {
      ...one.ticking,
      pool: pool(one.ticking.pool),
      dues: one.ticking.dues.map((due) => ({ ...due, pool: pool(due.pool) })),
    },
  };
}

async function eachStored(
  tx: Tx,
  question: Question,
  span: { from: Date; before: Date | null },
  use: (one: StoredCase) => void,
): Promise<void> {
  for (let after = firstId; ; ) {
    const page = await readStoredIn(tx, span, after, pageSize);
    for (const one of page) use(present(question, one));
    after = page.at(-1)?.referralId ?? after;
    if (page.length < pageSize) return;
  }
}

/** Answers from what is stored for each referral: any dimensions, exactly. */
async function gatherFromStored(tx: Tx, question: Question): Promise<Groups> {
  const into = createGroups();
  const nowMs = question.now.getTime();
  await eachStored(tx, question, question.period, ({ key, submittedAt, parts, ticking }) => {
    addParts(question, into, key, submittedAt, ticking ? [...parts, ...tick(ticking, nowMs)] : parts);
  });
  return into;
}

/** The rollup that holds what is asked for, or null where no single one does. */
function breakdownFor(question: Pick<Question, "by" | "scopes">): Breakdown | null {
  const wanted = new Set<string>(
    question.by.filter((name) => !["pool", "department", "month"].includes(name)),
  );
  if (question.scopes?.some((scope) => "forum" in scope)) wanted.add("forum");
  if (wanted.size > 1) return null;
  return breakdowns.find((name) => wanted.has(name)) ?? "none";
}

/** Answers from the rollups, which have to be up to date: sums of days and months, and of what is open. */
export async function gatherFromRollups(tx: Tx, question: Question): Promise<Groups> {
  const breakdown = breakdownFor(question);
  if (breakdown === null) return gatherFromStored(tx, question);
  const into = createGroups();
  const { poolNow, forumNow } = question.context;
  const { cells, rest } = spansOf(question.period);
  const placeIn = (value: string | null, month: string | undefined): Place => ({
    [breakdown]: breakdown === "forum" && value !== null ? forumNow(value) : value,
    month,
  });
  for (const cell of await readPeriodCells(tx, breakdown, cells)) {
    const pool = cell.pool === "" ? null : poolNow(cell.pool);
    const place = placeIn(cell.value === "" ? null : cell.value, cell.day.slice(0, 7));
    const tally = groupFor(question, into, place, pool);
    if (!tally) continue;
    addFigures(tally, cell.figures);
    count(into, cell.figures.counts);
  }
  for (const span of rest)
    await eachStored(tx, question, span, ({ key, submittedAt, parts }) =>
      addParts(question, into, key, submittedAt, parts),
    );
  const byMonth = question.by.includes("month");
  for (const sum of await readOpenSums(tx, question.period, breakdown, byMonth, question.now)) {
    const place = placeIn(sum.value, sum.month ?? undefined);
    const tally = groupFor(question, into, place, sum.pool === null ? null : poolNow(sum.pool));
    if (!tally) continue;
    if (sum.name !== null && sum.amount > 0) {
      const counts = { [sum.name]: sum.amount };
      addPart(tally, { pool: sum.pool, counts, times: {} });
      count(into, counts);
    }
    if (sum.oldest) seeOpen(tally, sum.oldest);
  }
  return into;
}
