import type { FastifyReply, FastifyRequest } from "fastify";
import type { CoreApi, ReferralView } from "../../src/contract/core-api.ts";
import type { Action } from "./actions.ts";
import { type Desk, goTo, newOnce, paramsOf, queryOf, show, type Trouble } from "./page.ts";
import { type Possible, possibleFor, type Standing, standingsOn } from "./standing.ts";

const shortLength = 400;

interface Post {
  title: string | null;
  excerpt: string;
  url: string;
  note: string | null;
  edits: string[];
  isDeleted: boolean;
  isCut: boolean;
}

/** The post as the page shows it: its beginning, or all of it where somebody asked. */
export function postOf(view: ReferralView, isFull: boolean): Post | null {
  const { post } = view;
  if (typeof post !== "object" || post === null) return null;
  const told = post as Record<string, unknown>;
  const text = (name: string) => (typeof told[name] === "string" ? told[name] : null);
  const letters = [...(text("excerpt") ?? "")];
  const edits = Array.isArray(told.edits) ? told.edits.map(String) : [];
  const note = text("note");
  const isLong = letters.length > shortLength || note !== null || edits.length > 0;
  return {
    title: text("title"),
    excerpt: isFull ? letters.join("") : letters.slice(0, shortLength).join(""),
    url: text("url") ?? "",
    note: isFull ? note : null,
    edits: isFull ? edits : [],
    isDeleted: told.deleted === true,
    isCut: !isFull && isLong,
  };
}

export interface Seen {
  view: ReferralView;
  standings: Standing[];
  possible: Possible[];
}

/** A referral as somebody at the desk may see it, and what they may do with it. `recorded`: the reading is kept. */
export async function see(desk: Desk, request: FastifyRequest, recorded = false): Promise<Seen> {
  const { ref } = paramsOf(request);
  const standings = await standingsOn(desk.core, desk.web.visitorOf(request), ref);
  const actor = (standings.find(({ roles }) => roles.size > 0) ?? standings[0])?.actor;
  if (actor === undefined) throw new Error("Somebody without a standing sees nothing.");
  const view = await desk.core.viewReferral(ref, actor, { recorded });
  return { view, standings, possible: possibleFor(view, standings) };
}

/** `GET /desk/{reference}`: the referral as it stands. The full text is asked for, and the asking is recorded. */
export async function showReferral(
  desk: Desk,
  request: FastifyRequest,
  reply: FastifyReply,
  trouble: Trouble | null = null,
): Promise<FastifyReply> {
  const { full, done } = queryOf(request);
  const isFull = full === "1" && request.method === "GET";
  const { view, possible } = await see(desk, request, isFull);
  return show(desk, request, reply, "referral", {
    view,
    post: postOf(view, isFull),
    isFull,
    done: done ?? "",
    trouble,
    once: newOnce(),
    actions: possible.map(({ action }) => action),
    approved: view.replies.find(({ state }) => state === "approved") ?? null,
    now: desk.now().toISOString(),
  });
}

/** What a form's field offers to choose from, where that is looked up. */
export async function choicesIn(
  core: CoreApi,
  view: ReferralView,
  action: Pick<Action, "fields">,
): Promise<{ pools: { slug: string; name: string }[]; colleagues: string[] }> {
  const needs = (from: string) => action.fields.some((field) => field.from === from);
  const pools = needs("pools") ? core.choicesAtHand("").pools : [];
  const colleagues =
    needs("colleagues") && view.pool ? (await core.colleaguesIn(view.pool.slug)).advisors : [];
  return { pools: pools.filter(({ slug }) => slug !== view.pool?.slug), colleagues };
}

/** Back to the referral, with a word on what was done. */
export const done = (desk: Desk, request: FastifyRequest, reply: FastifyReply, id: string): FastifyReply =>
  goTo(desk, request, reply, `/desk/${encodeURIComponent(paramsOf(request).ref)}?done=${id}`);
