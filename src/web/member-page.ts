import type { HistoryEntry, ReferralView, ReplyView } from "../contract/core-api.ts";
import { finishedStates } from "../contract/vocabulary.ts";

const openForMs = 60 * 24 * 3_600_000;
const endings = new Set([...finishedStates.map((state) => `referral.${state}`), "referral.consent_refused"]);
const sent = ["delivered", "corrected", "withdrawn"];

/** What a member's own page shows of their referral. */
export interface MemberPage {
  state: string;
  version: number;
  reference: string;
  forum: string;
  to: { department: string; pool: string } | null;
  post: { title: string | null; excerpt: string; url: string; edits: string[] } | null;
  isPostDeleted: boolean;
  masked: string[];
  /** What the advisor asks, while they wait for it. */
  question: string | null;
  replies: ReplyView[];
  /** What the member said of the help, the last time. */
  said: string | null;
  may: { consent: boolean; withdraw: boolean; feedback: boolean };
  /** When the page closes; null while the referral is open. */
  until: Date | null;
}

const isFinished = (state: string): boolean => (finishedStates as readonly string[]).includes(state);

/** When a finished referral ended: its latest ending, because it may have been reopened before. */
function endOf(referral: Pick<ReferralView, "state" | "history">): Date | null {
  if (!isFinished(referral.state)) return null;
  const ending = referral.history.findLast((event) => endings.has(event.type));
  return ending ? new Date(ending.at) : null;
}

const textOf = (event: HistoryEntry | undefined): string | null =>
  typeof event?.text === "string" ? event.text : null;

interface Post {
  title?: string | null;
  excerpt?: string;
  url?: string;
  edits?: string[];
  deleted?: true;
}

/**
 * A member's page from the view that a forum has of their referral. `department` is the name of the department of the
 * pool it lies with. A reply that has not arrived at the forum is not shown.
 */
export function makeMemberPage(referral: ReferralView, department: string): MemberPage {
  const { state, history, outcome } = referral;
  const post = referral.post as Post | null;
  const replies = referral.replies.filter((reply) => sent.includes(reply.state));
  const mine = outcome?.feedback.findLast(({ saidBy }) => saidBy === "member")?.result ?? null;
  const isAnswered = replies.some((reply) => reply.state !== "withdrawn");
  const end = endOf(referral);
  const isSettled = mine !== null && state !== "replied";
  return {
    state,
    version: referral.version,
    reference: referral.reference,
    forum: referral.forum.name,
    to: referral.pool && { department, pool: referral.pool.name },
    post:
      post && !post.deleted
        ? {
            title: post.title ?? null,
            excerpt: post.excerpt ?? "",
            url: post.url ?? "",
            edits: post.edits ?? [],
          }
        : null,
    isPostDeleted: post?.deleted === true,
    masked: referral.masked,
    question:
      state === "waiting_member" ? textOf(history.findLast(({ type }) => type === "question.queued")) : null,
    replies,
    said: mine,
    may: {
      consent: state === "awaiting_consent",
      withdraw: (!isFinished(state) || state === "merged") && state !== "awaiting_consent",
      feedback: isAnswered && !isSettled && ["replied", "resolved", "closed"].includes(state),
    },
    until: end && new Date(end.getTime() + openForMs),
  };
}
