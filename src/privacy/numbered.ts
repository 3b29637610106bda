import { validate as hasNhsCheck } from "nhs-number-validator";
import { type Group, groupsFrom, isWordAt, type Scan, take, wordsBefore } from "./scan.ts";

/** Identifiers made of digits alone: payment cards, NHS numbers, sort codes and account numbers. */

/** Words that make a bare number a reference of somebody's system rather than a person's own. */
const referenceWords =
  /(?:\b(?:order|ref|refs|reference|invoice|tracking|parcel|consignment|booking|ticket|isbn|imei|serial|uprn|timestamp|cyfeirnod|archeb)\b|\b(?:case|claim|post|thread|message|topic|comment|journal|entry|member) ?(?:id|no|number|entry|ref)\b|\bid\b|#)(?:[ :.#-]|\b(?:no|number|num|code|id|is|was|yw|oedd)\b)*$/;

/** True when a bare run of digits is called a reference by the words just before it. */
export function isReference(scan: Scan, group: Group): boolean {
  return group.lengths.length === 1 && referenceWords.test(wordsBefore(scan, group.start));
}

const money = /[£$€]\s?$/;

/** True when digits begin here: no word, amount or address leads into them. */
export function isFreeStart(scan: Scan, start: number): boolean {
  if (isWordAt(scan.text, start - 1)) return false;
  return !money.test(scan.text.slice(Math.max(0, start - 2), start)) && !scan.isInUrl(start);
}

/** Luhn's check digit (ISO/IEC 7812-1). */
export function hasLuhnCheck(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index]);
    sum += index % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0;
}

/** Issuer ranges and lengths of the schemes used in the United Kingdom: Visa, Mastercard, Amex, Discover, Maestro. */
const cardShape =
  /^(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|6\d{15,18}|5[06-8]\d{14,17})$/;
const cardWords = /\b(?:card|visa|mastercard|amex|debit|credit|cerdyn)\b/;
const singleGap = /^[ .-]{1,2}$/;

function isCardGrouping(lengths: number[]): boolean {
  if (lengths.length === 1 || lengths.join() === "4,6,5") return true;
  return lengths.slice(0, -1).every((length) => length === 4) && (lengths.at(-1) ?? 0) <= 4;
}

/** Finds payment card numbers: the scheme's shape, Luhn's check, grouped as on a card or called a card. */
export function findCards(scan: Scan): void {
  for (const [index, run] of scan.runs.entries()) {
    if (run.taken || !/^[2-6]/.test(run.digits) || !isFreeStart(scan, run.start)) continue;
    const card = groupsFrom(scan, index, singleGap, 19).find(
      (group) =>
        cardShape.test(group.digits) &&
        hasLuhnCheck(group.digits) &&
        (isCardGrouping(group.lengths) || cardWords.test(wordsBefore(scan, group.start))) &&
        !isReference(scan, group),
    );
    if (card) take(scan, "card", card.start, card.end, index);
  }
}

const nhsWords = /\b(?:nhs|gig|chi|h&c|health and care)\b/;
/**
 * Ranges of the NHS Data Dictionary: 400 to 499 and 600 to 799 for England, Wales and the Isle of Man, 320 to 399 for
 * Northern Ireland, a date of birth for Scotland, 999 for examples.
 */
const nhsRange = /^(?:4|[67]|3[2-9]|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])|999)/;
const nhsGroupings = new Set(["10", "3,3,4", "6,4"]);

/** Finds NHS numbers: ten digits with their check digit, grouped as printed or in a range that is given out. */
export function findNhsNumbers(scan: Scan): void {
  for (const [index, run] of scan.runs.entries()) {
    if (run.taken || run.digits.length > 10 || !isFreeStart(scan, run.start)) continue;
    const group = groupsFrom(scan, index, singleGap, 10)[0];
    if (group?.digits.length !== 10 || !hasNhsCheck(group.digits)) continue;
    const called = nhsWords.test(wordsBefore(scan, group.start));
    const grouping = group.lengths.join();
    const printed = grouping === "3,3,4" || (nhsGroupings.has(grouping) && nhsRange.test(group.digits));
    if (called || (printed && !isReference(scan, group)))
      take(scan, "nhs-number", group.start, group.end, index);
  }
}

const sortWords = /(?:\bsort ?-?code|\bs\/c|\bcod didoli)\b[\s\S]{0,16}$/;
const accountWords =
  /(?:\baccounts?|\bacc(?:t|ount)?|\ba\/c|\bcyfrif)\b(?: (?:number|num|no|details|is|yw|rhif))*[^\p{L}]{0,6}(?:is|yw)?[^\p{L}]{0,3}$/u;
const pairGap = /^[^\d@[\]]{1,30}$/;
const sortGap = /^[ ./-]$/;

/** The group that is a sort code from this run on, if it is one: 12-34-56, or six digits that are called one. */
function sortCodeAt(scan: Scan, index: number, called: boolean): Group | undefined {
  const groups = groupsFrom(scan, index, sortGap, 6);
  return groups.find((group) => group.lengths.join() === "2,2,2" || (called && group.digits.length === 6));
}

/** An account number as it is written, in one run or in two: the longest with so many digits. */
function accountAt(scan: Scan, index: number, minDigits: number, maxDigits: number): Group | undefined {
  return groupsFrom(scan, index, /^[ -]$/, maxDigits).find(
    (group) => group.digits.length >= minDigits && group.lengths.length <= 2,
  );
}

/** Takes the account number that follows a sort code closely enough to belong to it. */
function takeAccountAfter(scan: Scan, sort: Group): boolean {
  const next = scan.runs[sort.next];
  if (!next || next.taken || !pairGap.test(scan.text.slice(sort.end, next.start))) return false;
  const account = accountAt(scan, sort.next, 7, 8);
  if (account) take(scan, "bank-account", account.start, account.end, sort.next);
  return account !== undefined;
}

/**
 * Finds sort codes and account numbers: a sort code with an account number behind it, or either with the word for it.
 * The modulus tables of the banks are not asked: a mistyped account is still somebody's (decision 020).
 */
export function findBankAccounts(scan: Scan): void {
  for (const [index, run] of scan.runs.entries()) {
    if (run.taken || (run.digits.length !== 2 && run.digits.length < 4) || run.digits.length > 10) continue;
    if (!isFreeStart(scan, run.start)) continue;
    const words = wordsBefore(scan, run.start);
    const sortCalled = sortWords.test(words);
    const sort = sortCodeAt(scan, index, sortCalled);
    if (sort && (takeAccountAfter(scan, sort) || sortCalled)) {
      take(scan, "bank-account", sort.start, sort.end, index);
      continue;
    }
    if (!accountWords.test(words)) continue;
    const account = accountAt(scan, index, 6, 10);
    if (account) take(scan, "bank-account", account.start, account.end, index);
  }
}
