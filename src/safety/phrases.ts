import { sentenceEnd } from "./read-words.ts";
import type { Phrase } from "./wording/list.ts";

/**
 * Wording lists made ready for reading. A phrase is only tried where the text holds its rarest word, so that an ordinary
 * text costs a look-up or two for each of its words; it is then found by its first word.
 */

interface Step {
  words: ReadonlySet<string>;
  /** Beginnings of words: `suicid*`. */
  stems: readonly string[];
  optional: boolean;
  /** How many words, of any kind, this step may pass over; 0 for a step that names its words. */
  gap: number;
}

interface Compiled<Label> {
  label: Label;
  steps: readonly Step[];
  first: Step;
}

export interface Match<Label> {
  label: Label;
  start: number;
  end: number;
}

function compileStep(source: string): Step {
  if (source === "...") return { words: new Set(), stems: [], optional: false, gap: 5 };
  if (source === "_") return { words: new Set(), stems: [], optional: false, gap: 1 };
  const optional = source.endsWith("?");
  const parts = (optional ? source.slice(0, -1) : source).split("|");
  if (parts.some((part) => !/^(?:\.|[a-z]+\*?)$/.test(part)))
    throw new Error(`A phrase holds a step that is no word: ${source}`);
  const stems = parts.filter((part) => part.endsWith("*")).map((part) => part.slice(0, -1));
  return { words: new Set(parts.filter((part) => !part.endsWith("*"))), stems, optional, gap: 0 };
}

function takes(step: Step, word: string): boolean {
  return step.words.has(word) || step.stems.some((stem) => word.startsWith(stem));
}

/** Where the steps end when they begin at a word, or -1. Phrases are short, so trying every way costs little. */
function endOf(steps: readonly Step[], words: readonly string[], step: number, word: number): number {
  const current = steps[step];
  if (!current) return word;
  if (current.gap > 0) {
    for (let skipped = 0; skipped <= current.gap; skipped += 1) {
      const end = endOf(steps, words, step + 1, word + skipped);
      if (end >= 0) return end;
      if (word + skipped >= words.length || words[word + skipped] === sentenceEnd) return -1;
    }
    return -1;
  }
  const found = words[word];
  if (found !== undefined && takes(current, found)) {
    const end = endOf(steps, words, step + 1, word + 1);
    if (end >= 0) return end;
  }
  return current.optional ? endOf(steps, words, step + 1, word) : -1;
}

export interface PhraseBook<Label> {
  /** Every phrase found in the words, in the order of the words. */
  find: (words: readonly string[]) => Match<Label>[];
  /** True for a word that some phrase names. */
  isKnown: (word: string) => boolean;
}

const stemKeyLength = 4;
const stemKeyOf = (word: string): string => word.slice(0, stemKeyLength);

const isLongStem = (stem: string): boolean => stem.length >= stemKeyLength;

/** The step that a phrase cannot do without and that fewest others name. */
function rarestStep(steps: readonly Step[], uses: ReadonlyMap<string, number>): Step | undefined {
  const commonness = ({ words, stems }: Step): number =>
    Math.max(...[...words].map((word) => uses.get(word) ?? 0), ...stems.map(() => 0));
  return steps
    .filter(({ optional, gap, stems }) => !optional && gap === 0 && stems.every(isLongStem))
    .reduce<Step | undefined>(
      (rarest, step) => (rarest === undefined || commonness(step) < commonness(rarest) ? step : rarest),
      undefined,
    );
}

function countUses(phrases: readonly Compiled<unknown>[]): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  for (const { steps } of phrases)
    for (const { words } of steps) for (const word of words) uses.set(word, (uses.get(word) ?? 0) + 1);
  return uses;
}

/** What a word of a text leads to. */
interface Leads<Label> {
  /** Phrases that a text with this word may hold. */
  rare: Compiled<Label>[];
  /** Phrases that may begin here. */
  first: Compiled<Label>[];
}

type Index<Label> = Map<string, Leads<Label>>;

function file<Label>(
  index: Index<Label>,
  key: string,
  lead: keyof Leads<Label>,
  phrase: Compiled<Label>,
): void {
  const leads = index.get(key) ?? { rare: [], first: [] };
  index.set(key, leads);
  leads[lead].push(phrase);
}

/** Compiles phrases. The first word of each must be named, and not optional: it is what the phrase is found by. */
export function createPhraseBook<Label>(phrases: Iterable<readonly [Label, Phrase]>): PhraseBook<Label> {
  const byWord: Index<Label> = new Map();
  const byStem: Index<Label> = new Map();
  const fileStep = ({ words, stems }: Step, lead: keyof Leads<Label>, phrase: Compiled<Label>) => {
    for (const word of words) file(byWord, word, lead, phrase);
    for (const stem of stems) file(byStem, stemKeyOf(stem), lead, phrase);
  };
  const known = new Set<string>();
  const all = [...phrases].map(([label, source]) => compile(label, source));
  const uses = countUses(all);
  const always: Compiled<Label>[] = [];
  for (const phrase of all) {
    for (const { words } of phrase.steps) for (const word of words) known.add(word);
    fileStep(phrase.first, "first", phrase);
    const rarest = rarestStep(phrase.steps, uses);
    if (rarest) fileStep(rarest, "rare", phrase);
    else always.push(phrase);
  }

  /** Every phrase that the words may hold, and where each may begin. */
  const sift = (words: readonly string[]) => {
    const possible = new Set(always);
    const beginnings: { start: number; phrases: readonly Compiled<Label>[] }[] = [];
    const follow = (leads: Leads<Label> | undefined, start: number) => {
      if (!leads) return;
      for (const phrase of leads.rare) possible.add(phrase);
      if (leads.first.length > 0) beginnings.push({ start, phrases: leads.first });
    };
    for (let start = 0; start < words.length; start += 1) {
      const word = words[start] ?? "";
      follow(byWord.get(word), start);
      if (word.length >= stemKeyLength) follow(byStem.get(stemKeyOf(word)), start);
    }
    return { possible, beginnings };
  };

  return {
    find(words) {
      const { possible, beginnings } = sift(words);
      const matches: Match<Label>[] = [];
      if (possible.size === 0) return matches;
      for (const { start, phrases } of beginnings) {
        for (const phrase of phrases) {
          const end = possible.has(phrase) ? endOf(phrase.steps, words, 0, start) : -1;
          if (end >= 0) matches.push({ label: phrase.label, start, end });
        }
      }
      return matches;
    },
    isKnown: (word) => known.has(word),
  };
}

function compile<Label>(label: Label, source: Phrase): Compiled<Label> {
  const steps = source.split(" ").map(compileStep);
  const [first] = steps;
  if (!first || first.optional || first.gap > 0)
    throw new Error(`A phrase must begin with a word: ${source}`);
  return { label, steps, first };
}
