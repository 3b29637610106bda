import { advisorsOf, type Register } from "../register/model.ts";
import { dutyFigures } from "./duty.ts";
import type { Question } from "./gather.ts";
import type { Dimension, StatsRow } from "./model.ts";
import { beyondForums, isSeen } from "./scope.ts";

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
