import { isValid as isPostcodeShape } from "postcode";
import { isWordAt, type Scan, take, wordsBefore } from "./scan.ts";

/** Identifiers that letters lead: National Insurance numbers, postcodes, IBANs. Each is tried where its digits begin. */

/** The 124 postcode areas of the United Kingdom and the Crown dependencies, with the forces' BF. */
const areas = new Set(
  (
    "AB AL B BA BB BD BF BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY G GL GU GY " +
    "HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR " +
    "RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE"
  ).split(" "),
);

const niShape =
  /([A-Z]{2})([ ./-]{0,2})\d{2}[ ./-]{0,2}\d{2}[ ./-]{0,2}\d{2}([ ./-]{0,2}[A-DFM](?![A-Za-z0-9_]))?/iy;
/** HMRC's manual NIM39110: letters that no prefix has, and prefixes that are not given out. QQ is its example. */
const niPrefix = /^(?!BG|GB|NK|KN|NT|ZZ)(?:[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]|QQ)$/;
const niWords = /\b(?:ni|nino|n\.i\.|national insurance|insurance|yswiriant gwladol|yg)\b/;
/** Short words that stand before figures by chance: "at 12 34 56 a day". */
const shortWords = new Set(
  "AC AM AN AR AS AT BE BY EI ER GO HE LA ME MY NA NE NO OR RE SO TO WE YN".split(" "),
);

function findNationalInsurance(scan: Scan, start: number, firstRun: number): boolean {
  niShape.lastIndex = start;
  const match = niShape.exec(scan.text);
  if (!match) return false;
  const prefix = (match[1] ?? "").toUpperCase();
  const suffix = (match[3] ?? "").slice(-1).toUpperCase();
  const end = start + match[0].length;
  if (isWordAt(scan.text, end)) return false;
  // A temporary number is TN, the date of birth and the sex.
  const shaped = prefix === "TN" ? /[FM]/.test(suffix) : niPrefix.test(prefix) && !/[FM]/.test(suffix);
  if (!shaped) return false;
  const byChance = (match[2] ?? "") !== "" && shortWords.has(prefix) && match[1] !== prefix;
  if ((suffix === "" || byChance) && !niWords.test(wordsBefore(scan, start))) return false;
  take(scan, "national-insurance-number", start, end, firstRun);
  return true;
}

const postcodeShape = /([A-Z]{1,2}\d[A-Z\d]?)([ .+-]{0,2})(\d[A-Z]{2})/iy;
/** "M25 2hr delay", "B1 2nd floor", "S24 8GB": units and ordinals that happen to look like an inward code. */
const lowerCaseUnit = /^\d(?:hr|st|nd|rd|th|gb|tb|lb)$/;
const storage = /^\d[GT]B$/;
const deviceWords = /\b(?:galaxy|samsung|iphone|pixel|huawei|xiaomi)\b/;

function findPostcode(scan: Scan, start: number, firstRun: number): boolean {
  postcodeShape.lastIndex = start;
  const match = postcodeShape.exec(scan.text);
  if (!match) return false;
  const [whole, outward = "", , inward = ""] = match;
  const end = start + whole.length;
  if (isWordAt(scan.text, end)) return false;
  const area = /^[A-Z]+/i.exec(outward)?.[0].toUpperCase() ?? "";
  // The Postcode Address File gives no unit the letters C, I, K, M, O or V.
  if (!areas.has(area) || /[CIKMOV]/i.test(inward) || !isPostcodeShape(`${outward} ${inward}`)) return false;
  if (lowerCaseUnit.test(inward)) return false;
  if (storage.test(inward) && deviceWords.test(wordsBefore(scan, start))) return false;
  take(scan, "postcode", start, end, firstRun);
  return true;
}

/** Lengths of the IBAN Registry (SWIFT) for the countries a member is likely to be paid from. */
const ibanLengths: Readonly<Record<string, number>> = {
  AT: 20,
  BE: 16,
  BG: 22,
  CH: 21,
  CY: 28,
  CZ: 24,
  DE: 22,
  DK: 18,
  EE: 20,
  ES: 24,
  FI: 18,
  FR: 27,
  GB: 22,
  GI: 23,
  GR: 27,
  HR: 21,
  HU: 28,
  IE: 22,
  IS: 26,
  IT: 27,
  LT: 20,
  LU: 20,
  LV: 21,
  MT: 31,
  NL: 18,
  NO: 15,
  PL: 28,
  PT: 25,
  RO: 24,
  SE: 24,
  SI: 19,
  SK: 24,
  TR: 26,
  UA: 29,
};

/** The check of ISO 13616: the number read with its head at its tail leaves 1 when divided by 97. */
function hasIbanCheck(iban: string): boolean {
  let remainder = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}

function findIban(scan: Scan, start: number, firstRun: number): boolean {
  const { text } = scan;
  const length = ibanLengths[text.slice(start, start + 2).toUpperCase()] ?? 0;
  let iban = "";
  let index = start;
  while (iban.length < length && index < start + length * 2) {
    const character = text[index] ?? "";
    if (/[A-Za-z0-9]/.test(character)) iban += character.toUpperCase();
    else if (!/[ .-]/.test(character)) break;
    index += 1;
  }
  if (length === 0 || iban.length < length || isWordAt(text, index) || !hasIbanCheck(iban)) return false;
  take(scan, "bank-account", start, index, firstRun);
  return true;
}

/** How many letters (at most two) and then gaps stand right before a run; -1 when no such word begins there. */
function leadStart(text: string, runStart: number): number {
  let index = runStart;
  while (index > runStart - 2 && /[ ./-]/.test(text[index - 1] ?? "")) index -= 1;
  const letters = /[A-Za-z]{1,2}$/.exec(text.slice(Math.max(0, index - 2), index))?.[0].length ?? 0;
  const start = index - letters;
  return letters === 0 || isWordAt(text, start - 1) ? -1 : start;
}

/** Finds National Insurance numbers, full postcodes and IBANs. */
export function findLettered(scan: Scan): void {
  for (const [index, run] of scan.runs.entries()) {
    if (run.taken) continue;
    const start = leadStart(scan.text, run.start);
    if (start < 0) continue;
    if (findNationalInsurance(scan, start, index)) continue;
    if (run.digits.length === 2 && findIban(scan, start, index)) continue;
    if (run.digits.length <= 3) findPostcode(scan, start, index);
  }
}
