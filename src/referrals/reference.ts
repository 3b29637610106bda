import { letters as alphabet, lettersOf } from "../register/letters.ts";

const length = 7;
/** A reference is written in two halves. */
const half = 4;

/** Weighted so that one wrong letter, or two neighbours swapped, gives another check letter. */
const checkLetter = (body: string): string => {
  let sum = 0;
  for (let at = 0; at < body.length; at += 1) sum = (sum * 2 + alphabet.indexOf(body.charAt(at)) + at) % 31;
  return alphabet.charAt(sum);
};

const layOut = (body: string): string => `FP-${body.slice(0, 4)}-${body.slice(4)}`;

/**
 * A public reference such as `FP-7K4M-2QXD`: seven random letters of Crockford's base 32 and a check letter.
 * Takes at least 7 random bytes; refuses nothing. 35 random bits, so the caller retries a collision.
 */
export function createReference(random: Uint8Array): string {
  const body = lettersOf(random.slice(0, length));
  return layOut(body + checkLetter(body));
}

/** What a person typed of a reference, without FP, spaces and dashes, and with the signs that are mistaken for others put right. */
const bareOf = (typed: string): string =>
  typed.toUpperCase().replace(/^FP/, "").replace(/[\s-]/g, "").replaceAll("O", "0").replace(/[IL]/g, "1");

/** How a typed part of a reference may stand in one, with the dash in each place; nothing for what stands in none. */
export function partsOfReference(typed: string): string[] {
  const bare = bareOf(typed);
  if (bare === "" || bare.length > 2 * half || [...bare].some((letter) => !alphabet.includes(letter)))
    return [];
  const splits = Array.from({ length: bare.length + 1 }, (_, at) => at);
  return splits
    .filter((at) => at <= half && bare.length - at <= half)
    .map((at) => [bare.slice(0, at), bare.slice(at)].filter((part) => part !== "").join("-"));
}

/** The reference as it was made, from what a person typed (lower case, no dashes, O for 0, I and L for 1), or null. */
export function parseReference(typed: string): string | null {
  const bare = bareOf(typed);
  if (bare.length !== length + 1 || [...bare].some((letter) => !alphabet.includes(letter))) return null;
  const body = bare.slice(0, length);
  return checkLetter(body) === bare.slice(length) ? layOut(bare) : null;
}

/** A code for checking a reply: 13 random letters of Crockford's base 32, 65 bits. Takes 13 random bytes. */
export function createVerifyCode(random: Uint8Array): string {
  const code = lettersOf(random.slice(0, 13));
  return `${code.slice(0, 4)}-${code.slice(4, 8)}-${code.slice(8)}`;
}
