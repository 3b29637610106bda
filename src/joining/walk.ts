import type { ForumMessage } from "../contract/notice.ts";

/** What a test referral tells a forum, in order: what each is called, and where the referral would stand. */
export const walkSteps = [
  { notice: "referral.consent_requested", state: "awaiting_consent" },
  { notice: "referral.triage", state: "triage" },
  { notice: "referral.offered", state: "offered" },
  { notice: "referral.claimed", state: "claimed" },
  { notice: "referral.question", state: "waiting_member" },
  { notice: "referral.replied", state: "replied" },
  { notice: "referral.corrected", state: "replied" },
  { notice: "referral.resolved", state: "resolved" },
  { notice: "redact", state: "resolved" },
] as const;

/** One step of one walk, as its delivery remembers it. */
export interface WalkStep {
  walk: string;
  step: number;
}

/** The step that a delivery is, or null where it is none of a walk. */
export function readStep(data: Readonly<Record<string, unknown>>): WalkStep | null {
  const { walk, step } = data;
  return typeof walk === "string" && typeof step === "number" && walkSteps[step] ? { walk, step } : null;
}

export const walkReference = (walk: string): string => `FP-TEST-${walk.slice(0, 4).toUpperCase()}`;

/** The words of a machine advisor. The code of its reply is nobody's, and its check page says so. */
export function walkNotice(
  { walk, step }: WalkStep,
  { forum, language, baseUrl }: { forum: string; language: string; baseUrl: string },
): ForumMessage | { audience: "forum"; type: "redact"; data: ForumMessage["data"] } {
  const at = walkSteps[step] ?? walkSteps[0];
  const isReply = at.notice === "referral.replied" || at.notice === "referral.corrected";
  const data: ForumMessage["data"] = {
    reference: walkReference(walk),
    externalId: `test-${walk}`,
    post: null,
    state: at.state,
    sequence: step + 1,
    memberLink: `${baseUrl}/m/test`,
    language,
    test: true,
    because: `This is a test that the operator of ${forum} asked for.`,
    ...(at.notice === "referral.consent_requested" ? { ask: "This is a test. May we pass it on?" } : {}),
    ...(at.notice === "referral.question" ? { text: "This is a test. Since when?", questionId: "test" } : {}),
    ...(isReply
      ? {
          text:
            at.notice === "referral.replied"
              ? "This is a **test**, answered by a machine."
              : "This is a **test**, answered by a machine and corrected once.",
          replyId: "test",
          from: { department: "Test", pool: "A machine advisor" },
          verify: { code: "0000-0000-00000", url: `${baseUrl}/verify/0000-0000-00000` },
        }
      : {}),
    ...(at.notice === "referral.resolved"
      ? { outcome: { disposition: "answered_in_public", result: "unknown", saidBy: "nobody" } }
      : {}),
  };
  return { audience: "forum", type: at.notice, data } as ForumMessage;
}
