import { z } from "zod";
import type { Deps } from "../deps.ts";
import { type Api, actorOf } from "../http/api.ts";
import { onceOf } from "../http/idempotency.ts";
import { changeOnce } from "../idempotency/index.ts";
import { plansToCsv } from "./csv.ts";
import { Decision, Line, PlanDocument, Prose, ReportDocument } from "./document.ts";
import {
  answerConsultation,
  decideResponse,
  draftPlan,
  editDraft,
  exportPlans,
  importPlans,
  liftObjection,
  listRecords,
  openConsultation,
  planHistory,
  progressOf,
  publishPlan,
  publishReport,
  RecordFile,
  reportFigures,
  showDraft,
  showPlan,
  showReport,
  summaryOf,
  todayOf,
  withdrawPlan,
} from "./index.ts";

const Department = z.object({ department: z.string().min(1).max(80) });
const version = z.coerce.number().int().min(1).max(10_000);
const Version = Department.extend({ version });
const Response = Version.extend({ response: z.coerce.number().int().min(1) });
const Day = z.iso.date();
const keepers = { access: ["admin", "person"] } as const;
const speakers = { access: ["admin", "person", "operator", "forum"] } as const;
const anybody = { access: "public" } as const;
const tags = ["plans"];

/** Plans and progress reports: anybody reads what is public, the engagement lead writes, forums answer. */
export function planRoutes(api: Api, deps: Deps): void {
  readingRoutes(api, deps);
  draftRoutes(api, deps);
  consultationRoutes(api, deps);
  progressRoutes(api, deps);
}

function readingRoutes(api: Api, deps: Deps): void {
  api.get(
    "/v1/plans",
    {
      config: anybody,
      schema: {
        tags,
        summary: "What every department's record says, or all of it as a table",
        querystring: z.strictObject({ format: z.enum(["json", "csv"]).default("json") }),
      },
    },
    async (request, reply) => {
      if (request.query.format === "json") return { items: await listRecords(deps) };
      return reply
        .type("text/csv; charset=utf-8")
        .header("content-disposition", 'attachment; filename="plans.csv"')
        .send(plansToCsv(await exportPlans(deps)));
    },
  );
  api.get(
    "/v1/plans/:department",
    {
      config: anybody,
      schema: { tags, summary: "The plan in force, and every version", params: Department },
    },
    async (request) => showPlan(deps, request.params.department, "latest"),
  );
  api.get(
    "/v1/plans/:department/:version",
    { config: anybody, schema: { tags, summary: "One version of a plan", params: Version } },
    async (request) => showPlan(deps, request.params.department, request.params.version),
  );
  api.get(
    "/v1/plans/:department/history",
    { config: anybody, schema: { tags, summary: "What was done to plans and reports", params: Department } },
    async (request) => ({ items: await planHistory(deps, request.params.department) }),
  );
  api.put(
    "/v1/plans",
    {
      config: { access: ["admin"] },
      bodyLimit: 5 * 1024 * 1024,
      schema: { tags, summary: "Take over plans and reports from a file", body: RecordFile },
    },
    async (request) => importPlans(deps, request.body, actorOf(request)),
  );
}

function draftRoutes(api: Api, deps: Deps): void {
  const of = (plan: Parameters<typeof summaryOf>[0]) => summaryOf(plan, todayOf(deps.now()));
  api.get(
    "/v1/plans/:department/draft",
    { config: keepers, schema: { tags, summary: "The draft that is being written", params: Department } },
    async (request) => showDraft(deps, request.params.department, actorOf(request)),
  );
  api.post(
    "/v1/plans/:department/draft",
    {
      config: keepers,
      schema: {
        tags,
        summary: "Begin the next version",
        params: Department,
        body: z.strictObject({ document: PlanDocument, amends: version.optional() }),
      },
    },
    async (request, reply) => {
      const input = { ...request.params, ...request.body };
      const made = await changeOnce(deps, onceOf(request), async (transaction) =>
        of(await draftPlan({ ...deps, transaction }, input, actorOf(request))),
      );
      return reply.code(201).send(made);
    },
  );
  api.put(
    "/v1/plans/:department/:version",
    {
      config: keepers,
      schema: {
        tags,
        summary: "Change the text of a draft",
        params: Version,
        body: z.strictObject({ document: PlanDocument }),
      },
    },
    async (request) => of(await editDraft(deps, { ...request.params, ...request.body }, actorOf(request))),
  );
  api.post(
    "/v1/plans/:department/:version/publish",
    {
      config: keepers,
      schema: { tags, summary: "Publish", params: Version, body: z.strictObject({}).nullish() },
    },
    async (request) =>
      changeOnce(deps, onceOf(request), async (transaction) =>
        of(await publishPlan({ ...deps, transaction }, request.params, actorOf(request))),
      ),
  );
  api.post(
    "/v1/plans/:department/:version/withdraw",
    {
      config: keepers,
      schema: { tags, summary: "Withdraw", params: Version, body: z.strictObject({ because: Prose }) },
    },
    async (request) => {
      const input = { ...request.params, ...request.body };
      return changeOnce(deps, onceOf(request), async (transaction) =>
        of(await withdrawPlan({ ...deps, transaction }, input, actorOf(request))),
      );
    },
  );
}

function consultationRoutes(api: Api, deps: Deps): void {
  api.post(
    "/v1/plans/:department/:version/consult",
    {
      config: keepers,
      schema: {
        tags,
        summary: "Open a draft for answers, until the end of a day",
        params: Version,
        body: z.strictObject({ closes: Day, invited: z.array(z.string().max(80)).max(500).default([]) }),
      },
    },
    async (request) => {
      const input = { ...request.params, ...request.body };
      return changeOnce(deps, onceOf(request), async (transaction) =>
        summaryOf(
          await openConsultation({ ...deps, transaction }, input, actorOf(request)),
          todayOf(deps.now()),
        ),
      );
    },
  );
  api.post(
    "/v1/plans/:department/:version/answers",
    {
      config: speakers,
      schema: {
        tags,
        summary: "Answer a consultation",
        params: Version,
        body: z.strictObject({
          said: Prose,
          forum: z.string().max(80).optional(),
          objection: z.boolean().default(false),
        }),
      },
    },
    async (request, reply) => {
      const input = { ...request.params, ...request.body };
      const answer = await changeOnce(deps, onceOf(request), (transaction) =>
        answerConsultation({ ...deps, transaction }, input, actorOf(request)),
      );
      return reply.code(201).send(answer);
    },
  );
  api.post(
    "/v1/plans/:department/:version/answers/:response/decide",
    {
      config: keepers,
      schema: {
        tags,
        summary: "Say what was done about an answer",
        params: Response,
        body: z.strictObject({ decision: Decision, did: Prose }),
      },
    },
    async (request) => {
      const input = { ...request.params, ...request.body };
      return changeOnce(deps, onceOf(request), (transaction) =>
        decideResponse({ ...deps, transaction }, input, actorOf(request)),
      );
    },
  );
  api.post(
    "/v1/plans/:department/:version/answers/:response/lift",
    {
      config: { access: ["admin", "operator", "forum"] },
      schema: { tags, summary: "Lift an objection", params: Response, body: z.strictObject({}).nullish() },
    },
    async (request) =>
      changeOnce(deps, onceOf(request), (transaction) =>
        liftObjection({ ...deps, transaction }, request.params, actorOf(request)),
      ),
  );
}

function progressRoutes(api: Api, deps: Deps): void {
  const Period = Department.extend({ period: z.string().min(1).max(80) });
  api.get(
    "/v1/progress",
    { config: anybody, schema: { tags, summary: "Who has reported, and who has not" } },
    async () => progressOf(await listRecords(deps)),
  );
  api.get(
    "/v1/progress/:department/:period",
    {
      config: anybody,
      schema: {
        tags,
        summary: "A progress report",
        params: Period,
        querystring: z.strictObject({ revision: z.coerce.number().int().min(1).optional() }),
      },
    },
    async ({ params, query }) => showReport(deps, params.department, params.period, query.revision),
  );
  api.post(
    "/v1/progress/:department",
    {
      config: keepers,
      schema: {
        tags,
        summary: "Publish a progress report, or with a notice its correction",
        params: Department,
        body: z.strictObject({ document: ReportDocument, notice: Line.optional() }),
      },
    },
    async (request, reply) => {
      const input = { ...request.params, ...request.body };
      const actor = actorOf(request);
      const once = onceOf(request);
      const figures = await reportFigures(deps, input.department, input.document, actor);
      const report = await changeOnce(deps, once, (transaction) =>
        publishReport({ ...deps, transaction }, { ...input, figures }, actor),
      );
      return reply.code(201).send(report);
    },
  );
}
