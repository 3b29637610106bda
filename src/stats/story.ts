import { finishedStates, type State } from "../contract/vocabulary.ts";
import { type Case, type CaseEvent, waitsFor } from "./model.ts";

/** What a referral's figures need beside its own rows. No clock: what goes on with time is `Ticking`. */
export interface CaseContext {
  /** The slug a pool has today, for one it had when the event was written. */
  poolNow(slug: string): string;
  /** Milliseconds of the pool's service between two instants; standard hours where there is no pool. */
  serviceMs(from: Date, to: Date, pool: string | null): number;
  /** When a claim was due for an offer to a pool at an instant, by its target; null where it has none. */
  claimDue(pool: string | null, offeredAt: Date): Date | null;
}

const poolless: readonly State[] = ["awaiting_consent", "diverted", "triage"];
/** Whether a referral still has a next action. */
export const isOpen = (state: State) => !(finishedStates as readonly State[]).includes(state);
const reopenDays = 30;
const dayMs = 86_400_000;

/** What one walk through the history finds. */
export interface Story {
  offers: number;
  firstOfferPool: string | null;
  claimPool: string | null;
  replyPool: string | null;
  /** The claim target passed before anybody claimed: it was escalated, or nobody was left to ask. */
  escalatedUnclaimed: boolean;
  misrouted: boolean;
  namedOwner: boolean;
  finishedFrom: State | null;
  everFinished: boolean;
  reopened: boolean;
  /** The last word of each speaker since it was last taken up. */
  words: Map<string, string>;
  replies: Map<string, { delivered: boolean; pool: string | null }>;
  /** When each reply that the forum has could first be seen there; null while it is held back. */
  shownAt: Map<string, Date | null>;
}

/** Adds to a count of the figures of one pool, or of none. */
export type Add = (pool: string | null, name: string, amount?: number) => void;

/** Goes through a history and counts what happened, under the pool that had the referral when it happened. */
export function walk(one: Case, context: CaseContext, add: Add): Story {
  const story: Story = {
    offers: 0,
    firstOfferPool: one.pool,
    claimPool: one.pool,
    replyPool: one.pool,
    escalatedUnclaimed: false,
    misrouted: false,
    namedOwner: false,
    finishedFrom: null,
    everFinished: false,
    reopened: false,
    words: new Map(),
    replies: new Map(),
    shownAt: new Map(),
  };
  let at = { pool: null as string | null, state: null as State | null, since: one.submittedAt };
  let claimed = false;
  let replied = false;
  let finishedAt: Date | null = null;
  for (const event of one.history) {
    const slug = event.pool === null ? null : context.poolNow(event.pool);
    count(event, at.pool, add, story);
    see(story, event);
    if (event.to === null) {
      if (event.type === "reply.delivered") settleReply(story, event, at.pool, true);
      continue;
    }
    const pool = poolless.includes(event.to) ? null : slug;
    wait(one, at, event.at, add);
    if (event.to === "offered") {
      if (story.offers === 0) story.firstOfferPool = pool;
      story.offers += 1;
      if (pool !== at.pool) add(pool, "offerings");
    }
    if (event.to === "claimed" && event.from === "offered" && !claimed) {
      claimed = true;
      story.claimPool = pool;
    }
    if (!claimed && isEscalation(event)) story.escalatedUnclaimed = true;
    if (event.to === "replied") {
      if (!replied) story.replyPool = pool;
      replied = true;
      settleReply(story, event, pool, true);
    }
    if (event.type === "referral.reopened" && finishedAt)
      story.reopened ||= event.at.getTime() - finishedAt.getTime() <= reopenDays * dayMs;
    if (isOpen(event.to) && event.to !== "replied") story.words.clear();
    if (event.to === "resolved" || event.to === "closed") {
      story.everFinished = true;
      finishedAt = event.at;
      // Feedback that resolves what the confirmation window had closed does not end it a second time.
      if (event.from !== "closed") story.finishedFrom = event.from;
    }
    at = { pool, state: event.to, since: event.at };
  }
  for (const { delivered, pool } of story.replies.values()) add(pool, delivered ? "delivered" : "failed");
  return story;
}

/** When a reply can be seen: as soon as the forum has it, unless it says that it holds it back, and then shows it. */
function see({ shownAt }: Story, { type, at, to, data }: CaseEvent): void {
  const { replyId } = data;
  if (typeof replyId !== "string") return;
  const isDelivered = type === "reply.delivered" || to === "replied";
  if (isDelivered && data.held === true) shownAt.set(replyId, null);
  else if (isDelivered && !shownAt.get(replyId)) shownAt.set(replyId, at);
  if (type === "reply.held" && shownAt.has(replyId)) shownAt.set(replyId, null);
  if (type === "reply.posted" && shownAt.get(replyId) === null) shownAt.set(replyId, at);
}

/** When the first reply could be seen on the forum; null where there is none, or the forum holds back all it has. */
export function firstShown(one: Pick<Case, "firstRepliedAt">, { shownAt }: Story): Date | null {
  const shown = [...shownAt.values()];
  if (one.firstRepliedAt === null || shown.length === 0) return one.firstRepliedAt;
  const times = shown.flatMap((at) => (at === null ? [] : [at.getTime()]));
  return times.length === 0 ? null : new Date(Math.min(...times));
}

const isEscalation = (event: CaseEvent) =>
  event.type === "referral.escalated" ||
  (event.type === "referral.escalation_exhausted" && event.from === "offered");

function wait(
  one: Case,
  at: { pool: string | null; state: State | null; since: Date },
  until: Date,
  add: Add,
): void {
  const owner = at.state === null ? undefined : waitsFor[at.state];
  const waited = until.getTime() - at.since.getTime();
  if (owner !== undefined && one.state !== "merged" && waited > 0) add(at.pool, `wait:${owner}`, waited);
}

/** Counts what happened under the pool that had the referral when it happened. */
function count(event: CaseEvent, pool: string | null, add: Add, story: Story): void {
  const { type, data } = event;
  if (type === "referral.declined") {
    story.misrouted = true;
    if (typeof data.likelyOwner === "string") story.namedOwner = true;
    add(pool, `declined:${String(data.reason)}`);
  }
  if (type === "referral.rerouted" && event.from === "offered" && data.reason !== "pool-closed") {
    story.misrouted = true;
    add(pool, "rerouted");
  }
  if (isEscalation(event)) add(pool, "escalations");
  if (type === "referral.lapsed") add(pool, "claimLapses");
  if (type === "referral.corrected") add(pool, "corrected");
  if (type === "reply.failed") settleReply(story, event, pool, false);
  const spoken = ["referral.resolved", "referral.closed", "referral.feedback"].includes(type);
  if (spoken && data.late !== true && typeof data.result === "string" && typeof data.saidBy === "string")
    story.words.set(data.saidBy, data.result);
}

function settleReply(story: Story, event: CaseEvent, pool: string | null, delivered: boolean): void {
  if (typeof event.data.replyId === "string") story.replies.set(event.data.replyId, { delivered, pool });
}
