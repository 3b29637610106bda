import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { isFormOf, type Proof } from "../access/index.ts";
import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import type { Visitor } from "../contract/web.ts";
import type { Access, KeyKind } from "./api.ts";
import { sessionTokenOf } from "./cookies.ts";

/** RFC 6750: the scheme in any case, one space or more, then the key. */
const bearerScheme = /^bearer +([\x21-\x7e]{1,512})$/i;
const reading = new Set(["GET", "HEAD"]);

/** Who is behind a proof; `session` gives null for a cookie that is nobody's. */
export interface Proofs {
  authenticate(bearer: string): Promise<Actor>;
  /** What somebody may act as by their roles in the register, the least powerful first. */
  actorsOf?(actor: Actor): Promise<Actor[]>;
  /** Who it is as far as this process knows, for routes that prove the key themselves; null where it does not know. */
  recall?(bearer: string): { actor: Actor; proof: Proof } | null;
  session(token: string): Promise<Visitor | null>;
  /** The site's own address, by which its cookies are named. */
  baseUrl: string;
}

/**
 * Makes every route registered from here on say who may call it (`config.access`), and asks for a key or a session where
 * it must: none or a wrong one is `access/unauthenticated`, another kind `access/forbidden`, before the body is read. Pages
 * for people signed in send strangers to `/sign-in`, and take a form only with its session's token.
 */
export function installAuth(app: FastifyInstance, proofs: Proofs): void {
  app.decorateRequest("actor", null);
  app.decorateRequest("visitor", null);
  app.decorateRequest("proof", null);
  app.addHook("onRoute", ({ method, url, config }) => {
    if (config?.access === undefined)
      throw new Error(
        `The route ${String(method)} ${url} does not say who may call it: give it config.access.`,
      );
  });
  app.addHook("onRequest", async (request, reply) => {
    const access = accessOf(request);
    if (access === "public" || access === "signature") return;
    if (access === "session") return admitToPage(proofs, request, reply);
    const known = request.routeOptions.config.provesKey ? recalled(proofs, request, access) : null;
    request.proof = known?.proof ?? null;
    request.actor = known?.actor ?? (await callerOf(proofs, request, access));
  });
  app.addHook("preValidation", async (request) => {
    if (accessOf(request) !== "session" || reading.has(request.method)) return;
    if (request.visitor === null || !isFormOf(request.visitor, formTokenIn(request.body)))
      throw new DomainError("access/forbidden", { detail: "This form belongs to another session." });
  });
}

const accessOf = (request: FastifyRequest): Access =>
  request.is404 ? "public" : (request.routeOptions.config.access ?? []);

const formTokenIn = (body: unknown): unknown =>
  typeof body === "object" && body !== null && "form" in body ? body.form : undefined;

/** Who a request's session cookie speaks for, or null. */
export async function visitorBehind(
  proofs: Pick<Proofs, "session" | "baseUrl">,
  request: FastifyRequest,
): Promise<Visitor | null> {
  const token = sessionTokenOf(request, proofs.baseUrl);
  return token === undefined ? null : proofs.session(token);
}

/** A browser says where a request came from; one that another site made is refused. Older browsers say nothing. */
export function refuseOtherSites(request: FastifyRequest): void {
  const site = request.headers["sec-fetch-site"];
  if (site === undefined || site === "same-origin" || site === "none" || reading.has(request.method)) return;
  throw new DomainError("access/forbidden", { detail: "Another site sent this form." });
}

async function admitToPage(proofs: Proofs, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  refuseOtherSites(request);
  request.visitor = await visitorBehind(proofs, request);
  reply.header("cache-control", "no-store").header("referrer-policy", "same-origin");
  if (request.visitor !== null) return;
  const isWelsh = /^\/cy(\/|$)/.test(request.url);
  const back = reading.has(request.method) ? `?next=${encodeURIComponent(request.url)}` : "";
  await reply.redirect(`${isWelsh ? "/cy" : ""}/sign-in${back}`, 303);
}

function recalled(proofs: Proofs, request: FastifyRequest, access: readonly KeyKind[]) {
  const bearer = bearerScheme.exec(request.headers.authorization ?? "")?.[1];
  const known = bearer === undefined ? undefined : proofs.recall?.(bearer);
  return known && access.some((kind) => kind === known.actor.kind) ? known : null;
}

const isAmong = (access: readonly KeyKind[], { kind }: Actor): boolean =>
  access.some((allowed) => allowed === kind);

/** The forum that a route under `/v1/forums/:slug` is about; undefined elsewhere. */
function forumIn({ routeOptions, params }: FastifyRequest): string | undefined {
  if (!routeOptions.url?.startsWith("/v1/forums/:slug")) return undefined;
  return (params as { slug?: string }).slug;
}

/**
 * As whom somebody calls, of all they may act as: the first that the route lets in. Where it is about a forum, that
 * forum's operator comes first and the operators of others last.
 */
function chosenFrom(
  actors: readonly Actor[],
  request: FastifyRequest,
  access: readonly KeyKind[],
): Actor | undefined {
  const allowed = actors.filter((one) => isAmong(access, one));
  const forum = forumIn(request);
  if (forum === undefined) return allowed[0];
  return (
    allowed.find((one) => one.kind === "operator" && one.forum === forum) ??
    allowed.find(({ kind }) => kind !== "operator") ??
    allowed[0]
  );
}

/** What the bearer of a key is, and by a person's roles in the register what else: as a session has it. */
const actorsBehind = async (proofs: Proofs, actor: Actor): Promise<Actor[]> => [
  actor,
  ...((await proofs.actorsOf?.(actor)) ?? []),
];

/** The bearer of a key; without one, somebody signed in, who must say so by a header where something would change. */
async function callerOf(proofs: Proofs, request: FastifyRequest, access: readonly KeyKind[]): Promise<Actor> {
  const { authorization } = request.headers;
  const visitor = authorization === undefined ? await visitorBehind(proofs, request) : null;
  if (visitor === null) {
    const actor = await proofs.authenticate(bearerOf(authorization));
    const isEnough = isAmong(access, actor) && forumIn(request) === undefined;
    const allowed = isEnough ? actor : chosenFrom(await actorsBehind(proofs, actor), request, access);
    if (allowed === undefined) throw new DomainError("access/forbidden");
    return allowed;
  }
  refuseOtherSites(request);
  if (!reading.has(request.method) && !isFormOf(visitor, request.headers["x-csrf-token"]))
    throw new DomainError("access/forbidden", {
      detail: "Send the session's form token as X-CSRF-Token, or use a key.",
    });
  const actor = chosenFrom(visitor.actors, request, access);
  if (actor === undefined) throw new DomainError("access/forbidden");
  return actor;
}

/** The key of an `Authorization` header. Refuses its absence and every scheme but Bearer. */
export function bearerOf(header: string | undefined): string {
  if (header === undefined) throw new DomainError("access/unauthenticated");
  const bearer = bearerScheme.exec(header)?.[1];
  if (bearer === undefined)
    throw new DomainError("access/unauthenticated", {
      detail: "Send the key as Authorization: Bearer, with nothing before or after it.",
    });
  return bearer;
}
