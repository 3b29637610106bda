import type { ForumMessage, RedactMessage } from "../contract/notice.ts";
import type { ForumNotice, State } from "../contract/vocabulary.ts";

interface Step {
  /** Where the referral stands when this is told, or where it goes where nothing is. */
  state: State;
  /** What the forum is told; null for what stays inside, which a forum never hears of. */
  notice: Exclude<ForumNotice, "ping"> | null;
}

const step = (state: State, notice: Step["notice"] = null): Step => ({ state, notice });

/**
 * A life that goes through every state by steps that the life cycle allows, and tells a forum everything that it can be
 * told of one: asked, found urgent and stood down, merged and split, claimed, asked back, cleared, answered, corrected,
 * retracted, answered again, helped, reopened, closed, reopened, withdrawn, and removed.
 */
export const walkSteps: readonly Step[] = [
  step("awaiting_consent", "referral.consent_requested"),
  step("diverted", "referral.diverted"),
  step("triage", "referral.triage"),
  step("merged", "referral.merged"),
  step("triage"),
  step("offered", "referral.offered"),
  step("claimed", "referral.claimed"),
  step("claimed", "referral.question"),
  step("waiting_member"),
  step("claimed"),
  step("waiting_clearance"),
  step("claimed", "referral.replied"),
  step("replied", "referral.corrected"),
  step("claimed", "referral.retracted"),
  step("claimed", "referral.replied"),
  step("replied"),
  step("resolved", "referral.resolved"),
  step("claimed", "referral.reopened"),
  step("closed", "referral.closed"),
  step("claimed", "referral.reopened"),
  step("withdrawn", "referral.withdrawn"),
  step("withdrawn", "redact"),
];

/** One step of one walk, as its delivery remembers it. */
export interface WalkStep {
  walk: string;
  step: number;
}

/** The step that a delivery is, or null where it is none of a walk. */
export function readStep(data: Readonly<Record<string, unknown>>): WalkStep | null {
  const { walk, step } = data;
  return typeof walk === "string" && typeof step === "number" && walkSteps[step]?.notice
    ? { walk, step }
    : null;
}

/** The first step from a place on that a forum is told of; null at the end. */
export function nextTold(from: number): { step: number; notice: NonNullable<Step["notice"]> } | null {
  const step = walkSteps.findIndex(({ notice }, place) => place >= from && notice !== null);
  const notice = walkSteps[step]?.notice ?? null;
  return notice === null ? null : { step, notice };
}

export const walkReference = (walk: string): string => `FP-TEST-${walk.slice(0, 4).toUpperCase()}`;

/** The words of a machine advisor. The code of its reply is nobody's, and its check page says so. */
export function walkNotice(
  { walk, step }: WalkStep,
  { forum, language, baseUrl }: { forum: string; language: string; baseUrl: string },
): ForumMessage | RedactMessage | null {
  const at = walkSteps[step];
  if (at === undefined || at.notice === null) return null;
  const sequence = walkSteps.slice(0, step + 1).filter(({ notice }) => notice !== null).length;
  const same = { reference: walkReference(walk), externalId: `test-${walk}`, sequence, test: true as const };
  if (at.notice === "redact") return { audience: "forum", type: at.notice, data: same };
  const data: ForumMessage["data"] = {
    ...same,
    post: null,
    state: at.state,
    memberLink: `${baseUrl}/m/test`,
    language,
    because: `This is a test that the operator of ${forum} asked for.`,
    ...wordsOf(at.notice, baseUrl),
  };
  return { audience: "forum", type: at.notice, data };
}

/** What each notice says beside what all of them say. */
function wordsOf(notice: ForumMessage["type"], baseUrl: string): Partial<ForumMessage["data"]> {
  const reply = {
    replyId: "test",
    from: { department: "Test", pool: "A machine advisor" },
    verify: { code: "0000-0000-00000", url: `${baseUrl}/verify/0000-0000-00000` },
  };
  const outcome = { disposition: "answered_in_public", result: "unknown", saidBy: "nobody" };
  switch (notice) {
    case "referral.consent_requested":
      return { ask: "This is a test. May we pass it on?" };
    case "referral.merged":
      return { mergedInto: "FP-TEST-0000" };
    case "referral.question":
      return { text: "This is a test. Since when?", questionId: "test" };
    case "referral.replied":
      return { ...reply, text: "This is a **test**, answered by a machine." };
    case "referral.corrected":
      return { ...reply, text: "This is a **test**, answered by a machine and corrected once." };
    case "referral.retracted":
      return reply;
    case "referral.resolved":
      return { outcome: { ...outcome, result: "helped", saidBy: "moderator" } };
    case "referral.closed":
      return { outcome };
    default:
      return {};
  }
}
