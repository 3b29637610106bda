import type { MaskedCode } from "../contract/vocabulary.ts";

/** One pass over a text that finds its digits, so that recognisers look only where there is something to look at. */

export interface Run {
  start: number;
  end: number;
  digits: string;
  /** Set once a recogniser has taken these digits: nobody else reads them, or reads across them. */
  taken: boolean;
}

export interface Found {
  code: MaskedCode;
  start: number;
  end: number;
}

export interface Scan {
  text: string;
  runs: Run[];
  found: Found[];
  /** Where the findings end: words before such a place belong to somebody else. */
  ends: Set<number>;
  /** Library checks of a phone number still to spend on this text; see `phone.ts`. */
  phoneChecksLeft: number;
  isInUrl: (index: number) => boolean;
}

const urlShape = /(?::\/\/|www\.)(?:\[[A-Za-z ]{4,40} removed\]|[^\s<>"])+/gi;

/** Where a text's addresses lie, read only when asked for. A placeholder inside an address belongs to it. */
function urlFinder(text: string): (index: number) => boolean {
  let spans: [number, number][] | null = null;
  return (index) => {
    if (!spans) {
      spans = [];
      for (const match of text.matchAll(urlShape)) spans.push([match.index, match.index + match[0].length]);
    }
    let low = 0;
    let high = spans.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((spans[middle]?.[0] ?? 0) < index) low = middle + 1;
      else high = middle;
    }
    return index < (spans[low - 1]?.[1] ?? 0);
  };
}

/** Prepares a folded text. `maxPhoneChecks` bounds the dear part of the work on a hostile text. */
export function scanDigits(text: string, maxPhoneChecks: number): Scan {
  const runs: Run[] = [];
  const shape = /[0-9]+/g;
  for (let match = shape.exec(text); match; match = shape.exec(text)) {
    runs.push({ start: match.index, end: shape.lastIndex, digits: match[0], taken: false });
  }
  return {
    text,
    runs,
    found: [],
    ends: new Set(),
    phoneChecksLeft: maxPhoneChecks,
    isInUrl: urlFinder(text),
  };
}

/** Records a finding and takes every run of digits that it covers. */
export function take(scan: Scan, code: MaskedCode, start: number, end: number, firstRun = 0): void {
  scan.found.push({ code, start, end });
  scan.ends.add(end);
  for (let index = firstRun; index < scan.runs.length; index += 1) {
    const run = scan.runs[index];
    if (!run || run.start >= end) break;
    if (run.end > start) run.taken = true;
  }
}

const wordCharacter = /[\p{L}\p{N}_]/u;

/** True when a word or number goes on at this index. Half a surrogate pair is no word: both halves answer alike. */
export function isWordAt(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  if (Number.isNaN(code)) return false;
  if (code < 0x80)
    return (
      (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95
    );
  return wordCharacter.test(String.fromCharCode(code));
}

/** Some runs in a row, read as one number. */
export interface Group {
  digits: string;
  lengths: number[];
  start: number;
  end: number;
  /** Index of the run after the last one. */
  next: number;
}

/**
 * Lists the numbers that begin with a run: the run alone, with the next, with the next two, and so on, longest first.
 * `gap` says what may stand between two runs; nothing longer than `maxDigits` is listed.
 */
export function groupsFrom(scan: Scan, first: number, gap: RegExp, maxDigits: number): Group[] {
  const groups: Group[] = [];
  let digits = "";
  const lengths: number[] = [];
  let start = -1;
  for (let index = first; index < scan.runs.length; index += 1) {
    const run = scan.runs[index];
    const before = index > first ? scan.runs[index - 1] : undefined;
    if (!run || run.taken || digits.length + run.digits.length > maxDigits) break;
    if (before && (run.start - before.end > 4 || !gap.test(scan.text.slice(before.end, run.start)))) break;
    if (start < 0) start = run.start;
    digits += run.digits;
    lengths.push(run.digits.length);
    if (!isWordAt(scan.text, run.end)) {
      groups.unshift({ digits, lengths: [...lengths], start, end: run.end, next: index + 1 });
    }
  }
  return groups;
}

const lookBackLength = 48;

/**
 * The words just before an index, lower-case, as far back as the last finding, digit or bracket.
 * Those are the edges of everything that is masked and of its replacement, so a second reading sees the same words.
 */
export function wordsBefore(scan: Scan, index: number): string {
  const from = Math.max(0, index - lookBackLength);
  let edge = index;
  while (edge > from && !scan.ends.has(edge) && !isEdge(scan.text.charCodeAt(edge - 1))) edge -= 1;
  const words = scan.text.slice(edge, index);
  return (edge === from && from > 0 ? words.replace(/^\S+/, "") : words).toLowerCase();
}

function isEdge(code: number): boolean {
  return (code >= 48 && code <= 57) || code === 91 || code === 93;
}
