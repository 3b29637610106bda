import { type AnyEntry, changedKeys, keyOf } from "./content.ts";

/** What an apply would do to one entry, or to a part that is given whole. */
export interface Change {
  kind: "add" | "change" | "remove" | "rename";
  /** `pool`, `forum` … or the name of the part, such as `rules`. */
  what: string;
  /** The entry's name; the part's own name for a part that is given whole. */
  slug: string;
  /** Its name before a rename. */
  from?: string;
  /** Names of the fields that change; `position` is its place in the order. */
  fields?: string[];
}

/**
 * A list in force with the entries a document declares. An entry is replaced whole; one that is not declared is left
 * alone, or goes where `prune` is set. The declared entries end up in the document's order, new ones behind the entry
 * they follow there, so that applying the result again moves nothing.
 */
export function mergeList<Entry extends AnyEntry>(
  inForce: readonly Entry[],
  declared: readonly Entry[] | undefined,
  prune: boolean,
): Entry[] {
  if (!declared) return prune ? [] : [...inForce];
  const known = new Set(inForce.map(keyOf));
  const byKey = new Map(declared.map((entry) => [keyOf(entry), entry]));
  const existing = declared.filter((entry) => known.has(keyOf(entry)));
  const { leading, behind } = placeNew(declared, known);
  const merged: Entry[] = [];
  let taken = 0;
  for (const entry of inForce) {
    if (!byKey.has(keyOf(entry))) {
      if (!prune) merged.push(entry);
      continue;
    }
    const next = existing[taken++];
    if (!next) continue;
    if (taken === 1) merged.push(...leading);
    merged.push(next, ...(behind.get(keyOf(next)) ?? []));
  }
  return taken > 0 ? merged : [...merged, ...leading];
}

/** The new entries of a document: those before any known one, and those behind each known one. */
function placeNew<Entry extends AnyEntry>(declared: readonly Entry[], known: ReadonlySet<string>) {
  const leading: Entry[] = [];
  const behind = new Map<string, Entry[]>();
  let followers = leading;
  for (const entry of declared) {
    if (!known.has(keyOf(entry))) {
      followers.push(entry);
      continue;
    }
    followers = [];
    behind.set(keyOf(entry), followers);
  }
  return { leading, behind };
}

/** What changed between two lists. `renamed` gives the former name of each entry that has a new one. */
export function compareLists(
  what: string,
  before: readonly AnyEntry[],
  after: readonly AnyEntry[],
  renamed: ReadonlyMap<string, string>,
): Change[] {
  const old = new Map(before.map((entry) => [keyOf(entry), entry]));
  const kept = new Set(after.map(keyOf));
  const moved = movedKeys(before.map(keyOf), after.map(keyOf));
  const changes: Change[] = [];
  for (const entry of after) {
    const slug = keyOf(entry);
    const earlier = old.get(slug);
    if (!earlier) {
      changes.push({ kind: "add", what, slug });
      continue;
    }
    const fields = [...changedKeys(earlier, entry), ...(moved.has(slug) ? ["position"] : [])];
    const from = renamed.get(slug);
    if (from !== undefined) changes.push({ kind: "rename", what, slug, from, fields });
    else if (fields.length > 0) changes.push({ kind: "change", what, slug, fields });
  }
  for (const slug of old.keys()) if (!kept.has(slug)) changes.push({ kind: "remove", what, slug });
  return changes;
}

/** The names in both lists whose place among those in both is another one. */
function movedKeys(before: readonly string[], after: readonly string[]): Set<string> {
  const had = new Set(before);
  const has = new Set(after);
  const common = before.filter((key) => has.has(key));
  return new Set(after.filter((key) => had.has(key)).filter((key, place) => common[place] !== key));
}
