import type { Actor } from "../contract/actor.ts";
import { changePlan, notPossible, type PlanDeps, versionIn } from "./change-plan.ts";
import { type PlanVersion, unfinished } from "./standing.ts";
import { recordPlanEvent, updateVersion } from "./store.ts";

/**
 * Publishes a version: one that was consulted on as it is, or a draft that takes in what a consultation said. The one in
 * force before is superseded and keeps its address. Refused while the consultation is open, while an answer to it has
 * itself no answer, and for a draft that nobody was consulted on. An objection held open does not stop it: it stays shown.
 */
export async function publishPlan(
  deps: PlanDeps,
  input: { department: string; version: number },
  actor: Actor,
): Promise<PlanVersion> {
  const { department, version } = input;
  return changePlan(deps, department, actor, async (turn) => {
    const { tx, versions, now, today } = turn;
    const plan = versionIn(turn, version, "draft", "in_consultation");
    const asked = plan.status === "draft" ? versions.find((one) => one.version === plan.amends) : plan;
    const open = unfinished(asked?.consultation ?? null, today);
    if (open !== null) throw notPossible(plan.status, open);
    for (const before of versions.filter(({ status }) => status === "published")) {
      await updateVersion(tx, before, { status: "superseded", endedAt: now });
      const data = { version: before.version, by: version };
      await recordPlanEvent(tx, { type: "plan.superseded", department, actor, now, data });
    }
    const change = { status: "published", publishedAt: now } as const;
    await updateVersion(tx, plan, change);
    await recordPlanEvent(tx, { type: "plan.published", department, actor, now, data: { version } });
    return { ...plan, ...change };
  });
}

/** Withdraws a version that is not finished, or the one in force; why is published with it where it was public. */
export async function withdrawPlan(
  deps: PlanDeps,
  input: { department: string; version: number; because: string },
  actor: Actor,
): Promise<PlanVersion> {
  const { department, version, because } = input;
  return changePlan(deps, department, actor, async (turn) => {
    const { tx, now } = turn;
    const plan = versionIn(turn, version, "draft", "in_consultation", "published");
    const change = { status: "withdrawn", because, endedAt: now } as const;
    await updateVersion(tx, plan, change);
    await recordPlanEvent(tx, { type: "plan.withdrawn", department, actor, now, data: { version } });
    return { ...plan, ...change };
  });
}
