import { randomBytes } from "node:crypto";
import { DomainError } from "../contract/errors.ts";
import { advisorsOf, holdsRole, type Register } from "../register/model.ts";
import type { Reply } from "./model.ts";
import { tellForum } from "./notices.ts";
import { createVerifyCode } from "./reference.ts";
import { record, report } from "./step.ts";
import { changeReply, insertReply } from "./store/records.ts";
import { findOrigins, findReferralById } from "./store/referrals.ts";
import { digestOf, keyOf } from "./texts.ts";
import { beginTurn, type Turn } from "./turn.ts";

/** The reply of this referral by its id, in one of these states; otherwise refused as not found. */
export function requireReply(turn: Turn, id: string, states: readonly string[]): Reply {
  const reply = turn.replies.find((candidate) => candidate.id === id);
  if (!reply || !states.includes(reply.state)) throw new DomainError("reply/not-found");
  return reply;
}

/** What a reply says, and what its author says was done. */
export interface ReplyText {
  text: string;
  language?: string | undefined;
  disposition?: string | undefined;
}

/** Writes a reply with a code of its own. Gives its id. */
export async function createReply(
  turn: Turn,
  reply: ReplyText & { state: "draft" | "queued"; clearerId?: string; pool?: string | null },
): Promise<string> {
  const { referral, actor, now } = turn;
  const pool = reply.pool ?? referral.poolSlug;
  if (actor.kind !== "advisor" || pool === null) throw new DomainError("access/forbidden");
  return insertReply(turn.tx, {
    referralId: referral.id,
    forumSlug: referral.forumSlug,
    poolSlug: pool,
    authorId: actor.id,
    state: reply.state,
    body: keyOf(turn).seal(reply.text),
    language: reply.language ?? referral.language,
    disposition: reply.disposition ?? null,
    sha256: digestOf(reply.text),
    verifyCode: createVerifyCode(randomBytes(13)),
    clearerId: reply.clearerId ?? null,
    createdAt: now,
    queuedAt: reply.state === "queued" ? now : null,
  });
}

/** Whether this pool has every reply approved by a second person. */
export const needsClearance = (turn: Turn): boolean =>
  turn.referral.poolSlug !== null &&
  turn.register.pools.get(turn.referral.poolSlug)?.clearance === "every-reply";

/** Who may clear for a pool: people with that role, and its leads. */
export function clearersOf(register: Register, pool: string): string[] {
  const people = [...register.people.keys()].filter((id) => holdsRole(register, id, "clearer", pool));
  const leads = advisorsOf(register, pool).filter((advisor) => advisor.role === "lead");
  return [...new Set([...people, ...leads.map((lead) => lead.id)])];
}

/** The clearer that was named, or the first who is not the author. Refused when there is none, or it is the author. */
export function chooseClearer(turn: Turn, author: string, named: string | undefined): string {
  const pool = turn.referral.poolSlug;
  const clearers = pool === null ? [] : clearersOf(turn.register, pool);
  if (named === author) throw new DomainError("reply/own-clearance");
  const chosen = named ?? clearers.find((id) => id !== author);
  if (chosen === undefined || !clearers.includes(chosen)) {
    throw new DomainError("advisor/not-found", { detail: "Name somebody who clears replies for this pool." });
  }
  return chosen;
}

/** Puts a reply on its way: the forum is told, and the referral is `replied` when the forum has it. */
export async function sendReply(turn: Turn, reply: ReplyText & { id: string }): Promise<void> {
  await record(turn, "reply", { data: { replyId: reply.id } });
  const delivery = await tellForum(turn, "referral.replied", { replyId: reply.id });
  turn.awaited = { id: delivery ?? reply.id, state: delivery ? "waiting" : "to-collect" };
  await sendToOrigins(turn, reply);
}

/** The same answer for every referral merged into this one, on its own forum and with a code of its own. */
async function sendToOrigins(turn: Turn, reply: ReplyText): Promise<void> {
  for (const id of await findOrigins(turn.tx, turn.referral.id)) {
    const origin = await findReferralById(turn.tx, id, true);
    if (!origin?.sealed || origin.state !== "merged") continue;
    const other = await beginTurn(turn.deps, turn.tx, origin, turn.actor, turn.now);
    const { text, language, disposition } = reply;
    const replyId = await createReply(other, {
      text,
      language,
      disposition,
      state: "queued",
      pool: turn.referral.poolSlug,
    });
    await report(other, "reply.queued", "owner", { data: { replyId } });
    await tellForum(other, "referral.replied", { replyId });
  }
}

/** An approved draft goes out as it was approved, byte for byte. */
export async function queueApproved(turn: Turn, draftId: string): Promise<Reply> {
  const draft = requireReply(turn, draftId, ["draft", "approved"]);
  if (draft.state !== "approved") throw new DomainError("reply/not-approved");
  await changeReply(turn.tx, draft.id, ["approved"], { state: "queued", queuedAt: turn.now });
  return draft;
}
