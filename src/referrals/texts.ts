import { createHash } from "node:crypto";
import { DomainError } from "../contract/errors.ts";
import { maskText } from "../privacy/mask.ts";
import { readWithCare } from "./advice.ts";
import { openContent } from "./content.ts";
import type { ReferralContent } from "./model.ts";
import { insertText } from "./store/records.ts";
import type { Turn } from "./turn.ts";

/** What was typed about a referral. `kept` is a text whose step was refused, private to its author. */
export type TextKind =
  | "excerpt"
  | "note"
  | "question"
  | "answer"
  | "follow-up"
  | "reason"
  | "because"
  | "signpost"
  | "correction"
  | "url"
  | "kept";

/** The content's key, or a refusal because the content is gone. */
export function keyOf(turn: Turn) {
  if (!turn.key) throw new DomainError("referral/erased");
  return turn.key;
}

/** The referral's content, opened; null once erased. */
export function contentOf(turn: Turn): ReferralContent | null {
  return openContent(turn.referral, turn.key);
}

/**
 * Keeps a text about the referral: masked, sealed under its key, read for safety wording. Gives the text's id.
 * Words found put advice into the turn, and `turn.found`, which diverts the referral when the verb is done.
 */
export async function say(turn: Turn, kind: TextKind, typed: string): Promise<string> {
  const { text, masked } = maskText(typed);
  for (const code of masked) turn.masked.add(code);
  watch(turn, typed);
  return keep(turn, kind, text);
}

/** Keeps a text as it is, such as an advisor's own words to the forum: its helpline numbers are meant to be read. */
export async function keep(turn: Turn, kind: TextKind, text: string): Promise<string> {
  const role = [...turn.roles][0] ?? "administrator";
  const { actor } = turn;
  return insertText(turn.tx, {
    referralId: turn.referral.id,
    kind,
    authorRole: role,
    authorId: actor.kind === "advisor" || actor.kind === "person" ? actor.id : null,
    body: keyOf(turn).seal(text),
    createdAt: turn.now,
  });
}

/** Reads a text for safety wording, and puts what was found and the advice for it into the turn. */
function watch(turn: Turn, typed: string): void {
  const read = readWithCare(typed, turn.referral, turn.deps.contacts);
  if (!read) return;
  turn.found = read.found;
  turn.advice = read.advice;
}

/** SHA-256 over the text's NFC form in UTF-8, as the verify page publishes it. */
export const digestOf = (text: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(createHash("sha256").update(text.normalize("NFC"), "utf8").digest());
