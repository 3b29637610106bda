import type { Advice } from "../contract/core-api.ts";
import type { DomainError } from "../contract/errors.ts";
import type { Tx } from "../db/index.ts";
import type { Deps } from "../deps.ts";
import { maskText } from "../privacy/mask.ts";
import { findSafetyWording } from "../safety/index.ts";
import { readWithCare, withAdvice } from "./advice.ts";
import { tellAfterwards } from "./notices.ts";
import { scopesOf } from "./roles.ts";
import { insertText, readTexts } from "./store/records.ts";
import { findReferral } from "./store/referrals.ts";
import { keep } from "./texts.ts";
import { isOpen } from "./transitions.ts";
import { beginTurn, type Turn } from "./turn.ts";
import type { Call } from "./verb.ts";
import { heedWording } from "./wording.ts";

/** Kept as they were typed: a helpline's number in a reply is meant to be read. */
const wordsToForum = ["reply", "draft", "correct", "ask"];
const keptMs = 7 * 24 * 3_600_000;

/** Keeps what an advisor or a person of the register typed although its step was refused: theirs alone, for seven days. */
export async function keepRefusedText(deps: Deps, verb: string, body: unknown, call: Call): Promise<void> {
  const { actor } = call;
  const typed = member(body, "text");
  if (typed === null || (actor.kind !== "advisor" && actor.kind !== "person")) return;
  const now = deps.now();
  await deps.transaction(async (tx) => {
    const register = await deps.register(tx);
    const referral = await findReferral(tx, call.reference, scopesOf(actor, register), false);
    if (!referral?.sealed) return;
    await insertText(tx, {
      referralId: referral.id,
      kind: "kept",
      authorRole: verb,
      authorId: actor.id,
      body: deps.keyring
        .unwrap(referral.sealed.key)
        .seal(wordsToForum.includes(verb) ? typed : maskText(typed).text),
      createdAt: now,
      expiresAt: new Date(now.getTime() + keptMs),
    });
  });
}

/**
 * Reads what a forum or a member typed although its step was refused. Where it has safety wording the refusal carries the
 * advice, and the words reach the safeguarding lead in a transaction of their own, while the referral is open.
 */
export async function heedRefusedText(
  deps: Deps,
  body: unknown,
  call: Call,
  refusal: DomainError,
): Promise<DomainError> {
  if (call.actor.kind !== "forum" && call.actor.kind !== "member") return refusal;
  const typed = member(body, "text") ?? member(body, "excerpt") ?? member(body, "reason");
  if (typed === null || !(findSafetyWording(typed, "en") || findSafetyWording(typed, "cy"))) return refusal;
  const advice = await deps.transaction((tx) => heed(deps, tx, typed, call));
  deps.nudge();
  return withAdvice(refusal, advice);
}

async function heed(deps: Deps, tx: Tx, typed: string, { actor, reference }: Call): Promise<Advice[]> {
  const register = await deps.register(tx);
  const referral = await findReferral(tx, reference, scopesOf(actor, register), true);
  const forum = actor.kind === "forum" ? register.forums.get(actor.forum) : undefined;
  const read = readWithCare(
    typed,
    referral ?? { language: forum?.language ?? "en", nation: null },
    deps.contacts,
  );
  if (!read) return [];
  if (!referral?.sealed || !(isOpen(referral.state) || referral.state === "merged")) return read.advice;
  const turn = await beginTurn(deps, tx, referral, actor, deps.now(), register);
  turn.found = read.found;
  const { text } = maskText(typed);
  if (await isKnown(turn, text)) return read.advice;
  await heedWording(turn, referral.state, await keep(turn, "follow-up", text));
  await tellAfterwards(turn, referral.state);
  return read.advice;
}

/** A forum's software sends again what was refused; the lead is called once. */
async function isKnown({ tx, referral, key }: Turn, text: string): Promise<boolean> {
  const known = await readTexts(tx, referral.id);
  return known.some(({ kind, body }) => kind !== "kept" && body !== null && key?.open(body) === text);
}

/** One member of a verb's body, where it holds something typed. */
function member(body: unknown, name: string): string | null {
  const value =
    typeof body === "object" && body !== null
      ? Object.entries(body).find(([key]) => key === name)?.[1]
      : null;
  return typeof value === "string" ? value : null;
}
