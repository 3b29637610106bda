import { DomainError } from "../../src/contract/errors.ts";
import { line, moment } from "./blocks.ts";
import type { Block } from "./sdk.ts";
import { wordsOfState } from "./words.ts";

/** A refusal in words, for the one person who met it: who won and when, where the referral is now, what to mend. */
export function explain(error: unknown, reference: string): Block[] {
  if (!(error instanceof DomainError))
    return [line("Something went wrong on our side, and nothing was changed. Please try again.")];
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
