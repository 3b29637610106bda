import type { Advice } from "../../src/contract/core-api.ts";
import { DomainError } from "../../src/contract/errors.ts";
import { bold, line, moment } from "./blocks.ts";
import type { Block } from "./sdk.ts";
import { wordsOfState } from "./words.ts";

/**
 * A refusal in words, for the one person who met it: safety advice first, then who won and when, where the referral is
 * now, what to mend.
 */
export function explain(error: unknown, reference: string): Block[] {
  if (!(error instanceof DomainError))
    return [line("Something went wrong on our side, and nothing was changed. Please try again.")];
  return [...adviceBlocks(error.fields.advice), ...reasonBlocks(error, reference)];
}

function reasonBlocks(error: DomainError, reference: string): Block[] {
  const { code, message, fields, errors } = error;
  if (code === "referral/already-claimed") {
    const by = typeof fields.claimedBy === "string" ? fields.claimedBy : "Somebody else";
    const at = typeof fields.claimedAt === "string" ? [" at ", moment(fields.claimedAt)] : [];
    return [line(`${by} claimed ${reference}`, ...at, ".")];
  }
  if (code === "referral/not-possible" && typeof fields.state === "string")
    return [line(`${reference} is not where it was: ${wordsOfState(fields.state)}.`)];
  if (code === "referral/not-found") return [line(`There is no referral ${reference} that you may see.`)];
  const details = errors.map(({ detail }) => detail).join(" ");
  return [line(`${message}${details === "" ? "" : ` ${details}`}`)];
}

/** Whom to call now, where somebody may be in danger; nothing without advice. */
export function adviceBlocks(advice: unknown): Block[] {
  const said = Array.isArray(advice) ? (advice as Advice[]) : [];
  if (said.length === 0) return [];
  return [
    line(bold("Please read this first: somebody may be in danger.")),
    ...said.map(({ text, phone, hours }) => line(`${text} `, bold(phone), ` (${hours})`)),
  ];
}
