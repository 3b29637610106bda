import type { Compared } from "../referrals/index.ts";

/** Words that somebody saw, cut where a page marks them. Empty pieces are not shown. */
export interface Pieces {
  /** Words before the reply that are not part of it. */
  before: string;
  agreed: string;
  differing: string;
  after: string;
}

const around = 12;
const most = 60;

const start = (words: readonly string[], count: number): string =>
  words.length > count ? `${words.slice(0, count).join(" ")} …` : words.join(" ");
const end = (words: readonly string[], count: number): string =>
  words.length > count ? `… ${words.slice(-count).join(" ")}` : words.join(" ");
const bothEnds = (words: readonly string[]): string =>
  words.length > 2 * around
    ? `${words.slice(0, around).join(" ")} … ${words.slice(-around).join(" ")}`
    : words.join(" ");

/** The pieces of a comparison that are worth showing; null where the text agrees and nothing needs a mark. */
export function piecesOf(compared: Compared): Pieces | null {
  const { words } = compared;
  if (compared.verdict === "more") {
    const { from, to } = compared;
    return {
      before: start(words.slice(0, from), most),
      agreed: bothEnds(words.slice(from, to)),
      differing: "",
      after: start(words.slice(to), most),
    };
  }
  if (compared.verdict !== "differs") return null;
  const { at } = compared;
  return {
    before: "",
    agreed: end(words.slice(0, at), around),
    differing: words[at] ?? "",
    after: start(words.slice(at + 1), around),
  };
}
