import type { ForumNotice } from "../contract/vocabulary.ts";
import { destinationsFor, enqueueDelivery } from "../delivery/index.ts";
import type { Turn } from "./turn.ts";

async function plan(
  turn: Turn,
  to: { forum?: string; pool?: string; alert?: string },
  notice: ForumNotice | "card" | "message" | "alert",
  data: Record<string, unknown>,
): Promise<string | null> {
  const { deps, tx, register, referral, now } = turn;
  let first: string | null = null;
  for (const { adapter, destination } of destinationsFor(register, deps.adapters, { ...to, notice })) {
    const id = await enqueueDelivery(tx, {
      referralId: referral.id,
      adapter,
      destination,
      notice,
      data,
      now,
    });
    first ??= id;
  }
  return first;
}

/** Plans a notice to the referral's forum; the id of its delivery, or null where the forum collects instead. */
export async function tellForum(
  turn: Turn,
  notice: ForumNotice,
  data: Record<string, unknown>,
  because?: string,
): Promise<string | null> {
  const shown = because === undefined ? {} : { because };
  return plan(turn, { forum: turn.referral.forumSlug }, notice, {
    state: turn.referral.state,
    ...shown,
    ...data,
  });
}

/** Plans a line in the private thread of the pool that has the referral. */
export async function tellPool(
  turn: Turn,
  event: string,
  textId: string | null,
  byRole: string,
): Promise<void> {
  if (turn.referral.poolSlug === null) return;
  await plan(turn, { pool: turn.referral.poolSlug }, "message", { event, textId, byRole });
}

/** Calls somebody outside the pool: `triage`, `safeguarding` or `administrator`; `contact` names one of them. */
export async function alert(turn: Turn, name: string, event: string, contact?: string): Promise<void> {
  await plan(turn, { alert: name }, "alert", {
    alert: name,
    event,
    ...(contact === undefined ? {} : { contact }),
  });
}

/** After the last step: brings the cards of every pool concerned up to date, and calls who has to act next. */
export async function tellAfterwards(turn: Turn, stateBefore: string | null): Promise<void> {
  const { referral, poolsBefore, lastEvent } = turn;
  if (lastEvent === "") return;
  for (const pool of poolsBefore) {
    if (referral.state === "diverted") await plan(turn, { pool }, "redact", {});
    else await plan(turn, { pool }, "card", { event: lastEvent, here: pool === referral.poolSlug });
  }
  if (referral.state === stateBefore) return;
  if (referral.state === "triage") await alert(turn, "triage", lastEvent);
  if (referral.state === "diverted") await alert(turn, "safeguarding", lastEvent);
}
