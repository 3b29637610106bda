import { randomUUID } from "node:crypto";
import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import type { State } from "../contract/vocabulary.ts";
import type { Tx } from "../db/index.ts";
import { enqueueDelivery, type NoticeBuilder, type Settlers } from "../delivery/index.ts";
import type { Deps } from "../deps.ts";
import { forumToJoin } from "./forum-to-join.ts";
import { selectLastWalk, type WalkDelivery } from "./store.ts";
import { nextTold, readStep, type WalkStep, walkNotice, walkReference, walkSteps } from "./walk.ts";

/** Enqueues the next of a walk, from a step on, that the forum is told of. */
async function enqueueFrom(tx: Tx, forum: string, from: WalkStep, now: Date): Promise<void> {
  const next = nextTold(from.step);
  if (next === null) return;
  await enqueueDelivery(tx, {
    referralId: null,
    adapter: "webhook",
    destination: `forum:${forum}`,
    notice: next.notice,
    data: { walk: from.walk, step: next.step },
    now,
  });
}

/**
 * Sends a forum everything that it would be told of one referral, step by step, each when the one before has arrived. No
 * referral is made of it, so that it is in no queue and no figure; each callback says `test`. Refuses a forum that is not
 * called back by webhook, or has nowhere to be called (`forum/no-callback`).
 */
export async function sendTestReferral(deps: Deps, input: { forum: string }, actor: Actor): Promise<void> {
  const forum = await forumToJoin(deps, input.forum, actor);
  if (forum.leftAt || forum.platform !== "webhook" || forum.callbackUrl === undefined)
    throw new DomainError("forum/no-callback");
  await deps.transaction((tx) => enqueueFrom(tx, forum.slug, { walk: randomUUID(), step: 0 }, deps.now()));
  deps.nudge();
}

/** Where the last test referral of a forum stands: each step in order, and what became of it. */
export interface Walk {
  reference: string;
  isOver: boolean;
  /** `notice` is null where the forum is told nothing; `isPast`: the walk has gone on from there. */
  steps: { notice: string | null; state: State; delivery: WalkDelivery | null; isPast: boolean }[];
}

/** The last test referral that was sent to a forum, or null. */
export async function showTestReferral(deps: Deps, forum: string): Promise<Walk | null> {
  const sent = await selectLastWalk(deps.db, forum);
  const walk = sent[0] && readStep(sent[0].data)?.walk;
  if (walk === undefined) return null;
  const reached = Math.max(...sent.map(({ data }) => readStep(data)?.step ?? 0));
  const steps = walkSteps.map(({ notice, state }, step) => ({
    notice,
    state,
    delivery: sent.find(({ data }) => readStep(data)?.step === step) ?? null,
    isPast: step < reached,
  }));
  return {
    reference: walkReference(walk),
    isOver: steps.at(-1)?.delivery?.state === "delivered",
    steps,
  };
}

/** A builder that knows the steps of test referrals and leaves everything else to another. */
export function withTestNotices(
  deps: Pick<Deps, "register" | "baseUrl">,
  build: NoticeBuilder,
): NoticeBuilder {
  return async (tx, row) => {
    const step = readStep(row.data);
    if (step === null) return build(tx, row);
    const slug = row.destination.slice("forum:".length);
    const forum = (await deps.register(tx)).forums.get(slug);
    if (!forum || forum.leftAt || forum.callbackUrl === undefined) return { cancel: "no-address" };
    const { language, name, callbackUrl } = forum;
    const notice = walkNotice(step, { forum: name, language, baseUrl: deps.baseUrl });
    if (notice === null) return { cancel: "no-step" };
    return { notice, address: { forum: slug, language, callbackUrl } };
  };
}

/** Settlers that send the next step of a test referral when one has arrived; it belongs to nothing else. */
export function withTestSteps<S extends Pick<Settlers, "delivered" | "failed" | "cancelled">>(
  deps: Pick<Deps, "now">,
  settlers: S,
): S {
  const unlessTest =
    <Rest extends unknown[]>(
      settle: (tx: Tx, row: Parameters<Settlers["failed"]>[1], ...rest: Rest) => Promise<void>,
    ) =>
    async (tx: Tx, row: Parameters<Settlers["failed"]>[1], ...rest: Rest): Promise<void> => {
      if (readStep(row.data) === null) await settle(tx, row, ...rest);
    };
  return {
    ...settlers,
    failed: unlessTest(settlers.failed),
    cancelled: unlessTest(settlers.cancelled),
    async delivered(tx, row, result, now) {
      const step = readStep(row.data);
      if (step === null) return settlers.delivered(tx, row, result, now);
      const forum = row.destination.slice("forum:".length);
      await enqueueFrom(tx, forum, { ...step, step: step.step + 1 }, deps.now());
    },
  };
}
