import { finishedStates, helpfulResults, type State } from "../contract/vocabulary.ts";
import { type Case, type CaseEvent, type Part, type Target, type Timing, waitsFor } from "./model.ts";

/** What a referral's figures need beside its own rows. */
export interface CaseContext {
  now: Date;
  /** The slug a pool has today, for one it had when the event was written. */
  poolNow(slug: string): string;
  /** Milliseconds of the pool's service between two instants; standard hours where there is no pool. */
  serviceMs(from: Date, to: Date, pool: string | null): number;
  /** When a claim was due for an offer to a pool at an instant, by its target; null where it has none. */
  claimDue(pool: string | null, offeredAt: Date): Date | null;
}

const poolless: readonly State[] = ["awaiting_consent", "diverted", "triage"];
const isOpen = (state: State) => !(finishedStates as readonly State[]).includes(state);
const reopenDays = 30;
const dayMs = 86_400_000;

/** What one walk through the history finds. */
interface Story {
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
}

/**
 * What one referral adds to the figures, pool by pool: each thing that happened counts for the pool where it happened,
 * and how the referral stands counts for the pool that has it now. Deterministic: the same rows at the same `now` give
 * the same parts. The rules are in docs/metrics.md.
 */
export function partsOf(one: Case, context: CaseContext): Part[] {
  const parts = new Map<string | null, Part>();
  const partFor = (pool: string | null): Part => {
    const known = parts.get(pool);
    if (known) return known;
    const made: Part = { pool, counts: {}, times: {} };
    parts.set(pool, made);
    return made;
  };
  const add = (pool: string | null, name: string, amount = 1) => {
    const { counts } = partFor(pool);
    counts[name] = (counts[name] ?? 0) + amount;
  };
  const story = walk(one, context, add);
  for (const pool of one.lostClaims) add(context.poolNow(pool), "claimConflicts");
  if (one.state === "merged") add(one.pool, "merged");
  else {
    standing(one, story, add);
    addTimes(one, context, story, partFor);
    addTargets(one, context, story, add);
  }
  return [...parts.values()];
}

type Add = (pool: string | null, name: string, amount?: number) => void;

function walk(one: Case, context: CaseContext, add: Add): Story {
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
  };
  let at = { pool: null as string | null, state: null as State | null, since: one.submittedAt };
  let claimed = false;
  let replied = false;
  let finishedAt: Date | null = null;
  for (const event of one.history) {
    const slug = event.pool === null ? null : context.poolNow(event.pool);
    count(event, at.pool, add, story);
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
  if (at.state !== null && isOpen(at.state)) wait(one, at, context.now, add);
  for (const { delivered, pool } of story.replies.values()) add(pool, delivered ? "delivered" : "failed");
  return story;
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
  const seconds = (until.getTime() - at.since.getTime()) / 1000;
  if (owner !== undefined && one.state !== "merged" && seconds > 0) add(at.pool, `wait:${owner}`, seconds);
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

/** How the referral stands, under the pool that has it. */
function standing(one: Case, story: Story, add: Add): void {
  const { pool, state } = one;
  add(pool, "received");
  if (isOpen(state)) add(pool, "open");
  if (one.firstOfferedAt) {
    add(story.firstOfferPool, "offered");
    if (!story.misrouted) add(story.firstOfferPool, "rightFirst");
  }
  if (state === "offered" && !one.firstClaimedAt) add(pool, "waiting:claim");
  if (isOpen(state) && !one.firstRepliedAt) add(pool, "waiting:firstReply");
  if (isOpen(state)) add(pool, "waiting:resolution");
  if (story.everFinished) add(pool, "everFinished");
  if (story.everFinished && story.reopened) add(pool, "reopened");
  if (isOpen(state)) return;
  if (one.disposition) add(pool, `disposition:${one.disposition}`);
  if (state === "withdrawn") return;
  outcome(one, story, add);
  if (isUnmet(one, story)) add(pool, "unmet");
}

const isUnmet = ({ disposition }: Case, story: Story) =>
  disposition === "no_capacity" ||
  disposition === "expired_unanswered" ||
  (disposition === "declined_not_responsible" && !story.namedOwner);

function outcome(one: Case, story: Story, add: Add): void {
  const { pool } = one;
  const words = new Map(story.words);
  if (one.result && one.saidBy && !words.has(one.saidBy)) words.set(one.saidBy, one.result);
  if (words.size > 1) words.delete("nobody");
  for (const [speaker, result] of words) add(pool, `result:${result}:${speaker}`);
  const fromForum = [words.get("member"), words.get("moderator")].filter((word) => word !== undefined);
  const resolved = one.state === "resolved";
  if (resolved) {
    add(pool, "resolved");
    if (fromForum.length > 0) add(pool, "confirmed");
    // The member's own word goes before the moderator's.
    if (fromForum[0] === "helped") add(pool, "memberHelped");
    if (fromForum[0] === "not_helped") add(pool, "contradicted");
  }
  if (story.finishedFrom === "diverted") return;
  add(pool, "finished");
  if (resolved && (helpfulResults as readonly string[]).includes(one.result ?? ""))
    add(pool, "resolvedHelpful");
  if (one.result === "unknown" && one.saidBy === "nobody") add(pool, "unconfirmed");
}

function addTimes(
  one: Case,
  context: CaseContext,
  story: Story,
  partFor: (pool: string | null) => Part,
): void {
  const put = (timing: Timing, pool: string | null, from: Date | null, to: Date | null) => {
    if (!from || !to || to < from) return;
    const seconds = (to.getTime() - from.getTime()) / 1000;
    partFor(pool).times[timing] = { seconds, service: context.serviceMs(from, to, pool) / 1000 };
  };
  put("claim", story.claimPool, one.firstOfferedAt, one.firstClaimedAt);
  put("firstReply", story.replyPool, one.consentedAt ?? one.submittedAt, one.firstRepliedAt);
  if (one.state === "resolved") put("resolution", one.pool, one.submittedAt, one.resolvedAt);
}

/** Due is what was done, and what was not done although its time has passed; the rest is not due yet, or no more. */
function addTargets(one: Case, context: CaseContext, story: Story, add: Add): void {
  const end = one.finishedAt ?? context.now;
  const put = (target: Target, pool: string | null, due: Date | null, done: Date | null) => {
    if (!due || (!done && end <= due)) return;
    add(pool, `due:${target}`);
    if (done && done <= due) add(pool, `onTime:${target}`);
  };
  const offered = one.firstOfferedAt;
  const claimDue =
    offered && story.offers > 1 ? context.claimDue(story.firstOfferPool, offered) : one.claimDueAt;
  if (story.escalatedUnclaimed) add(story.firstOfferPool, "due:claim");
  else put("claim", story.firstOfferPool, claimDue, one.firstClaimedAt);
  if (one.state === "diverted" || story.finishedFrom === "diverted") return;
  put("firstReply", one.firstRepliedAt ? story.replyPool : one.pool, one.replyDueAt, one.firstRepliedAt);
  put("resolve", one.pool, one.resolveDueAt, one.state === "resolved" ? one.resolvedAt : null);
}
