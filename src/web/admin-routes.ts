import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { createKey, issueLinkFor, issueSignInLink, listKeys, revokeKey } from "../access/index.ts";
import type { Actor } from "../contract/actor.ts";
import { DomainError, invalidAt } from "../contract/errors.ts";
import { listDeliveries, replayDelivery } from "../delivery/index.ts";
import type { Api } from "../http/api.ts";
import type { WebDeps } from "./deps.ts";
import { field } from "./forms.ts";
import { html } from "./pages.ts";
import { addressIn, readPath } from "./site.ts";
import { renderFor, visitorOf } from "./tools.ts";

const page = { config: { access: "session" }, schema: { hide: true } } as const;
const Values = z.record(z.string(), z.string().catch(""));
type Values = z.infer<typeof Values>;
const stuckStates = ["parked", "refused", "unknown"] as const;
const most = 25;

interface Outcome {
  done?: string;
  /** A key or a link, shown this one time. */
  shown?: { what: "key" | "link"; text: string };
  trouble?: { says: string; about: string };
}

type Deed = (deps: WebDeps, actor: Actor, values: Values) => Promise<Outcome>;

const deeds: Readonly<Record<string, Deed>> = Object.assign(Object.create(null), {
  async key(deps, actor, { name = "", scope = "" }) {
    const scopes = scope.split(/[\s,]+/).filter((part) => part !== "");
    if (scopes.length === 0) throw invalidAt("/scope", "Name at least one scope.");
    const body = { name: name.trim() || scopes.join(" "), scopes };
    const { key } = await deps.transaction((tx) => createKey(deps, tx, body, actor));
    return { shown: { what: "key", text: key } };
  },
  async revoke(deps, actor, { id = "" }) {
    await revokeKey(deps, id, actor);
    return { done: "revoked" };
  },
  async link(deps, _actor, { email = "" }) {
    const { url } = await deps.transaction((tx) => issueLinkFor(deps, tx, email));
    return { shown: { what: "link", text: url } };
  },
  async "forum-link"(deps, _actor, { forum = "" }) {
    if (!(await deps.register(deps.db)).forums.has(forum)) throw new DomainError("forum/not-found");
    const scopes = [`operator:${forum}`];
    const { url } = await deps.transaction((tx) => issueSignInLink(deps, tx, { scopes }));
    return { shown: { what: "link", text: url } };
  },
  async replay(deps, actor, { id = "" }) {
    if (!z.uuid().safeParse(id).success) throw new DomainError("delivery/not-found");
    await replayDelivery(deps, id, actor);
    return { done: "replayed" };
  },
} satisfies Record<string, Deed>);

/** `/admin`: keys, links, what could not be delivered, and which register is in force. For administrators. */
export function adminRoutes(api: Api, deps: WebDeps): void {
  for (const language of ["en", "cy"] as const) {
    const base = addressIn(language, "/admin");
    api.get(base, page, async (request, reply) => {
      const { done } = z.object({ done: field }).parse(request.query);
      return show(deps, request, reply, { done }, {});
    });
    api.post(`${base}/:deed`, page, async (request, reply) => {
      const actor = administratorOf(request);
      const { deed } = z.object({ deed: z.string() }).parse(request.params);
      const work = deeds[deed];
      if (work === undefined) throw new DomainError("request/not-found");
      const values = Values.parse(request.body ?? {});
      const outcome = await work(deps, actor, values).catch((error: unknown): Outcome => {
        if (!(error instanceof DomainError) || error.code.startsWith("service/")) throw error;
        return { trouble: { says: error.errors[0]?.detail ?? error.message, about: deed } };
      });
      if (outcome.done !== undefined)
        return reply.redirect(
          `${addressIn(readPath(request.url).language, "/admin")}?done=${outcome.done}`,
          303,
        );
      return show(deps, request, reply, outcome, values);
    });
  }
}

function administratorOf(request: FastifyRequest): Actor {
  const admin = visitorOf(request).actors.find(({ kind }) => kind === "admin");
  if (admin === undefined) throw new DomainError("access/forbidden");
  return admin;
}

async function show(
  deps: WebDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  outcome: Outcome,
  values: Values,
): Promise<FastifyReply> {
  const actor = administratorOf(request);
  const register = await deps.register(deps.db);
  const stuck = await Promise.all(
    stuckStates.map((state) => listDeliveries(deps, { state, limit: most }, actor)),
  );
  const { forums, pools, departments, advisors, people } = register;
  return reply
    .code(outcome.trouble ? 422 : 200)
    .type(html)
    .send(
      renderFor(request, "admin.njk", {
        ...outcome,
        hasErrors: outcome.trouble !== undefined,
        values,
        keys: (await listKeys(deps)).filter(({ revokedAt }) => revokedAt === null).slice(0, 100),
        deliveries: stuck.flatMap(({ items }) => items),
        version: register.version,
        sizes: {
          departments: departments.size,
          pools: pools.size,
          advisors: advisors.size,
          people: people.size,
          forums: forums.size,
        },
        forums: [...forums.values()].map(({ slug, name }) => ({ slug, name })),
        isWide: true,
      }),
    );
}
