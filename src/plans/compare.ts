import type { PlanDocument } from "./document.ts";

export interface Piece {
  text: string;
  /** Whether the other side has it too. */
  same: boolean;
}

/** One passage on both sides. Null where a side has no such passage. */
export interface Compared {
  /** The part of the plan, as the document names it. */
  part: keyof PlanDocument;
  /** Which entry of it, such as a code or a forum; empty where the part has no entries. */
  item: string;
  /** Which field of the entry; empty where it has none. */
  field: string;
  before: Piece[] | null;
  after: Piece[] | null;
  changed: boolean;
}

/** More words than this on a side are not compared word by word: the table would grow with their product. */
const mostWords = 700;

/** Every passage of a plan in its order, by part, entry and field. */
function passagesOf(
  plan: PlanDocument,
): Map<string, { part: keyof PlanDocument; item: string; field: string; text: string }> {
  const found = new Map<string, { part: keyof PlanDocument; item: string; field: string; text: string }>();
  const add = (part: keyof PlanDocument, item: string, field: string, text: string) =>
    found.set(JSON.stringify([part, item, field]), { part, item, field, text });
  for (const [name, value] of Object.entries(plan)) {
    const part = name as keyof PlanDocument;
    if (typeof value === "string") add(part, "", "", value);
    else
      for (const [index, entry] of value.entries()) {
        if (typeof entry === "string") add(part, String(index + 1), "", entry);
        else for (const [field, text] of leavesOf(entry)) add(part, nameOf(entry, index), field, text);
      }
  }
  return found;
}

const nameOf = (entry: object, index: number): string =>
  "code" in entry ? String(entry.code) : "forum" in entry ? String(entry.forum) : String(index + 1);

function leavesOf(entry: object, within = ""): [field: string, text: string][] {
  return Object.entries(entry).flatMap(([name, value]): [string, string][] => {
    if (within === "" && (name === "code" || name === "forum")) return [];
    if (typeof value === "object" && value !== null) return leavesOf(value, `${name}.`);
    return value === undefined ? [] : [[within + name, String(value)]];
  });
}

const wordsOf = (text: string): string[] => text.match(/\s*\S+\s*/g) ?? [];

/** Spaces and line breaks around a word make it no other word. */
const isSameWord = (one: string | undefined, other: string | undefined): boolean =>
  one?.trim() === other?.trim();

/** Lengths of the longest common run of words from each pair of places on, as rows of `after.length + 1` numbers. */
function commonLengths(before: readonly string[], after: readonly string[]): Uint16Array[] {
  const rows = Array.from({ length: before.length + 1 }, () => new Uint16Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i -= 1) {
    const [row, below] = [rows[i], rows[i + 1]];
    if (!row || !below) continue;
    for (let j = after.length - 1; j >= 0; j -= 1) {
      row[j] = isSameWord(before[i], after[j])
        ? (below[j + 1] ?? 0) + 1
        : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return rows;
}

function push(pieces: Piece[], text: string, same: boolean): void {
  const last = pieces.at(-1);
  if (last && last.same === same) last.text += text;
  else pieces.push({ text, same });
}

/** Two texts as pieces that both have and pieces that only one has, by words. */
export function compareTexts(before: string, after: string): { before: Piece[]; after: Piece[] } {
  const [left, right] = [wordsOf(before), wordsOf(after)];
  if (before === after)
    return { before: [{ text: before, same: true }], after: [{ text: after, same: true }] };
  if (left.length > mostWords || right.length > mostWords)
    return { before: [{ text: before, same: false }], after: [{ text: after, same: false }] };
  const lengths = commonLengths(left, right);
  const pieces = { before: [] as Piece[], after: [] as Piece[] };
  let [i, j] = [0, 0];
  while (i < left.length || j < right.length) {
    const [one = "", other = ""] = [left[i], right[j]];
    if (i < left.length && j < right.length && isSameWord(one, other)) {
      push(pieces.before, one, true);
      push(pieces.after, other, true);
      i += 1;
      j += 1;
    } else if (
      j >= right.length ||
      (i < left.length && (lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0))
    ) {
      push(pieces.before, one, false);
      i += 1;
    } else {
      push(pieces.after, other, false);
      j += 1;
    }
  }
  return pieces;
}

/**
 * Two versions of a plan side by side, passage by passage in the order of the plan. Entries are matched by their code or
 * forum, others by their place; what only one side has stands at the end of its part.
 */
export function comparePlans(before: PlanDocument, after: PlanDocument): Compared[] {
  const [left, right] = [passagesOf(before), passagesOf(after)];
  const order = Object.keys(after);
  const keys = [...new Set([...right.keys(), ...left.keys()])];
  return keys
    .flatMap((key): Compared[] => {
      const [old, fresh] = [left.get(key), right.get(key)];
      const passage = fresh ?? old;
      if (!passage) return [];
      const { part, item, field } = passage;
      if (old && fresh)
        return [
          { part, item, field, ...compareTexts(old.text, fresh.text), changed: old.text !== fresh.text },
        ];
      const whole = [{ text: passage.text, same: false }];
      return [{ part, item, field, before: old ? whole : null, after: fresh ? whole : null, changed: true }];
    })
    .sort((a, b) => order.indexOf(a.part) - order.indexOf(b.part));
}
