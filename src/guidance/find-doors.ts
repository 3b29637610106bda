import { z } from "zod";

export const doors = ["information-request", "complaint", "personal-case"] as const;
export const Door = z.enum(doors);
export type Door = z.infer<typeof Door>;

/** What a text seems to be beside a question, and where that belongs. */
export interface FoundDoor {
  door: Door;
  /** A sentence for the advisor. */
  says: string;
}

/**
 * Wording that tells a formal matter from a question, in English and Welsh. The Freedom of Information Act 2000 and the
 * Environmental Information Regulations 2004 need no form of words, only a request for recorded information in writing:
 * https://www.gov.uk/make-a-freedom-of-information-request. So this finds the likely ones and leaves the word to a person.
 */
const signs: Readonly<Record<Door, readonly RegExp[]>> = {
  "information-request": [
    /\bfreedom of information\b/,
    /\bfoi(?:a| request|s)?\b/,
    /\bsubject access\b/,
    /\benvironmental information regulations\b/,
    /\b(?:copies|a copy|copy) of (?:all|any|every|the) (?:records?|emails?|documents?|minutes|correspondence)\b/,
    /\bhow (?:many|much) .{0,80}\b(?:did|has|have) (?:the |your )?(?:department|government|council|office|dwp|hmrc|nhs)\b/,
    /\brhyddid gwybodaeth\b/,
  ],
  complaint: [
    /\b(?:formal|official) complaint\b/,
    /\b(?:make|making|made|lodge|raise) (?:a|an|my) complaint\b/,
    /\bcomplain(?:ing)? (?:about|to|against)\b/,
    /\b(?:ombudsman|maladministration|independent case examiner)\b/,
    /\b(?:cwyn ffurfiol|gwneud cwyn|ombwdsmon)\b/,
  ],
  "personal-case": [
    /\bmy (?:claim|case|application|appeal|decision|payment|award|assessment|tribunal|sanction)\b.{0,60}\b(?:refused|stopped|rejected|late|wrong|lost|cut|turned down|suspended|disallowed|reference|number)\b/,
    /\b(?:look (?:into|up|at)|check|chase(?: up)?|find out about) my (?:claim|case|application|payment|account|file)\b/,
    /\b(?:fy nghais|fy nghais i|fy nhaliad)\b/,
  ],
};

const words: Readonly<Record<Door, string>> = {
  "information-request":
    "This may be a request for information under the Freedom of Information Act or a subject access request. It has a clock of its own: pass it to your information rights team today, and tell the member that you have.",
  complaint:
    "This may be a complaint. Point to your department's complaints page; do not settle a complaint on a forum.",
  "personal-case":
    "This is about one person's own case. Nothing about a case is said in public: show the way to the service that can look at it, and how it proves who is asking.",
};

/** The formal matters that a text seems to be, each once; none for an ordinary question. Reads a text of any length once. */
export function findDoors(text: string): FoundDoor[] {
  const folded = text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[’‘]/g, "'")
    .replace(/\s+/g, " ")
    .slice(0, 20_000);
  return doors
    .filter((door) => signs[door].some((sign) => sign.test(folded)))
    .map((door) => ({ door, says: words[door] }));
}
