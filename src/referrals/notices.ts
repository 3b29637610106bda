import type { ForumNotice } from "../contract/vocabulary.ts";
import { destinationsFor, enqueueDelivery } from "../delivery/index.ts";
import type { Deps } from "../deps.ts";
import type { Register } from "../register/model.ts";
import type { Referral } from "./model.ts";
import type { Turn } from "./turn.ts";

/** One thing to be told, and to whom. */
export interface Notice {
  to: { forum?: string; pool?: string; alert?: string };
  notice: ForumNotice | "card" | "message" | "alert" | "redact";
  data: Record<string, unknown>;
}

type Standing = Pick<Referral, "state" | "poolSlug" | "forumSlug">;

/** A notice at each place that shows such things: nowhere, at one, or through several adapters. */
export function placesFor(register: Register, adapters: Deps["adapters"], { to, notice, data }: Notice) {
  return destinationsFor(register, adapters, { ...to, notice }).map(({ adapter, destination }) => ({
    adapter,
    destination,
    notice,
    data,
  }));
}

async function plan(turn: Turn, notice: Notice): Promise<string | null> {
  const { deps, tx, register, referral, now } = turn;
  let first: string | null = null;
  for (const place of placesFor(register, deps.adapters, notice)) {
    const id = await enqueueDelivery(tx, { ...place, referralId: referral.id, now });
    first ??= id;
  }
  return first;
}

/** What a referral's forum is told. */
export function forumNotice(
  referral: Standing,
  notice: ForumNotice,
  data: Record<string, unknown>,
  because?: string,
): Notice {
  const shown = because === undefined ? {} : { because };
  return { to: { forum: referral.forumSlug }, notice, data: { state: referral.state, ...shown, ...data } };
}

/** Plans a notice to the referral's forum; the id of its delivery, or null where the forum collects instead. */
export async function tellForum(
  turn: Turn,
  notice: ForumNotice,
  data: Record<string, unknown>,
  because?: string,
): Promise<string | null> {
  return plan(turn, forumNotice(turn.referral, notice, data, because));
}

/** Whether the referral's forum is sent nothing, and collects what is for it. */
export const collects = ({ register, deps, referral }: Turn): boolean =>
  placesFor(register, deps.adapters, forumNotice(referral, "referral.corrected", {})).length === 0;

/** Plans a line in the private thread of the pool that has the referral. */
export async function tellPool(
  turn: Turn,
  event: string,
  textId: string | null,
  byRole: string,
): Promise<void> {
  if (turn.referral.poolSlug === null) return;
  const data = { event, textId, byRole };
  await plan(turn, { to: { pool: turn.referral.poolSlug }, notice: "message", data });
}

const alertNotice = (name: string, event: string, contact?: string): Notice => ({
  to: { alert: name },
  notice: "alert",
  data: { alert: name, event, ...(contact === undefined ? {} : { contact }) },
});

/** Calls somebody outside the pool: `triage`, `safeguarding` or `administrator`; `contact` names one of them. */
export async function alert(turn: Turn, name: string, event: string, contact?: string): Promise<void> {
  await plan(turn, alertNotice(name, event, contact));
}

/** What brings the cards of these pools up to date, and calls who has to act next where the state is another. */
export function noticesAfter(
  referral: Standing,
  pools: Iterable<string>,
  lastEvent: string,
  stateBefore: string | null,
): Notice[] {
  const cards = [...pools].map((pool): Notice => {
    if (referral.state === "diverted") return { to: { pool }, notice: "redact", data: {} };
    return { to: { pool }, notice: "card", data: { event: lastEvent, here: pool === referral.poolSlug } };
  });
  if (referral.state === stateBefore) return cards;
  if (referral.state === "triage") return [...cards, alertNotice("triage", lastEvent)];
  if (referral.state === "diverted") return [...cards, alertNotice("safeguarding", lastEvent)];
  return cards;
}

/** After the last step: brings the cards of every pool concerned up to date, and calls who has to act next. */
export async function tellAfterwards(turn: Turn, stateBefore: string | null): Promise<void> {
  const { referral, poolsBefore, lastEvent } = turn;
  if (lastEvent === "") return;
  for (const notice of noticesAfter(referral, poolsBefore, lastEvent, stateBefore)) await plan(turn, notice);
}
