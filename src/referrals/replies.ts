import { randomBytes } from "node:crypto";
import { DomainError } from "../contract/errors.ts";
import type { Role } from "../contract/vocabulary.ts";
import type { Tx } from "../db/index.ts";
import { clearersOf } from "../register/model.ts";
import { correctionPending, type Referral, type Reply } from "./model.ts";
import { tellForum } from "./notices.ts";
import { originsOf, standing } from "./origins.ts";
import { whyNot } from "./placing.ts";
import { cancelQuestions } from "./questions.ts";
import { createVerifyCode } from "./reference.ts";
import { record, report } from "./step.ts";
import { changeReply, findText, insertReply, readHistory, readReplies } from "./store/records.ts";
import { digestOf, keyOf } from "./texts.ts";
import type { Turn } from "./turn.ts";

/** The reply of this referral by its id, in one of these states; otherwise refused as not found. */
export function requireReply(turn: Turn, id: string, states: readonly string[]): Reply {
  const reply = turn.replies.find((candidate) => candidate.id === id);
  if (!reply || !states.includes(reply.state)) throw new DomainError("reply/not-found");
  return reply;
}

/** The draft that waits for its clearer: the newest that names one, and no other. */
export function requirePending(turn: Turn, id: string): Reply {
  const pending = turn.replies.findLast(({ state, clearerId }) => state === "draft" && clearerId !== null);
  const draft = requireReply(turn, id, ["draft"]);
  if (draft.id !== pending?.id)
    throw new DomainError("reply/not-found", { detail: "This draft does not wait to be cleared." });
  return draft;
}

/** What a reply says, and what its author says was done. */
export interface ReplyText {
  text: string;
  language?: string | undefined;
  disposition?: string | undefined;
}

/** Writes a reply with a code of its own, by the advisor who acts. Gives its id. */
export async function createReply(
  turn: Turn,
  reply: ReplyText & { state: "draft" | "queued"; clearerId?: string },
): Promise<string> {
  const { referral, actor } = turn;
  if (actor.kind !== "advisor" || referral.poolSlug === null) throw new DomainError("access/forbidden");
  return writeReply(turn, { ...reply, authorId: actor.id, poolSlug: referral.poolSlug });
}

/** Whose words a reply is. */
type Author = Pick<Reply, "authorId" | "poolSlug">;

function writeReply(
  turn: Turn,
  reply: ReplyText & Author & { state: "draft" | "queued"; clearerId?: string },
): Promise<string> {
  const { referral, now } = turn;
  return insertReply(turn.tx, {
    referralId: referral.id,
    forumSlug: referral.forumSlug,
    poolSlug: reply.poolSlug,
    authorId: reply.authorId,
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
  await cancelQuestions(turn);
  const delivery = await tellForum(turn, "referral.replied", { replyId: reply.id });
  turn.awaited = { id: delivery ?? reply.id, state: delivery ? "waiting" : "to-collect" };
  await sendToOrigins(turn, reply);
}

/** The same answer for every referral merged into this one. */
async function sendToOrigins(turn: Turn, reply: ReplyText & { id: string }): Promise<void> {
  const { actor, referral } = turn;
  if (actor.kind !== "advisor" || referral.poolSlug === null) return;
  const said = { ...reply, authorId: actor.id, poolSlug: referral.poolSlug };
  for (const origin of await originsOf(turn)) await answerOrigin(origin, said, "owner");
}

/** The answer that a referral already has goes to the one merged into it, and to those merged into that before. */
export async function passOnReply(turn: Turn, into: Referral): Promise<void> {
  const given = standing((await readReplies(turn.tx, [into.id])).get(into.id) ?? []);
  if (!into.sealed || !given?.body) return;
  const corrected = await pendingCorrection(turn.tx, into.id, given.id);
  const text = turn.deps.keyring.unwrap(into.sealed.key).open(corrected ?? given.body);
  const said = { ...given, text, disposition: given.disposition ?? undefined };
  const role = turn.roles.has("triage") ? "triage" : "lead";
  for (const origin of [turn, ...(await originsOf(turn))])
    if (!standing(origin.replies)) await answerOrigin(origin, said, role);
}

/** The sealed words of a correction that is still on its way to the forum; null where the reply stands as it is. */
async function pendingCorrection(tx: Tx, referralId: string, replyId: string): Promise<Uint8Array | null> {
  const history = (await readHistory(tx, [referralId])).get(referralId) ?? [];
  const textId = correctionPending(history, replyId)?.textId ?? null;
  return textId === null ? null : ((await findText(tx, textId))?.body ?? null);
}

/**
 * On its own forum and with a code of its own; nowhere that agreed nothing with the department, or whose post is gone. What
 * it was made from is kept, so that corrections follow.
 */
async function answerOrigin(
  origin: Turn,
  reply: ReplyText & Author & { id: string },
  role: Role,
): Promise<void> {
  const { referral, register, now } = origin;
  const isAgreed = whyNot(register, referral.forumSlug, reply.poolSlug, now) !== "not-agreed";
  if (!isAgreed || referral.postDeletedAt !== null) {
    await report(origin, "reply.withheld", role, {
      data: { reason: isAgreed ? "post-deleted" : "not-agreed" },
    });
    return;
  }
  const replyId = await writeReply(origin, { ...reply, state: "queued" });
  await report(origin, "reply.queued", role, { data: { replyId, copyOf: reply.id } });
  await tellForum(origin, "referral.replied", { replyId });
}

/** An approved draft goes out as it was approved, byte for byte. */
export async function queueApproved(turn: Turn, draftId: string): Promise<Reply> {
  const draft = requireReply(turn, draftId, ["draft", "approved"]);
  if (draft.state !== "approved") throw new DomainError("reply/not-approved");
  await changeReply(turn.tx, draft.id, ["approved"], { state: "queued", queuedAt: turn.now });
  return draft;
}
