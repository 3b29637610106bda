import type { MaskedCode, Nation } from "../contract/vocabulary.ts";
import { findDoors } from "./find-doors.ts";

export const findingCodes = [
  "personal-data",
  "personal-case",
  "information-request",
  "complaint",
  "election-period",
  "too-long",
  "html",
  "link-scheme",
  "hard-to-read",
  "link-not-secure",
] as const;
export type FindingCode = (typeof findingCodes)[number];

/** Something an advisor should look at before sending. `stops` is true where the forum could not show it as it stands. */
export interface Finding {
  code: FindingCode;
  says: string;
  stops: boolean;
}

export interface Draft {
  text: string;
  /** What was referred, in whose light a reply may discuss a person's own case. */
  question: string;
  /** What the recognisers found in the reply. */
  personalData: readonly MaskedCode[];
  /** Longest text in characters that the forum's adapter shows whole. */
  textLength: number;
  /** What no forum is sent, as it was found in the reply. */
  mistakes: readonly { code: FindingCode; says: string }[];
  nation: Nation | null;
  /** The day, as YYYY-MM-DD. */
  today: string;
  electionPeriods: readonly { from: string; to: string; nations: readonly Nation[] }[];
}

/** Words in a sentence above which people stop reading: https://www.gov.uk/guidance/content-design/writing-for-gov-uk says 25. */
const longestSentence = 25;
/** A reply is called hard to read when more than this share of its sentences is too long. */
const shareOfLong = 0.34;

const caseTalk =
  /\b(?:your (?:claim|case|payment|award|decision|account|application) (?:was|is|has|will|shows|says)|according to (?:our|your) (?:records?|file)|i (?:have )?(?:looked|checked) (?:at|into|up) your|mae eich cais)\b/;

function sentencesOf(text: string): string[] {
  const plain = text.replace(/https?:\S+/g, "link");
  return plain.split(/(?<=[.!?])\s+|\n+/).filter((sentence) => /\p{L}/u.test(sentence));
}

const wordCount = (sentence: string): number =>
  sentence.split(/\s+/).filter((word) => /\p{L}/u.test(word)).length;

/** The election period that a day falls into for a nation (any nation where none is known), or null. */
export function electionPeriodOn<Period extends { from: string; to: string; nations: readonly Nation[] }>(
  periods: readonly Period[],
  today: string,
  nation: Nation | null,
): Period | null {
  return (
    periods.find(
      ({ from, to, nations }) =>
        from <= today && today <= to && (nation === null || nations.includes(nation)),
    ) ?? null
  );
}

/**
 * What an advisor should look at before a reply goes out: personal data in it, a person's own case discussed, an election
 * period, a formal matter that has another door, a text the forum cannot show whole, sentences that are hard to read,
 * links that are not secure. It advises; only `too-long` and what no forum is sent stop.
 */
export function checkText(draft: Draft): Finding[] {
  const findings: Finding[] = [];
  const find = (code: FindingCode, says: string, stops = false) => findings.push({ code, says, stops });
  if (draft.personalData.length > 0) {
    find(
      "personal-data",
      `The reply seems to hold personal data (${draft.personalData.join(", ")}). A helpline's number may stay; a member's may not.`,
    );
  }
  if (caseTalk.test(draft.text.toLowerCase())) {
    find(
      "personal-case",
      "The reply seems to discuss one person's own case. Say how to get an answer about it instead.",
    );
  }
  for (const { door, says } of findDoors(draft.question)) {
    if (door !== "personal-case") find(door, says);
  }
  const period = electionPeriodOn(draft.electionPeriods, draft.today, draft.nation);
  if (period) {
    find(
      "election-period",
      `An election period runs until ${period.to}. Give facts about services; nothing about policy, parties or plans.`,
    );
  }
  if ([...draft.text].length > draft.textLength) {
    find(
      "too-long",
      `This forum shows at most ${draft.textLength} characters. Shorten it, or link a page.`,
      true,
    );
  }
  for (const { code, says } of draft.mistakes) find(code, says, true);
  const sentences = sentencesOf(draft.text);
  const long = sentences.filter((sentence) => wordCount(sentence) > longestSentence).length;
  if (sentences.length > 0 && long / sentences.length > shareOfLong) {
    find(
      "hard-to-read",
      `${long} of ${sentences.length} sentences have more than ${longestSentence} words. Split them.`,
    );
  }
  if (/\bhttp:\/\//.test(draft.text))
    find("link-not-secure", "A link begins with http://. Use the https:// page.");
  return findings;
}
