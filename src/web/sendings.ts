import { randomBytes } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { DomainError } from "../contract/errors.ts";
import type { Deps } from "../deps.ts";

import type { Api } from "../http/api.ts";
import { field } from "./forms.ts";
import { createChallenge, createProofMemory, provedBits } from "./proof-of-work.ts";

/** From one address, whoever sends: an office may share one, a flood has an end. A browser that took trouble may send more. */
const limits = { proved: { max: 20, timeWindow: 3_600_000 }, plain: { max: 5, timeWindow: 3_600_000 } };

/** What every such form has beside its own fields. */
export const sendingFields = {
  /** A field that people do not see: whoever fills it in is a program. */
  surname: field,
  /** What the page asked the browser to work on, and what it found. The first is each form's own. */
  challenge: field,
  proof: field,
};

/** What a form sends back of what its page asked the browser to work on. */
export interface Worked {
  challenge: string;
  proof: string;
}

/** Bounds a kind of form that anybody may send: how many are taken from one address, and what its page asks of browsers. */
export function createSendings(api: Api, deps: Pick<Deps, "keyring" | "now">) {
  const counts = { proved: api.createRateLimit(limits.proved), plain: api.createRateLimit(limits.plain) };
  const proofs = createProofMemory(deps.keyring);
  return {
    /** Counts one sending; refuses it where there were too many (`request/rate-limited`). */
    async guard(request: FastifyRequest, worked: Worked): Promise<void> {
      const counted = await counts[proofs.take(worked, deps.now()) ? "proved" : "plain"](request);
      if (counted.isAllowed || !counted.isExceeded) return;
      throw new DomainError("request/rate-limited", {
        fields: { retryAfterSeconds: counted.ttlInSeconds },
      });
    },
    /** What a form gives the browser to work on; each form its own. */
    work: () => ({
      challenge: createChallenge(deps.keyring, deps.now(), randomBytes(16).toString("hex")),
      provedBits,
    }),
  };
}
export type Sendings = ReturnType<typeof createSendings>;
