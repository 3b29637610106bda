import { IncomingMessage, type OutgoingHttpHeaders, ServerResponse } from "node:http";
import { Socket } from "node:net";
import type { FastifyInstance } from "fastify";
import helmet from "helmet";

/** Headers of every answer: nothing of another origin, nothing inline, no frames, HTTPS once it has been used. */
const policy = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      baseUri: ["'none'"],
      connectSrc: ["'self'"],
      fontSrc: ["'self'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      imgSrc: ["'self'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
    },
  },
  xFrameOptions: { action: "deny" },
  // Names beside this one belong to others, who decide for themselves.
  strictTransportSecurity: { maxAge: 31_536_000, includeSubDomains: false },
} as const;

/** What helmet makes of the policy, worked out once: no answer differs from another. */
function headersByPolicy(): OutgoingHttpHeaders {
  const request = new IncomingMessage(new Socket());
  const answer = new ServerResponse(request);
  helmet(policy)(request, answer, () => {});
  return answer.getHeaders();
}

/** Sets them before anything else is done, so that refusals have them too. */
export function installSecurityHeaders(app: FastifyInstance): void {
  const headers = headersByPolicy();
  app.addHook("onRequest", (_request, reply, done) => {
    reply.headers(headers);
    done();
  });
}
