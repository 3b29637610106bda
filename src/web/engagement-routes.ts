import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import {
  type ClinicView,
  isOpenable,
  listClinics,
  mayWork,
  showQueue,
  showWholeClinic,
} from "../clinics/index.ts";
import { keepsRecord } from "../clinics/keeps-record.ts";
import type { Actor } from "../contract/actor.ts";
import { DomainError, type InputError } from "../contract/errors.ts";
import type { Deps } from "../deps.ts";
import type { Api } from "../http/api.ts";
import { decisions, listRecords, showPlan, showRecord } from "../plans/index.ts";
import type { Register } from "../register/model.ts";
import { clinicDeeds, draftOf, planDeeds } from "./engagement-deeds.ts";
import { planFields, planToValues, toYaml, type Values } from "./engagement-form.ts";
import { field } from "./forms.ts";
import { html } from "./pages.ts";
import { addressIn } from "./site.ts";
import { clockIn } from "./times.ts";
import { renderFor, visitorOf } from "./tools.ts";
import { engagementIn } from "./words/index.ts";

const access = { access: "session" } as const;
const page = { config: access, schema: { hide: true } } as const;
/** A plan is longer than other forms. */
const form = { ...page, bodyLimit: 512 * 1024 } as const;
const Sent = z.record(z.string(), z.string().catch(""));
const Done = z.object({ done: field });

/** What stands in the way of a form: the sentences, and which fields they are about. */
interface Trouble {
  deed: string;
  mistakes: { text: string; field: string }[];
  values: Values;
}

/** `/engagement`: plans, reports and clinics, for whoever keeps a department's record and for the advisors of a clinic. */
export function engagementRoutes(api: Api, deps: Deps): void {
  for (const language of ["en", "cy"] as const) {
    const base = addressIn(language, "/engagement");
    const send = (
      request: FastifyRequest,
      reply: FastifyReply,
      template: string,
      values: object,
      status = 200,
    ) =>
      reply
        .code(status)
        .type(html)
        .send(renderFor(request, template, { ...values, e: engagementIn(language), clock: clockIn }));

    api.get(base, page, async (request, reply) =>
      send(request, reply, "engagement.njk", await ownWork(deps, request)),
    );

    const department = async (request: FastifyRequest, reply: FastifyReply, trouble: Trouble | null) => {
      const { slug } = z.object({ slug: z.string() }).parse(request.params);
      const actor = await keeper(deps, request, slug);
      const values = await departmentPage(deps, slug, actor, trouble, Done.parse(request.query).done);
      return send(request, reply, "engagement-plan.njk", values, trouble ? 422 : 200);
    };
    api.get(`${base}/:slug`, page, async (request, reply) => department(request, reply, null));
    api.post(`${base}/:slug/:deed`, form, async (request, reply) => {
      const { slug, deed } = z.object({ slug: z.string(), deed: z.string() }).parse(request.params);
      const values = Sent.parse(request.body ?? {});
      const actor = await keeper(deps, request, slug);
      const isClinic = deed === "clinic";
      const work = isClinic ? clinicDeeds.get(deed) : planDeeds.get(deed);
      if (!work) throw new DomainError("request/not-found");
      const done = await attempt(deed, values, () =>
        work(deps, isClinic ? (values.slug ?? "") : slug, values, actor),
      );
      if (typeof done !== "string") return department(request, reply, done);
      return reply.redirect(`${base}/${encodeURIComponent(slug)}?done=${done}`, 303);
    });

    const clinic = async (request: FastifyRequest, reply: FastifyReply, trouble: Trouble | null) => {
      const { slug } = z.object({ slug: z.string() }).parse(request.params);
      const values = await clinicPage(deps, request, slug, trouble, Done.parse(request.query).done);
      return send(request, reply, "engagement-clinic.njk", values, trouble ? 422 : 200);
    };
    api.get(`${base}/clinics/:slug`, page, async (request, reply) => clinic(request, reply, null));
    api.post(`${base}/clinics/:slug/:deed`, form, async (request, reply) => {
      const { slug, deed } = z.object({ slug: z.string(), deed: z.string() }).parse(request.params);
      const values = Sent.parse(request.body ?? {});
      const { actor } = await worker(deps, request, slug);
      const work = clinicDeeds.get(deed);
      if (!work) throw new DomainError("request/not-found");
      const done = await attempt(deed, values, () => work(deps, slug, values, actor));
      if (typeof done !== "string") return clinic(request, reply, done);
      return reply.redirect(`${base}/clinics/${encodeURIComponent(slug)}?done=${done}`, 303);
    });
  }
}

const keepingOne = (register: Register, actors: readonly Actor[], department: string): Actor | undefined =>
  actors.find((actor) => keepsRecord(register, actor, department));

/** Who keeps this department's record, of those that somebody signed in may act as. To others it is not there. */
async function keeper(deps: Deps, request: FastifyRequest, department: string): Promise<Actor> {
  const register = await deps.register(deps.db);
  const actor = keepingOne(register, visitorOf(request).actors, department);
  if (!actor || !register.departments.has(department)) throw new DomainError("plan/not-found");
  return actor;
}

async function worker(
  deps: Deps,
  request: FastifyRequest,
  slug: string,
): Promise<{ actor: Actor; clinic: ClinicView }> {
  const register = await deps.register(deps.db);
  const clinic = await showWholeClinic(deps, slug);
  const { actors } = visitorOf(request);
  const actor =
    keepingOne(register, actors, clinic.department.slug) ??
    actors.find((one) => mayWork(register, one, clinic.pool.slug, "pool"));
  if (!actor) throw new DomainError("clinic/not-found");
  return { actor, clinic };
}

/** The departments and clinics of somebody signed in. */
async function ownWork(deps: Deps, request: FastifyRequest) {
  const register = await deps.register(deps.db);
  const { actors } = visitorOf(request);
  const records = (await listRecords(deps)).filter(({ department }) =>
    keepingOne(register, actors, department.slug),
  );
  const clinics = (await listClinics(deps)).filter(
    ({ department, pool, cancelled }) =>
      !cancelled &&
      (keepingOne(register, actors, department.slug) ||
        actors.some((one) => mayWork(register, one, pool.slug, "pool"))),
  );
  return { records, clinics };
}

/** Does what a form asks for; a refusal becomes sentences beside the form, with what was typed. */
async function attempt(deed: string, values: Values, work: () => Promise<string>): Promise<string | Trouble> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DomainError) || /^(service|access)\//.test(error.code)) throw error;
    const mistakes =
      error.errors.length > 0 ? error.errors.map(mistakeOf) : [{ text: error.message, field: "" }];
    return { deed, mistakes: mistakes.slice(0, 20), values };
  }
}

/** A mistake as a person reads it: where in the document, what, and what to do. */
function mistakeOf({ pointer, detail, hint }: InputError): { text: string; field: string } {
  const steps = pointer.split("/").slice(1);
  const where = steps.length > 1 ? `${steps.slice(steps[0] === "document" ? 1 : 0).join(", ")}: ` : "";
  const part = steps[0] === "document" && steps[1] ? steps[1] : steps[0];
  return { text: `${where}${detail}${hint ? ` ${hint}` : ""}`, field: part ?? "" };
}

async function departmentPage(deps: Deps, slug: string, actor: Actor, trouble: Trouble | null, done: string) {
  const record = await showRecord(deps, slug);
  const draft = await draftOf(deps, slug, actor);
  const consulting = record?.consulting ? await showPlan(deps, slug, record.consulting.version) : null;
  const base = draft ?? consulting ?? (record?.plan ? await showPlan(deps, slug, record.plan.version) : null);
  const typed = trouble?.deed === "save" ? trouble.values : null;
  const fields = typed ?? planToValues(base?.document ?? null);
  return {
    record,
    slug,
    draft,
    consulting,
    undecided: consulting?.consulted?.responses.filter(({ decision }) => decision === null).length ?? 0,
    fields: planFields.map((one) => ({ ...one, value: fields[one.name] ?? "" })),
    decisions,
    trouble,
    hasErrors: trouble !== null,
    wrong: new Set(trouble?.mistakes.map((one) => one.field)),
    values: trouble?.values ?? {},
    done,
    clinics: await listClinics(deps, { department: slug }),
  };
}

/** Sessions near enough to be worked on: those with a queue, and the next ones. */
const nearest = 3;

async function clinicPage(
  deps: Deps,
  request: FastifyRequest,
  slug: string,
  trouble: Trouble | null,
  done: string,
) {
  const { actor, clinic } = await worker(deps, request, slug);
  const register = await deps.register(deps.db);
  const sessions = [];
  for (const session of [...clinic.next.slice(0, nearest), ...clinic.past.slice(0, nearest)])
    sessions.push({
      ...session,
      canOpen: isOpenable(session, deps.now()),
      queue:
        session.state === "finished"
          ? []
          : await showQueue(deps, { slug, session: new Date(session.startsAt) }, actor),
    });
  const { pool, forum, title, description, language, startsAt, minutes, recurrence, except, thread } = clinic;
  const document = {
    pool: pool.slug,
    forum: forum.slug,
    title,
    description,
    language,
    startsAt,
    minutes,
    recurrence,
    except,
    questionsDays: clinic.questionsDays,
    thread,
  };
  return {
    clinic,
    sessions,
    keeps: keepsRecord(register, actor, clinic.department.slug),
    document: trouble?.deed === "clinic" ? (trouble.values.document ?? "") : toYaml(document),
    trouble,
    hasErrors: trouble !== null,
    values: trouble?.values ?? {},
    done,
  };
}
