import { keepsRecord } from "../clinics/keeps-record.ts";
import type { Actor } from "../contract/actor.ts";
import { DomainError, invalidAt } from "../contract/errors.ts";
import type { Register } from "../register/model.ts";
import { changePlan, notPossible, type PlanDeps, type PlanTurn, versionIn } from "./change-plan.ts";
import type { Consultation, Decision, Response } from "./document.ts";
import { isOpenOn, type PlanVersion } from "./standing.ts";
import { recordPlanEvent, updateVersion } from "./store.ts";

/** Answers that one forum, and everybody together, may leave on one version. */
const mostOfOne = 20;
const mostOfAll = 500;

/**
 * Opens a draft for everybody to read and for forums to answer, from today to the end of a day. From now on its text does
 * not change. Refuses forums that the register does not know, and a last day that has passed.
 */
export async function openConsultation(
  deps: PlanDeps,
  input: { department: string; version: number; closes: string; invited: readonly string[] },
  actor: Actor,
): Promise<PlanVersion> {
  const { department, version, closes, invited } = input;
  return changePlan(deps, department, actor, async (turn) => {
    const { tx, now, today, register } = turn;
    const draft = versionIn(turn, version, "draft");
    if (closes < today) throw invalidAt("/closes", "This day has passed.");
    const unknown = invited.findIndex((slug) => !register.forums.has(slug));
    if (unknown >= 0) throw invalidAt(`/invited/${unknown}`, "There is no such forum in the register.");
    const consultation = { opens: today, closes, invited: [...new Set(invited)], responses: [] };
    const change = { status: "in_consultation", consultation, openedAt: now } as const;
    await updateVersion(tx, draft, change);
    const data = { version, closes };
    await recordPlanEvent(tx, { type: "plan.consultation-opened", department, actor, now, data });
    return { ...draft, ...change };
  });
}

/** A forum's moderators and operator may answer for it; whoever keeps the record enters what others said. */
function speaksFor(register: Register, actor: Actor, department: string): boolean {
  return actor.kind === "forum" || actor.kind === "operator" || keepsRecord(register, actor, department);
}

/**
 * Adds an answer to an open consultation. A forum's own key answers for that forum and no other, and only it may object;
 * whoever keeps the record enters what anybody else said, with `forum` where it was a forum.
 */
export async function answerConsultation(
  deps: PlanDeps,
  input: {
    department: string;
    version: number;
    said: string;
    forum?: string | undefined;
    objection: boolean;
  },
  actor: Actor,
): Promise<Response> {
  const { department, version, said, objection } = input;
  const own = actor.kind === "forum" || actor.kind === "operator" ? actor.forum : null;
  return changePlan(
    deps,
    department,
    actor,
    async (turn) => {
      const { plan, asked } = consulted(turn, version);
      const forum = own ?? input.forum ?? null;
      if (own !== null && input.forum !== undefined && input.forum !== own)
        throw new DomainError("access/forbidden");
      if (forum !== null && !turn.register.forums.has(forum))
        throw invalidAt("/forum", "There is no such forum in the register.");
      if (objection && forum === null) throw invalidAt("/objection", "Only a forum holds an objection open.");
      if (!isOpenOn(asked, turn.today)) throw notPossible(plan.status, "The consultation has closed.");
      const ofThis = asked.responses.filter((one) => one.forum === forum).length;
      if (asked.responses.length >= mostOfAll || (own !== null && ofThis >= mostOfOne))
        throw notPossible(plan.status, "This is as many answers as one version takes.");
      const response: Response = {
        id: asked.responses.length + 1,
        forum,
        said,
        on: turn.today,
        objection,
        liftedOn: null,
        decision: null,
        did: null,
      };
      await keep(turn, plan, { ...asked, responses: [...asked.responses, response] });
      await tell(turn, "plan.answered", version, response.id);
      return response;
    },
    speaksFor,
  );
}

/** Says what was done about an answer: you said, we did. It may be said anew until the version is finished. */
export async function decideResponse(
  deps: PlanDeps,
  input: { department: string; version: number; response: number; decision: Decision; did: string },
  actor: Actor,
): Promise<Response> {
  const { department, version, decision, did } = input;
  return changePlan(deps, department, actor, async (turn) => {
    const { plan, asked } = consulted(turn, version);
    const response = { ...responseIn(asked, input.response), decision, did };
    await keep(turn, plan, replacing(asked, response));
    await tell(turn, "plan.decided", version, response.id);
    return response;
  });
}

/** Takes an objection back, at any time; only the forum that raised it, or an administrator for it, can. */
export async function liftObjection(
  deps: PlanDeps,
  input: { department: string; version: number; response: number },
  actor: Actor,
): Promise<Response> {
  const { department, version } = input;
  return changePlan(
    deps,
    department,
    actor,
    async (turn) => {
      const plan = turn.versions.find((one) => one.version === version);
      if (!plan?.consultation) throw new DomainError("plan/not-found");
      const found = responseIn(plan.consultation, input.response);
      const isOwn = (actor.kind === "forum" || actor.kind === "operator") && actor.forum === found.forum;
      if (!isOwn && actor.kind !== "admin") throw new DomainError("access/forbidden");
      if (!found.objection || found.liftedOn !== null)
        throw notPossible(plan.status, "No objection is held open here.");
      const response = { ...found, liftedOn: turn.today };
      await keep(turn, plan, replacing(plan.consultation, response));
      await tell(turn, "plan.objection-lifted", version, response.id);
      return response;
    },
    speaksFor,
  );
}

function consulted(turn: PlanTurn, version: number): { plan: PlanVersion; asked: Consultation } {
  const plan = versionIn(turn, version, "in_consultation");
  if (plan.consultation === null) throw notPossible(plan.status);
  return { plan, asked: plan.consultation };
}

function responseIn({ responses }: Consultation, id: number): Response {
  const found = responses.find((one) => one.id === id);
  if (!found) throw new DomainError("plan/not-found", { detail: "There is no such answer." });
  return found;
}

const replacing = (asked: Consultation, response: Response): Consultation => ({
  ...asked,
  responses: asked.responses.map((one) => (one.id === response.id ? response : one)),
});

const keep = ({ tx }: PlanTurn, plan: PlanVersion, consultation: Consultation) =>
  updateVersion(tx, plan, { consultation });

const tell = (
  { tx, department, actor, now }: PlanTurn,
  type: "plan.answered" | "plan.decided" | "plan.objection-lifted",
  version: number,
  response: number,
) => recordPlanEvent(tx, { type, department, actor, now, data: { version, response } });
