import { z } from "zod";
import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import type { Tx } from "../db/index.ts";
import type { Deps } from "../deps.ts";
import { actAs } from "./act-as.ts";
import { guidanceText, guidanceVersion } from "./guidance-text.ts";
import { insertAcknowledgement, recordEvent } from "./store.ts";

export const AcknowledgementBody = z.strictObject({
  version: z.string().min(1).max(40).optional(),
  as: z.string().min(1).max(200).optional(),
});
export type AcknowledgementBody = z.infer<typeof AcknowledgementBody>;

export interface Acknowledgement {
  advisor: string;
  version: string;
  at: string;
}

/** The guidance in force: its version, a date, and its text in Markdown. */
export function guidance(): { version: string; text: string } {
  return { version: guidanceVersion, text: guidanceText };
}

/**
 * Keeps that an advisor has read the guidance, once for each version. Refuses a version that is no longer in force
 * (`request/invalid`), an advisor the register does not know, and anybody but advisors. Recorded as
 * `guidance.acknowledged`.
 */
export async function acknowledgeGuidance(
  deps: Pick<Deps, "now" | "register">,
  tx: Tx,
  { version = guidanceVersion, as }: AcknowledgementBody,
  actor: Actor,
): Promise<Acknowledgement & { isNew: boolean }> {
  const register = await deps.register(tx);
  const advisor = actAs(actor, as, register);
  if (advisor.kind !== "advisor") throw new DomainError("access/forbidden");
  if (!register.advisors.has(advisor.id)) throw new DomainError("advisor/not-found");
  if (version !== guidanceVersion) {
    const hint = `The version in force is ${guidanceVersion}: read it at /v1/guidance.`;
    throw new DomainError("request/invalid", {
      errors: [{ pointer: "/version", detail: "This version is not in force.", hint }],
    });
  }
  const { id: advisorId, actedBy } = advisor;
  const { at, isNew } = await insertAcknowledgement(tx, { advisorId, version, now: deps.now() });
  if (isNew) {
    const said = { actorRole: "advisor", actorId: advisorId, actedBy, data: { version } } as const;
    await recordEvent(tx, { type: "guidance.acknowledged", at, ...said });
  }
  return { advisor: advisor.id, version, at: at.toISOString(), isNew };
}
