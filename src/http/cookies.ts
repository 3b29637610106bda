import type { FastifyReply, FastifyRequest } from "fastify";

/** `__Host-` makes browsers refuse the cookie from any other host, path or without TLS. */
const secureName = "__Host-fingerpost";
const plainName = "fingerpost";

const isSecure = (baseUrl: string): boolean => baseUrl.startsWith("https:");

const optionsFor = (baseUrl: string) =>
  ({ httpOnly: true, sameSite: "lax", secure: isSecure(baseUrl), path: "/" }) as const;

const nameFor = (baseUrl: string): string => (isSecure(baseUrl) ? secureName : plainName);

/** What the session cookie holds. On an https site the plain name counts for nothing: another host may have set it. */
export const sessionTokenOf = ({ cookies }: FastifyRequest, baseUrl: string): string | undefined =>
  cookies[nameFor(baseUrl)];

/** Gives the browser its session: no script reads it, no other site sends a form with it; `Secure` where the site is https. */
export function setSession(reply: FastifyReply, baseUrl: string, token: string): void {
  void reply.setCookie(nameFor(baseUrl), token, optionsFor(baseUrl));
}

export function clearSession(reply: FastifyReply, baseUrl: string): void {
  void reply.clearCookie(nameFor(baseUrl), optionsFor(baseUrl));
}

const flowName = "fingerpost-sign-in";

/** Keeps what a sign-in under way needs when the identity provider sends the browser back. Sealed by the caller. */
export function setFlow(reply: FastifyReply, baseUrl: string, sealed: string, maxAgeSeconds: number): void {
  const options = { ...optionsFor(baseUrl), path: "/sign-in", maxAge: maxAgeSeconds };
  void reply.setCookie(flowName, sealed, options);
}

export const flowOf = ({ cookies }: FastifyRequest): string | undefined => cookies[flowName];

export function clearFlow(reply: FastifyReply, baseUrl: string): void {
  void reply.clearCookie(flowName, { ...optionsFor(baseUrl), path: "/sign-in" });
}
