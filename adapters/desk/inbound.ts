import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { DomainError } from "../../src/contract/errors.ts";
import { act, showForm } from "./acting.ts";
import { blocksOf } from "./markdown.ts";
import { type Desk, goTo, queryOf, show, valuesOf } from "./page.ts";
import { queueOf } from "./queue.ts";
import { showReferral } from "./referral.ts";

/** A form with the longest reply, in a script that takes twelve characters a letter. */
const formBytes = 256 * 1024;
const referenceShape = /^[\w-]{1,40}$/;

/** The desk's pages, `/desk` and below, in both languages. */
export const createInbound =
  (desk: Desk): FastifyPluginAsync =>
  async (scope) => {
    desk.web.takeForms(scope);
    const page = { config: { access: "session" }, schema: { hide: true } } as const;
    const form = { ...page, bodyLimit: formBytes };
    for (const base of ["/desk", "/cy/desk"]) {
      scope.get(base, page, (request, reply) => showQueue(desk, request, reply));
      scope.get(`${base}/guidance`, page, (request, reply) => showGuidance(desk, request, reply));
      scope.post(`${base}/guidance`, form, (request, reply) => acknowledge(desk, request, reply));
      scope.get(`${base}/:ref`, page, (request, reply) => showReferral(desk, request, reply));
      scope.get(`${base}/:ref/:action`, page, (request, reply) => showForm(desk, request, reply));
      scope.post(`${base}/:ref/:action`, form, (request, reply) => act(desk, request, reply));
    }
  };

async function showQueue(desk: Desk, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const q = (queryOf(request).q ?? "").trim().slice(0, 100);
  const queue = await queueOf(desk, desk.web.visitorOf(request), { q });
  return show(desk, request, reply, "queue", { ...queue, q, isWide: true });
}

async function showGuidance(desk: Desk, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { version, text } = await desk.core.guidance();
  const { ref = "" } = queryOf(request);
  const isAdvisor = desk.web.visitorOf(request).actors.some(({ kind }) => kind === "advisor");
  const values = { version, blocks: blocksOf(text), isAdvisor, ref: referenceShape.test(ref) ? ref : "" };
  return show(desk, request, reply, "guidance", values);
}

async function acknowledge(desk: Desk, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const advisor = desk.web.visitorOf(request).actors.find(({ kind }) => kind === "advisor");
  if (advisor?.kind !== "advisor") throw new DomainError("access/forbidden");
  const { version = "", ref = "" } = valuesOf(request);
  await desk.core.acknowledgeGuidance(advisor.id, version);
  return goTo(desk, request, reply, referenceShape.test(ref) ? `/desk/${ref}?done=guidance` : "/desk");
}
