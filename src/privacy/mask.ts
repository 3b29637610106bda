import { type MaskedCode, maskedCodes } from "../contract/vocabulary.ts";
import { findEmails } from "./email.ts";
import { fold, unfold } from "./fold.ts";
import { findLettered } from "./lettered.ts";
import { findBankAccounts, findCards, findNhsNumbers } from "./numbered.ts";
import { findPhones } from "./phone.ts";
import { type Found, scanDigits } from "./scan.ts";

/** What a reader sees instead. No digit, no "@": reading a masked text again finds nothing. */
const replacements: Readonly<Record<MaskedCode, string>> = {
  "national-insurance-number": "[National Insurance number removed]",
  "nhs-number": "[NHS number removed]",
  phone: "[phone number removed]",
  postcode: "[postcode removed]",
  email: "[email address removed]",
  card: "[card number removed]",
  "bank-account": "[bank details removed]",
};

const signOrDigit = /[0-9@]/;
const otherScript = /[^\0-\u024f\u2010-\u2027\u20ac]/;

/** Nothing that is masked does without a digit of some script or a way to write the sign of an address. */
function hasOutline(text: string): boolean {
  return (
    signOrDigit.test(text) ||
    otherScript.test(text) ||
    text.includes(" dot ") ||
    /[([{<] ?at ?[)\]}>]/i.test(text)
  );
}

/** A library check takes about 60 µs and an honest text holds few numbers. */
const maxPhoneChecks = 24;

/** Readings of one text. The second nearly always finds nothing; a hostile text is not read for ever. */
const mostReadings = 5;

interface FindOptions {
  serviceNumbers: boolean;
}

function find(source: string, options: FindOptions): Found[] {
  if (!hasOutline(source)) return [];
  const folded = fold(source);
  const scan = scanDigits(folded.text, maxPhoneChecks);
  findEmails(scan);
  if (scan.runs.length > 0) {
    findLettered(scan);
    findCards(scan);
    findBankAccounts(scan);
    findNhsNumbers(scan);
    findPhones(scan, options);
  }
  return scan.found
    .map(({ code, start, end }) => {
      const [from, to] = unfold(folded, start, end);
      return { code, start: from, end: to };
    })
    .sort((a, b) => a.start - b.start);
}

function cut(text: string, found: Found[]): string {
  let result = "";
  let end = 0;
  for (const one of found) {
    // Two findings may share a character ("… 56 C.jo@example.com"): both go, and nothing between them is left.
    if (one.end <= end) continue;
    result += text.slice(end, Math.max(end, one.start)) + replacements[one.code];
    end = one.end;
  }
  return result + text.slice(end);
}

function codesOf(found: Found[]): MaskedCode[] {
  return maskedCodes.filter((code) => found.some((one) => one.code === code));
}

/**
 * Takes out of a text what identifies a person: National Insurance and NHS numbers, telephone numbers, full postcodes,
 * email addresses, payment cards, sort codes with account numbers.
 *
 * Each is replaced by words such as "[phone number removed]"; `masked` names what was found, once each, in the order of
 * the vocabulary. Masking twice changes nothing. Works the same in every language, in linear time, and never throws.
 * Crisis lines stay, as do order numbers, amounts, dates, outward postcodes and the numbers of posts.
 */
export function maskText(text: string): { text: string; masked: MaskedCode[] } {
  const all: Found[] = [];
  let result = text;
  // What stood next to a finding may show its shape only now ("a@www.example.org/07…"): read again until nothing does.
  for (let reading = 0; reading < mostReadings; reading += 1) {
    const found = find(result, { serviceNumbers: true });
    if (found.length === 0) break;
    all.push(...found);
    result = cut(result, found);
  }
  return { text: result, masked: codesOf(all) };
}

/**
 * Names what an advisor's reply would give away about a person, in the order of the vocabulary; empty when nothing.
 * Freephone, 03 and 084 numbers are not counted: only organisations hold them, and a reply is where they belong.
 */
export function containsPersonalData(text: string): MaskedCode[] {
  return codesOf(find(text, { serviceNumbers: false }));
}
