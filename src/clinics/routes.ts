import { z } from "zod";
import type { Deps } from "../deps.ts";
import { type Api, actorOf } from "../http/api.ts";
import { onceOf } from "../http/idempotency.ts";
import { changeOnce } from "../idempotency/index.ts";
import { ClinicDocument, Summary } from "./document.ts";
import {
  ClinicFile,
  cancelClinic,
  clinicHistory,
  clinicsToCsv,
  exportClinics,
  finishSession,
  importClinics,
  listClinics,
  moveQuestion,
  openSession,
  planClinic,
  showClinic,
  showQueue,
} from "./index.ts";

const slug = z.string().min(1).max(80);
const Slug = z.object({ slug });
const time = z.iso.datetime().transform((text) => new Date(text));
const Session = Slug.extend({ session: time });
const keepers = { access: ["admin", "person"] } as const;
const workers = { access: ["admin", "person", "advisor"] } as const;
const anybody = { access: "public" } as const;
const tags = ["clinics"];

/** Clinics: anybody reads, the engagement lead plans, the pool works on the queue. Questions come by the webhook adapter. */
export function clinicRoutes(api: Api, deps: Deps): void {
  readingRoutes(api, deps);
  planningRoutes(api, deps);
  queueRoutes(api, deps);
}

function readingRoutes(api: Api, deps: Deps): void {
  api.get(
    "/v1/clinics",
    {
      config: anybody,
      schema: {
        tags,
        summary: "Every clinic with its sessions, or as a table",
        querystring: z.strictObject({
          format: z.enum(["json", "csv"]).default("json"),
          department: slug.optional(),
        }),
      },
    },
    async (request, reply) => {
      if (request.query.format === "json") return { items: await listClinics(deps, request.query) };
      return reply
        .type("text/csv; charset=utf-8")
        .header("content-disposition", 'attachment; filename="clinics.csv"')
        .send(clinicsToCsv(await exportClinics(deps)));
    },
  );
  api.get(
    "/v1/clinics/:slug",
    { config: anybody, schema: { tags, summary: "One clinic with its sessions", params: Slug } },
    async (request) => showClinic(deps, request.params.slug),
  );
  api.get(
    "/v1/clinics/:slug/history",
    { config: anybody, schema: { tags, summary: "What was done to a clinic", params: Slug } },
    async (request) => ({ items: await clinicHistory(deps, request.params.slug) }),
  );
}

function planningRoutes(api: Api, deps: Deps): void {
  api.put(
    "/v1/clinics",
    {
      config: { access: ["admin"] },
      bodyLimit: 5 * 1024 * 1024,
      schema: { tags, summary: "Take over clinics from a file", body: ClinicFile },
    },
    async (request) => importClinics(deps, request.body, actorOf(request)),
  );
  api.put(
    "/v1/clinics/:slug",
    {
      config: keepers,
      schema: {
        tags,
        summary: "Plan a clinic, or change it",
        params: z.object({
          slug: z
            .string()
            .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
            .max(80),
        }),
        body: z.strictObject({ document: ClinicDocument }),
      },
    },
    async (request) => {
      await planClinic(deps, { ...request.params, ...request.body }, actorOf(request));
      return showClinic(deps, request.params.slug);
    },
  );
  api.post(
    "/v1/clinics/:slug/cancel",
    {
      config: keepers,
      schema: {
        tags,
        summary: "Cancel one session, or the whole clinic",
        params: Slug,
        body: z.strictObject({ session: time.optional() }).nullish(),
      },
    },
    async (request) => {
      const input = { ...request.params, session: request.body?.session };
      await changeOnce(deps, onceOf(request), async (transaction) => {
        await cancelClinic({ ...deps, transaction }, input, actorOf(request));
        return {};
      });
      return showClinic(deps, request.params.slug);
    },
  );
}

function queueRoutes(api: Api, deps: Deps): void {
  api.get(
    "/v1/clinics/:slug/sessions/:session/questions",
    { config: workers, schema: { tags, summary: "The queue of a session", params: Session } },
    async (request, reply) => {
      const items = await showQueue(deps, request.params, actorOf(request));
      return reply.header("cache-control", "no-store").send({ items });
    },
  );
  api.post(
    "/v1/clinics/:slug/sessions/:session/open",
    {
      config: workers,
      schema: { tags, summary: "Open a session", params: Session, body: z.strictObject({}).nullish() },
    },
    async (request) =>
      changeOnce(deps, onceOf(request), (transaction) =>
        openSession({ ...deps, transaction }, request.params, actorOf(request)),
      ),
  );
  api.post(
    "/v1/clinics/:slug/sessions/:session/finish",
    {
      config: workers,
      schema: {
        tags,
        summary: "Finish a session, or publish its summary afterwards",
        params: Session,
        body: z.strictObject({ summary: Summary.optional() }).nullish(),
      },
    },
    async (request) => {
      const input = { ...request.params, summary: request.body?.summary };
      return finishSession(deps, input, actorOf(request), onceOf(request));
    },
  );
  for (const step of ["take", "put-back", "answer"] as const)
    api.post(
      `/v1/clinics/:slug/questions/:id/${step}`,
      {
        config: workers,
        schema: {
          tags,
          summary: `Work on the queue: ${step}`,
          params: Slug.extend({ id: z.uuid() }),
          body: z.strictObject({}).nullish(),
        },
      },
      async (request) =>
        changeOnce(deps, onceOf(request), (transaction) =>
          moveQuestion({ ...deps, transaction }, { ...request.params, step }, actorOf(request)),
        ),
    );
}
