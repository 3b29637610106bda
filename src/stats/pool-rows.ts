import { advisorsOf, isClosed, type Register } from "../register/model.ts";
import { dutyFigures } from "./duty.ts";
import type { Groups, Question } from "./gather.ts";
import type { Dimension, StatsRow } from "./model.ts";
import { beyondForums, isSeen } from "./scope.ts";
import { createTally } from "./tally.ts";

/** Whether each row of an answer is one pool. */
const areRowsPools = (by: readonly Dimension[]): boolean =>
  by.includes("pool") && by.every((name) => name === "pool" || name === "department");

/** Whether somebody sees a pool as more than a forum does, whose business it is not how many work there. */
const seesDuty = ({ scopes, departmentOf }: Question, pool: string): boolean =>
  isSeen(beyondForums(scopes), undefined, pool, departmentOf(pool));

/** Load and cover where rows are pools; how many work in a pool is no forum's business. */
export function dutyOf(row: StatsRow, register: Register, question: Question): Partial<StatsRow> {
  const pool = register.pools.get(row.pool ?? "");
  if (!pool || !areRowsPools(question.by) || !seesDuty(question, pool.slug)) return {};
  const { rota, closed, slug } = pool;
  const duty = {
    rota,
    closed,
    hours: question.context.hoursOf(slug),
    advisors: advisorsOf(register, slug),
    open: row.open,
  };
  return dutyFigures(duty, question.period);
}

/** Where rows are pools, adds one for each open pool to which nothing came: nobody may have been on duty there. */
export function addIdlePools(register: Register, question: Question, { groups }: Groups): void {
  const { by, now, departmentOf } = question;
  if (!areRowsPools(by)) return;
  for (const pool of register.pools.values()) {
    if (isClosed(pool, now) || !seesDuty(question, pool.slug)) continue;
    const values = by.map((name) => (name === "pool" ? pool.slug : departmentOf(pool.slug)));
    const key = JSON.stringify(values);
    if (!groups.has(key)) groups.set(key, { values, tally: createTally() });
  }
}
