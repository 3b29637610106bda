import { helpfulResults } from "../contract/vocabulary.ts";
import { type Case, type Part, type Target, type Ticking, type Timing, waitsFor } from "./model.ts";
import { type Add, type CaseContext, firstShown, isOpen, type Story, walk } from "./story.ts";

/** What one referral adds to the figures: for good until its rows change, and with the time while it is open. */
export interface CaseFigures {
  parts: Part[];
  ticking: Ticking | null;
}

/**
 * What one referral adds to the figures, pool by pool: each thing that happened counts for the pool where it happened,
 * and how the referral stands counts for the pool that has it now. The rules are in docs/metrics.md.
 */
export function readCase(one: Case, context: CaseContext): CaseFigures {
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
  const dues: Ticking["dues"] = [];
  if (one.state === "merged") add(one.pool, "merged");
  else {
    standing(one, story, add);
    addTimes(one, context, story, partFor);
    addTargets(one, context, story, add, dues);
  }
  const ticking = isOpen(one.state)
    ? { owner: waitsFor[one.state] ?? null, pool: one.pool, sinceMs: one.stateSince.getTime(), dues }
    : null;
  return { parts: [...parts.values()], ticking };
}

/** What an open referral adds at a moment: the wait that goes on, and the targets that have passed meanwhile. */
export function tick(ticking: Ticking, nowMs: number): Part[] {
  const waited = nowMs - ticking.sinceMs;
  const late = ticking.dues.filter(({ atMs }) => atMs < nowMs);
  return [
    ...(ticking.owner !== null && waited > 0
      ? [{ pool: ticking.pool, counts: { [`wait:${ticking.owner}`]: waited }, times: {} }]
      : []),
    ...late.map(({ pool, target }) => ({ pool, counts: { [`due:${target}`]: 1 }, times: {} })),
  ];
}

/** All that one referral adds at a moment. */
export function partsOf(one: Case, context: CaseContext, now: Date): Part[] {
  const { parts, ticking } = readCase(one, context);
  return ticking ? [...parts, ...tick(ticking, now.getTime())] : parts;
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
  if (isOpen(state) && !firstShown(one, story)) add(pool, "waiting:firstReply");
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
    const elapsedMs = to.getTime() - from.getTime();
    partFor(pool).times[timing] = { elapsedMs, serviceMs: context.serviceMs(from, to, pool) };
  };
  put("claim", story.claimPool, one.firstOfferedAt, one.firstClaimedAt);
  put("firstReply", story.replyPool, one.consentedAt ?? one.submittedAt, firstShown(one, story));
  if (one.state === "resolved") put("resolution", one.pool, one.submittedAt, one.resolvedAt);
}

/**
 * Due is what was done, and what was not done although its time has passed; the rest is not due yet, or no more. What is
 * still to be done in an open referral goes to `dues`, but for what a wait for the member puts off: its time is moved when
 * the member answers. A reply is done when the forum has it: that it is held back there is not the pool's delay.
 */
function addTargets(one: Case, context: CaseContext, story: Story, add: Add, dues: Ticking["dues"]): void {
  const put = (target: Target, pool: string | null, due: Date | null, done: Date | null) => {
    if (!due) return;
    if (!done && one.state === "waiting_member" && due > one.stateSince) return;
    if (!done && isOpen(one.state)) dues.push({ target, pool, atMs: due.getTime() });
    else if (done || (one.finishedAt && one.finishedAt > due)) add(pool, `due:${target}`);
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
