import { changedFields, publicEntry } from "../forums/public-entry.ts";
import { type AnyEntry, isSame, keyOf, type ListName, type RegisterContent, wholes } from "./content.ts";
import type { ForumEntry } from "./forum-entry.ts";
import type { Renames } from "./plan-register.ts";

/** What one list's table has to take: entries that are new, changed or moved, as JSON, and the names of those that go. */
export interface ListWrites {
  /** `[{ key, position, document, department? }]`, or null where there is none. */
  rows: string | null;
  gone: readonly string[];
}

/** Everything that an apply writes, worked out beforehand: what is left to do with it is one statement for each table. */
export interface RegisterWrites {
  lists: Readonly<Record<ListName, ListWrites>>;
  /** Forums about which the register says something new, by what it is. */
  restarts: Readonly<Record<"readdressed" | "agreedAnew" | "consentedAnew", readonly string[]>>;
  /** `[{ slug, entry }]` of the forums whose public entry changes, null for one that goes; or null where there is none. */
  versions: string | null;
  settings: string;
  rules: string;
}

interface Difference {
  /** What the database has, under the names from before the renames. */
  before: RegisterContent;
  renames: Renames;
  after: RegisterContent;
}

/** What differs between two contents, as the store takes it. Renames are made first and are no part of it. */
export function planWrites(difference: Difference): RegisterWrites {
  const { before, after, renames } = difference;
  const writesOf = (list: ListName): ListWrites => {
    const stored = new Map(
      before[list].map((entry, position) => [
        renames[list].get(keyOf(entry)) ?? keyOf(entry),
        { entry, position },
      ]),
    );
    const left = new Set(after[list].map(keyOf));
    return {
      rows: jsonOf(rowsOf(stored, after[list])),
      gone: [...stored.keys()].filter((key) => !left.has(key)),
    };
  };
  return {
    lists: {
      departments: writesOf("departments"),
      topics: writesOf("topics"),
      pools: writesOf("pools"),
      advisors: writesOf("advisors"),
      people: writesOf("people"),
      forums: writesOf("forums"),
    },
    restarts: restartsOf(difference),
    versions: jsonOf(versionsOf(difference)),
    settings: JSON.stringify(
      Object.fromEntries(wholes.filter((part) => part !== "rules").map((part) => [part, after[part]])),
    ),
    rules: JSON.stringify(after.rules),
  };
}

const jsonOf = (rows: readonly object[]): string | null => (rows.length === 0 ? null : JSON.stringify(rows));

function rowsOf(
  stored: ReadonlyMap<string, { entry: AnyEntry; position: number }>,
  after: readonly AnyEntry[],
): object[] {
  return after.flatMap((document, position) => {
    const old = stored.get(keyOf(document));
    if (old?.position === position && isSame(old.entry, document)) return [];
    const department = "department" in document ? { department: document.department } : {};
    return [{ key: keyOf(document), position, document, ...department }];
  });
}

const underNewNames = ({ before, renames }: Difference): Map<string, ForumEntry> =>
  new Map(before.forums.map((forum) => [renames.forums.get(forum.slug) ?? forum.slug, forum]));

/**
 * Where what happened to forums since is forgotten: a callback that was stopped may run again at another address, a forum
 * that left has come back when something new is agreed, and one that took itself out of the directory is listed again
 * when it has consented anew.
 */
function restartsOf(difference: Difference): RegisterWrites["restarts"] {
  const old = underNewNames(difference);
  const { forums } = difference.after;
  const slugsWhere = (isNew: (forum: ForumEntry, earlier: ForumEntry | undefined) => boolean): string[] =>
    forums.filter((forum) => isNew(forum, old.get(forum.slug))).map(({ slug }) => slug);
  return {
    readdressed: slugsWhere((now, earlier) => earlier?.callbackUrl !== now.callbackUrl),
    agreedAnew: slugsWhere((now, earlier) => !isSame(earlier?.intervention ?? null, now.intervention)),
    consentedAnew: slugsWhere(
      (now, earlier) =>
        now.directory?.consent !== undefined && !isSame(earlier?.directory?.consent, now.directory.consent),
    ),
  };
}

/** What the directory says from now on of each forum whose public entry changes. */
function versionsOf(difference: Difference): { slug: string; entry: object | null }[] {
  const old = underNewNames(difference);
  const { forums } = difference.after;
  const kept = new Set(forums.map(({ slug }) => slug));
  return [
    ...forums.flatMap((entry) => {
      const earlier = old.get(entry.slug);
      // Most entries of a large directory do not change: they are told from the others before they are projected.
      if (isSame(earlier, entry)) return [];
      const later = publicEntry(entry);
      const was = earlier ? publicEntry(earlier) : null;
      return changedFields(was ?? {}, later ?? {}).length > 0 ? [{ slug: entry.slug, entry: later }] : [];
    }),
    ...[...old].flatMap(([slug, entry]) =>
      !kept.has(slug) && publicEntry(entry) ? [{ slug, entry: null }] : [],
    ),
  ];
}
