import { isWordAt, type Scan, take } from "./scan.ts";

/** Addresses that crisis services publish: they must reach the member whole. */
const publicAddresses = new Set([
  "jo@samaritans.org",
  "jo@samaritans.ie",
  "pat@papyrus-uk.org",
  "help@nspcc.org.uk",
]);

/** Ways to write the sign itself. A bare "at" counts only in "name at host dot com" after a word for email. */
const signShape = /@|%40|[([{<] ?at ?[)\]}>]| at (?=[\p{L}\p{N}-]+(?: dot [\p{L}]+)+)/giu;
/** The cheap question first: most texts hold none of these. */
const anySign = /@|%40| dot |[([{<] ?at ?[)\]}>]/i;
const localEnd = /[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]{1,64}( ?)$/u;
const host =
  /( ?)[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,62})(?:(?:\.| ?[([{] ?dot ?[)\]}] ?| dot )[\p{L}\p{N}][\p{L}\p{N}-]{0,62}){1,6}/uy;
const lastLabel = /(?:\.| |[)\]}])([\p{L}]{2,24}|xn--[a-z0-9-]+)$/iu;
const mailHosts =
  /^(?:gmail|googlemail|hotmail|outlook|live|yahoo|icloud|aol|btinternet|sky|talktalk|virginmedia|proton|protonmail|example)\./i;
const mailWords = /\b(?:e-?mail|e-?bost|mail|address|cyfeiriad)\b/i;

const farthestLocal = 66;

/** Where a local part that ends at `at` begins, or -1. Quotation marks and commas around it are left outside. */
function localStart(text: string, at: number): number {
  const match = localEnd.exec(text.slice(Math.max(0, at - farthestLocal), at));
  if (!match) return -1;
  const local = match[0].replace(/^[.!#$%&'*+/=?^`{|}~-]+/, "");
  if (!/[\p{L}\p{N}]/u.test(local)) return -1;
  // A link puts the address behind a "=" or a "/": "mailto" and query strings keep their own part.
  const own = local.slice(
    Math.max(local.lastIndexOf("="), local.lastIndexOf("/"), local.lastIndexOf("?")) + 1,
  );
  return own.trim().length === 0 ? -1 : at - own.length;
}

/** Where a host that begins at `from` ends, or -1: at least one dot, and a last label of letters. */
function hostEnd(text: string, from: number): number {
  host.lastIndex = from;
  const match = host.exec(text);
  if (!match) return -1;
  let found = match[0];
  while (found.length > 0 && !lastLabel.test(found)) {
    const shorter = found.replace(/(?:\.| ?[([{] ?dot ?[)\]}] ?| dot )[^. ]*$/i, "");
    if (shorter === found) return -1;
    found = shorter;
  }
  return from + found.length;
}

/** Whether spaces around the sign, or a sign in words, still make an address. */
function isMeant(text: string, sign: string, start: number, at: number, hostFrom: number): boolean {
  if (sign.startsWith(" ")) return mailWords.test(text.slice(Math.max(0, start - 40), start));
  const spaced = sign === "@" && (text[at - 1] === " " || text[hostFrom] === " ");
  return !spaced || mailHosts.test(text.slice(hostFrom, hostFrom + 30).trimStart());
}

/** Finds email addresses, also with "(at)", "[dot]", "%40" and one space beside the sign. */
export function findEmails(scan: Scan): void {
  const { text } = scan;
  if (!anySign.test(text)) return;
  let previousEnd = 0;
  signShape.lastIndex = 0;
  for (let match = signShape.exec(text); match; match = signShape.exec(text)) {
    const at = match.index;
    const hostFrom = at + match[0].length;
    const start = Math.max(previousEnd, localStart(text, at));
    let end = localStart(text, at) < 0 || start >= at ? -1 : hostEnd(text, hostFrom);
    if (end < 0 || !isMeant(text, match[0], start, at, hostFrom)) continue;
    if (publicAddresses.has(text.slice(start, end).toLowerCase())) continue;
    // Whatever is glued to an address goes with it, so that nothing of it is left behind.
    while (isWordAt(text, end)) end += 1;
    take(scan, "email", start, end);
    previousEnd = end;
    signShape.lastIndex = Math.max(signShape.lastIndex, end);
  }
}
