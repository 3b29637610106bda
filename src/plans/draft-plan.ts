import type { Actor } from "../contract/actor.ts";
import { DomainError, type InputError } from "../contract/errors.ts";
import type { Register } from "../register/model.ts";
import { changePlan, notPossible, type PlanDeps, versionIn } from "./change-plan.ts";
import type { PlanDocument } from "./document.ts";
import { type PlanVersion, unfinished } from "./standing.ts";
import { insertVersion, recordPlanEvent, updateVersion } from "./store.ts";

/**
 * Begins the next version of a department's plan as a draft that only the department sees. Refused while another draft or
 * consultation is under way; `amends` names a finished consultation whose answers this draft takes in.
 */
export async function draftPlan(
  deps: PlanDeps,
  input: { department: string; document: PlanDocument; amends?: number | undefined },
  actor: Actor,
): Promise<PlanVersion> {
  const { department, document, amends } = input;
  return changePlan(deps, department, actor, async (turn) => {
    const { tx, versions, now, today, register } = turn;
    refuseUnknownForums(register, document);
    const busy = versions.find(({ status }) => status === "draft" || status === "in_consultation");
    if (busy && busy.version !== amends)
      throw notPossible(
        busy.status,
        `Version ${busy.version} is not finished: publish or withdraw it first.`,
      );
    if (amends !== undefined) {
      const asked = versionIn(turn, amends, "in_consultation");
      const open = unfinished(asked.consultation, today);
      if (open !== null) throw notPossible(asked.status, open);
      await updateVersion(tx, asked, { status: "superseded", endedAt: now });
    }
    const version: PlanVersion = {
      department,
      version: (versions[0]?.version ?? 0) + 1,
      status: "draft",
      document,
      amends: amends ?? null,
      consultation: null,
      because: null,
      createdAt: now,
      openedAt: null,
      publishedAt: null,
      endedAt: null,
    };
    await insertVersion(tx, version);
    const data = { version: version.version, ...(amends === undefined ? {} : { amends }) };
    await recordPlanEvent(tx, { type: "plan.drafted", department, actor, now, data });
    return version;
  });
}

/** Replaces the document of a draft. What was consulted on or published is never changed: begin another version. */
export async function editDraft(
  deps: PlanDeps,
  input: { department: string; version: number; document: PlanDocument },
  actor: Actor,
): Promise<PlanVersion> {
  const { department, version, document } = input;
  return changePlan(deps, department, actor, async (turn) => {
    refuseUnknownForums(turn.register, document);
    const draft = versionIn(turn, version, "draft");
    await updateVersion(turn.tx, draft, { document });
    const { tx, now } = turn;
    await recordPlanEvent(tx, { type: "plan.changed", department, actor, now, data: { version } });
    return { ...draft, document };
  });
}

export function refuseUnknownForums({ forums }: Register, document: PlanDocument): void {
  const errors = document.forums.flatMap(({ forum }, index): InputError[] =>
    forums.has(forum)
      ? []
      : [
          {
            pointer: `/document/forums/${index}/forum`,
            detail: "There is no such forum in the register.",
            hint: "Name a forum by its slug.",
          },
        ],
  );
  if (errors.length > 0) throw new DomainError("request/invalid", { errors });
}
