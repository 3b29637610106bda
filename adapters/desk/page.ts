import { randomUUID } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { AdapterDeps } from "../../src/contract/adapter.ts";
import { DomainError } from "../../src/contract/errors.ts";
import type { WebTools } from "../../src/contract/web.ts";

/** What the desk's pages are made with. */
export type Desk = Pick<AdapterDeps, "core" | "memory" | "now"> & { web: WebTools };

/** What stands in somebody's way, as the page says it: a code of its words, or a sentence; and the field it is about. */
export interface Trouble {
  code: string;
  says: string;
  field?: string | undefined;
  by?: string | undefined;
  at?: string | undefined;
  state?: string | undefined;
}

const Sent = z.record(z.string(), z.string().catch("")).catch({});
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What a form sent, with the lines ended in one way. */
export function valuesOf(request: FastifyRequest): Record<string, string> {
  const clean = (text: string) => text.replace(/\r\n?/g, "\n").trim();
  return Object.fromEntries(
    Object.entries(Sent.parse(request.body)).map(([name, text]) => [name, clean(text)]),
  );
}

export const paramsOf = (request: FastifyRequest): { ref: string; action: string } =>
  z.object({ ref: z.string().catch(""), action: z.string().catch("") }).parse(request.params);

export const queryOf = (request: FastifyRequest): Record<string, string> => Sent.parse(request.query);

/** The same at each sending of one form, so that a form that is sent twice acts once. */
export const onceOf = (values: Readonly<Record<string, string>>): string =>
  uuid.test(values.once ?? "") ? (values.once ?? "") : randomUUID();
export const newOnce = (): string => randomUUID();

/** Sends a page. */
export function show(
  { web }: Desk,
  request: FastifyRequest,
  reply: FastifyReply,
  template: string,
  values: Readonly<Record<string, unknown>>,
): FastifyReply {
  return reply.type("text/html; charset=utf-8").send(web.render(request, `desk/${template}.njk`, values));
}

export const goTo = (
  { web }: Desk,
  request: FastifyRequest,
  reply: FastifyReply,
  page: string,
): FastifyReply => reply.redirect(web.addressOf(request, page), 303);

/** A refusal for the page; a fault, and what may not be told apart from nothing there, is thrown on. */
export function troubleOf(error: unknown): Trouble {
  if (!(error instanceof DomainError)) throw error;
  if (error.code === "referral/not-found" || error.code.startsWith("service/")) throw error;
  const { fields, errors } = error;
  const textIn = (name: string) => (typeof fields[name] === "string" ? fields[name] : undefined);
  const [first] = errors;
  return {
    code: error.code,
    says: first ? first.detail : error.message,
    field: first?.pointer.split("/")[1],
    by: textIn("claimedBy"),
    at: textIn("claimedAt"),
    state: textIn("state"),
  };
}
