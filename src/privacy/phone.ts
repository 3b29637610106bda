import { type PhoneNumber, parsePhoneNumberFromString } from "libphonenumber-js/max";
import { isFreeStart, isReference } from "./numbered.ts";
import { type Group, groupsFrom, type Run, type Scan, take, wordsBefore } from "./scan.ts";

/** Crisis lines, which must reach the member whole; the short ones (999, 111, 116 123) have no shape to mask. */
const publicNumbers = new Set([
  "08001111",
  "08000271234",
  "08000684141",
  "08081640123",
  "08082000247",
  "08088010800",
  "08088005000",
  "08088021414",
  "08088088000",
]);

/**
 * Ranges that Ofcom keeps free for drama, which the library rightly calls unassigned: what a fictional text uses is
 * masked as a real number would be. Source: Ofcom, "Telephone numbers for use in TV and radio drama programmes".
 */
const dramaShape = /^(?:07700900\d{3}|01632960\d{3}|03069990\d{3}|08081570\d{3}|0909879\d{4})$/;

const phoneGap = /^[ ./_()-]{1,4}$/;
const phoneWords =
  /\b(?:phone|telephone|tel|mobile|mob|call|calls|ring|text|txt|whatsapp|landline|number|ffôn|ffon|ffoniwch|symudol|rhif)\b[\s\S]{0,24}$/;

/** Types that only organisations hold; in a reply such a number is help, not somebody's own. */
const serviceTypes = new Set(["TOLL_FREE", "UAN", "SHARED_COST", "PREMIUM_RATE"]);

export interface PhoneOptions {
  /** Whether freephone, 03 and 084 numbers count. */
  serviceNumbers: boolean;
}

/** The number in full international form, when the digits are laid out as one: +…, 00…, 44…, 0…, or 7… after a word. */
function international(scan: Scan, group: Group, isPlus: boolean): string | null {
  const digits = group.digits;
  if (isPlus) return digits.length >= 8 && digits.length <= 15 ? `+${digits.replace(/^440/, "44")}` : null;
  if (digits.startsWith("00"))
    return digits.length >= 11 ? `+${digits.slice(2).replace(/^440/, "44")}` : null;
  if (/^0[1-35-9]\d{8,9}$/.test(digits)) return `+44${digits.slice(1)}`;
  if (/^44[1-35-9]\d{8,9}$/.test(digits)) return `+${digits}`;
  const called = /^[127]\d{9}$/.test(digits) && phoneWords.test(wordsBefore(scan, group.start));
  return called ? `+44${digits}` : null;
}

/** Asks the library. A text of more shapes than the allowance has its remaining shapes taken unasked. */
function isPhoneNumber(scan: Scan, full: string, group: Group, options: PhoneOptions): boolean {
  const national = full.startsWith("+44") ? `0${full.slice(3)}` : "";
  if (dramaShape.test(national)) return options.serviceNumbers || /^0[17]/.test(national);
  if (scan.phoneChecksLeft <= 0) return true;
  scan.phoneChecksLeft -= 1;
  const parsed: PhoneNumber | undefined = parsePhoneNumberFromString(full);
  if (!parsed) return false;
  if (parsed.isValid()) return options.serviceNumbers || !serviceTypes.has(parsed.getType() ?? "");
  // A mistyped number is still nearly somebody's: its words decide.
  return parsed.isPossible() && national !== "" && phoneWords.test(wordsBefore(scan, group.start));
}

const dateShape =
  /^(?:(?:0?[1-9]|[12]\d|3[01])([/.-])(?:0?[1-9]|1[0-2])\1(?:(?:19|20)\d\d|\d\d)|(?:19|20)\d\d([/.-])(?:0[1-9]|1[0-2])\2\d\d)(?!\d)/;

/** True when the digits are a later piece of a code such as 2024-07-01234567, or the zero of a decimal fraction. */
function isPiece(scan: Scan, index: number, run: Run): boolean {
  const before = scan.runs[index - 1];
  const joined =
    before && !before.taken && before.end === run.start - 1 && /[./-]/.test(scan.text[before.end] ?? "");
  return Boolean(joined) || (run.digits === "0" && /^\.\d/.test(scan.text.slice(run.end, run.end + 2)));
}

/** Where the cut begins and ends: with the plus, and with a bracket that would be left alone. */
function spanOf(scan: Scan, group: Group, isPlus: boolean): [number, number] {
  let start = isPlus ? group.start - 1 : group.start;
  const inside = scan.text.slice(start, group.end);
  if (scan.text[start - 1] === "(" && inside.split(")").length > inside.split("(").length) start -= 1;
  return [start, group.end];
}

/** In a web address only what says it is a telephone number is one: tel:, wa.me. */
function isDialledUrl(scan: Scan, start: number): boolean {
  return /(?:tel:|wa\.me\/|phone=)\+?$/i.test(scan.text.slice(Math.max(0, start - 12), start));
}

/** Finds telephone numbers of the United Kingdom in every form, and foreign ones that begin with + or 00. */
export function findPhones(scan: Scan, options: PhoneOptions): void {
  for (const [index, run] of scan.runs.entries()) {
    if (run.taken) continue;
    const isPlus = scan.text[run.start - 1] === "+";
    if (!isPlus && !/^[01247]/.test(run.digits)) continue;
    const start = isPlus ? run.start - 1 : run.start;
    const free = isPlus ? !scan.isInUrl(start) : isFreeStart(scan, start) && !isPiece(scan, index, run);
    if (!free && !isDialledUrl(scan, start)) continue;
    if (!isPlus && dateShape.test(scan.text.slice(run.start, run.start + 10))) continue;
    const phone = groupsFrom(scan, index, phoneGap, 17).find((group) => {
      const full = international(scan, group, isPlus);
      if (!full || (!isPlus && isReference(scan, group))) return false;
      return isPhoneNumber(scan, full, group, options);
    });
    if (!phone) continue;
    const full = international(scan, phone, isPlus) ?? "";
    if (full.startsWith("+44") && publicNumbers.has(`0${full.slice(3)}`)) {
      for (let taken = index; taken < phone.next; taken += 1) {
        const part = scan.runs[taken];
        if (part) part.taken = true;
      }
      continue;
    }
    take(scan, "phone", ...spanOf(scan, phone, isPlus), index);
  }
}
