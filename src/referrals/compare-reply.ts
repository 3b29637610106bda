import type { Deps } from "../deps.ts";
import { type Comparison, compareWords, linksOf, wordsOf } from "./same-words.ts";
import { findReplyByCode } from "./store/verify.ts";
import { shownCharacters } from "./verify-reply.ts";

/** How a text stands to a reply. Of the reply it tells no more than what verifying it shows, unless the reader has it. */
export type Compared = Comparison & {
  /** The reply's own words where the difference is; null when that lies beyond what is shown of it. */
  official: string[] | null;
  /** Where the reply links to; only for who has its whole text. */
  links: string[];
};

const fewWords = 8;

/**
 * Compares a text that somebody saw with the reply of this code, given as `verifyReply` wrote it. Null where there is no
 * such reply or its text is no longer kept. Nothing of the text is stored.
 */
export async function compareReply(deps: Deps, code: string, seen: string): Promise<Compared | null> {
  const reply = await findReplyByCode(deps.db, code);
  if (!reply?.body || !reply.key || reply.deliveredAt === null) return null;
  const sent = deps.keyring.unwrap(reply.key).open(reply.body);
  const compared = compareWords(seen, sent);
  if (compared.verdict !== "differs") {
    const hasAll = compared.verdict === "same" || compared.verdict === "more";
    return { ...compared, official: null, links: hasAll ? linksOf(sent) : [] };
  }
  const { at, offset } = compared;
  const shown = wordsOf([...sent].slice(0, shownCharacters).join(""), !seen.includes("]("));
  const there = shown.slice(offset + at, offset + at + fewWords);
  return { ...compared, official: there.length > 0 ? there : null, links: [] };
}
