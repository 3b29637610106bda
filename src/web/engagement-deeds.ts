import {
  ClinicDocument,
  cancelClinic,
  finishSession,
  moveQuestion,
  openSession,
  planClinic,
  Summary,
} from "../clinics/index.ts";
import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import { parseInput } from "../contract/input.ts";
import type { Deps } from "../deps.ts";
import {
  answerConsultation,
  Decision,
  decideResponse,
  draftPlan,
  editDraft,
  openConsultation,
  PlanDocument,
  publishPlan,
  publishReport,
  ReportDocument,
  reportFigures,
  showDraft,
  withdrawPlan,
} from "../plans/index.ts";
import { fromYaml, linesOf, type Values, valuesToPlan } from "./engagement-form.ts";

/** Which sentence the page then shows. */
type Deed = (deps: Deps, department: string, values: Values, actor: Actor) => Promise<string>;

const versionOf = (values: Values): number => {
  const version = Number(values.version);
  if (!Number.isInteger(version) || version < 1) throw new DomainError("plan/not-found");
  return version;
};

/** The draft of a department where there is one. */
export async function draftOf(deps: Deps, department: string, actor: Actor) {
  try {
    return await showDraft(deps, department, actor);
  } catch (error) {
    if (error instanceof DomainError && error.code === "plan/not-found") return null;
    throw error;
  }
}

/** What the forms about a department's plan and reports do. */
export const planDeeds: ReadonlyMap<string, Deed> = new Map<string, Deed>([
  [
    "save",
    async (deps, department, values, actor) => {
      const document = parseInput(PlanDocument, valuesToPlan(values));
      const draft = await draftOf(deps, department, actor);
      const amends = values.amends ? Number(values.amends) : undefined;
      if (draft) await editDraft(deps, { department, version: draft.version, document }, actor);
      else await draftPlan(deps, { department, document, amends }, actor);
      return "saved";
    },
  ],
  [
    "consult",
    async (deps, department, values, actor) => {
      const { closes = "" } = values;
      if (!/^\d{4}-\d{2}-\d{2}$/.test(closes) || Number.isNaN(Date.parse(closes)))
        throw new DomainError("request/invalid", {
          errors: [{ pointer: "/closes", detail: "Write a date as YYYY-MM-DD." }],
        });
      const input = { department, version: versionOf(values), closes, invited: linesOf(values.invited) };
      await openConsultation(deps, input, actor);
      return "consult";
    },
  ],
  [
    "answers",
    async (deps, department, values, actor) => {
      const forum = values.from?.trim() || undefined;
      const said = parseInput(PlanDocument.shape.summary, values.said ?? "", "/said");
      const input = { department, version: versionOf(values), said, forum, objection: false };
      await answerConsultation(deps, input, actor);
      return "answers";
    },
  ],
  [
    "decide",
    async (deps, department, values, actor) => {
      const decision = parseInput(Decision, values.decision, "/decision");
      const did = parseInput(PlanDocument.shape.summary, values.did ?? "", "/did");
      const input = {
        department,
        version: versionOf(values),
        response: Number(values.response),
        decision,
        did,
      };
      await decideResponse(deps, input, actor);
      return "decide";
    },
  ],
  [
    "publish",
    async (deps, department, values, actor) => {
      await publishPlan(deps, { department, version: versionOf(values) }, actor);
      return "publish";
    },
  ],
  [
    "withdraw",
    async (deps, department, values, actor) => {
      const because = parseInput(PlanDocument.shape.summary, values.because ?? "", "/because");
      await withdrawPlan(deps, { department, version: versionOf(values), because }, actor);
      return "withdraw";
    },
  ],
  [
    "report",
    async (deps, department, values, actor) => {
      const document = parseInput(ReportDocument, fromYaml(values.report ?? ""), "/report");
      const notice = values.notice?.trim()
        ? parseInput(PlanDocument.shape.title, values.notice, "/notice")
        : undefined;
      const figures = await reportFigures(deps, department, document, actor);
      await publishReport(deps, { department, document, figures, notice }, actor);
      return "report";
    },
  ],
]);

const sessionOf = (values: Values): Date => {
  const session = new Date(values.session ?? "");
  if (Number.isNaN(session.getTime())) throw new DomainError("clinic/not-found");
  return session;
};

/** What the forms about a clinic do; `slug` is the clinic's. */
export const clinicDeeds: ReadonlyMap<string, Deed> = new Map<string, Deed>([
  [
    "clinic",
    async (deps, slug, values, actor) => {
      const document = parseInput(ClinicDocument, fromYaml(values.document ?? ""), "/document");
      await planClinic(deps, { slug, document }, actor);
      return "clinic";
    },
  ],
  [
    "cancel",
    async (deps, slug, values, actor) => {
      await cancelClinic(deps, { slug, session: values.session ? sessionOf(values) : undefined }, actor);
      return "cancel";
    },
  ],
  [
    "open",
    async (deps, slug, values, actor) => {
      await openSession(deps, { slug, session: sessionOf(values) }, actor);
      return "open";
    },
  ],
  [
    "finish",
    async (deps, slug, values, actor) => {
      const summary = values.summary?.trim() ? parseInput(Summary, values.summary, "/summary") : undefined;
      await finishSession(deps, { slug, session: sessionOf(values), summary }, actor);
      return "finish";
    },
  ],
  [
    "queue",
    async (deps, slug, values, actor) => {
      const step = (["take", "put-back", "answer"] as const).find((one) => one === values.do);
      if (!step) throw new DomainError("request/malformed");
      await moveQuestion(deps, { slug, id: idOf(values), step }, actor);
      return "queue";
    },
  ],
]);

function idOf({ question = "" }: Values): string {
  if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(question)) throw new DomainError("clinic/not-found");
  return question;
}
