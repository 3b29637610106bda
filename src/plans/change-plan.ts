import { keepsRecord } from "../clinics/keeps-record.ts";
import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import type { Tx } from "../db/index.ts";
import type { Deps } from "../deps.ts";
import { localDate } from "../pools/index.ts";
import type { Register } from "../register/model.ts";
import type { PlanState, PlanVersion } from "./standing.ts";
import { holdDepartment, selectVersions } from "./store.ts";

export type PlanDeps = Pick<Deps, "now" | "transaction" | "register">;

/** The day in London. */
export const todayOf = (now: Date): string => localDate(now, "Europe/London");

/** What a change of a plan has in its hands: nobody else changes this department's record until it is done. */
export interface PlanTurn {
  tx: Tx;
  register: Register;
  department: string;
  versions: readonly PlanVersion[];
  actor: Actor;
  now: Date;
  today: string;
}

/**
 * Does one change of a department's record in a transaction that holds the department. An unknown department is
 * `plan/not-found`; whoever `may` does not name is `access/forbidden`, before it is told whether it exists.
 */
export async function changePlan<T>(
  deps: PlanDeps,
  department: string,
  actor: Actor,
  work: (turn: PlanTurn) => Promise<T>,
  may: (register: Register, actor: Actor, department: string) => boolean = keepsRecord,
): Promise<T> {
  return deps.transaction(async (tx) => {
    const register = await deps.register(tx);
    if (!may(register, actor, department)) throw new DomainError("access/forbidden");
    if (!(await holdDepartment(tx, department))) throw new DomainError("plan/not-found");
    const versions = await selectVersions(tx, { department });
    const now = deps.now();
    return work({ tx, register, department, versions, actor, now, today: todayOf(now) });
  });
}

/** A version in one of these states, or `plan/not-found`, or `plan/not-possible` with the state it is in. */
export function versionIn(
  { versions }: Pick<PlanTurn, "versions">,
  version: number,
  ...states: PlanState[]
): PlanVersion {
  const found = versions.find((one) => one.version === version);
  if (!found) throw new DomainError("plan/not-found");
  if (!states.includes(found.status)) throw notPossible(found.status);
  return found;
}

export const notPossible = (state: string, detail?: string): DomainError =>
  new DomainError("plan/not-possible", { fields: { state }, ...(detail === undefined ? {} : { detail }) });
