import { type Finding, findMistakes } from "./checks.ts";
import {
  changedKeys,
  emptyContent,
  keyOf,
  type ListName,
  lists,
  nounOf,
  type RegisterContent,
  wholes,
  withKey,
} from "./content.ts";
import type { RegisterDocument } from "./document.ts";
import { findDoubts, judgePlatforms, type KnownAdapters } from "./doubts.ts";
import { type Change, compareLists, mergeList } from "./merge.ts";
import { mapReferences } from "./references.ts";

/** A finding as an answer shows it: `pointer` is a JSON pointer (RFC 6901) into the document, empty for what it leaves alone. */
export interface PlanNote {
  pointer: string;
  detail: string;
  hint?: string;
}

/** Former name to new name, for each list. */
export type Renames = Readonly<Record<ListName, ReadonlyMap<string, string>>>;

/** What an apply would do. `next` is the whole register afterwards; where there are errors nothing may be done. */
export interface RegisterPlan {
  next: RegisterContent;
  changes: Change[];
  renames: Renames;
  warnings: PlanNote[];
  errors: PlanNote[];
  /** Platforms of forums that agreed to take part, for which no adapter exists. */
  unknownAdapters: PlanNote[];
}

/**
 * What a document would change in the register in force, and what is wrong with the two together. Changes nothing.
 * Applying the document to `next` plans nothing: a plan is done once.
 */
export function planRegister(
  current: RegisterContent,
  document: RegisterDocument,
  adapters: KnownAdapters,
): RegisterPlan {
  const { renames, errors, warnings } = planRenames(current, document);
  const renamed = rename(current, renames);
  const next = mergeContent(renamed, document);
  const noteOf = (finding: Finding) => toNote(finding, next, document);
  const platforms = judgePlatforms(next, adapters);
  return {
    next,
    changes: compareContent(renamed, next, renames),
    renames,
    errors: [...repeatedNames(document), ...errors, ...findMistakes(next).map(noteOf)],
    unknownAdapters: platforms.unknown.map(noteOf).filter(({ pointer }) => pointer !== ""),
    warnings: [...warnings, ...[...platforms.off, ...findDoubts(next)].map(noteOf)],
  };
}

const pointer = (steps: readonly (string | number)[]): string =>
  steps.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

const isList = (name: unknown): name is ListName => lists.some((list) => list === name);

/** A place in the register as a place in the document; what the document does not name has no place in it. */
function toNote({ at, ...rest }: Finding, next: RegisterContent, document: RegisterDocument): PlanNote {
  const [part, index, ...steps] = at;
  if (!isList(part)) return { pointer: part === "rules" && !document.rules ? "" : pointer(at), ...rest };
  const entry = typeof index === "number" ? next[part][index] : undefined;
  if (!entry) return { pointer: document[part] ? pointer([part]) : "", ...rest };
  const place = document[part]?.findIndex((declared) => keyOf(declared) === keyOf(entry)) ?? -1;
  return { pointer: place < 0 ? "" : pointer([part, place, ...steps]), ...rest };
}

function repeatedNames(document: RegisterDocument): PlanNote[] {
  return lists.flatMap((list) => {
    const seen = new Set<string>();
    return (document[list] ?? []).flatMap((entry, i) => {
      const key = keyOf(entry);
      if (!seen.has(key)) {
        seen.add(key);
        return [];
      }
      return [{ pointer: pointer([list, i]), detail: `The ${nounOf[list]} "${key}" stands here twice.` }];
    });
  });
}

function planRenames(current: RegisterContent, document: RegisterDocument) {
  const errors: PlanNote[] = [];
  const warnings: PlanNote[] = [];
  const renamesOf = (list: ListName): Map<string, string> => {
    const inForce = new Set(current[list].map(keyOf));
    const declared = new Set((document[list] ?? []).map(keyOf));
    const renames = new Map<string, string>();
    for (const [i, entry] of (document[list] ?? []).entries()) {
      const key = keyOf(entry);
      const [former, another] = (entry.formerly ?? []).filter((name) => inForce.has(name) && name !== key);
      if (former === undefined) continue;
      const at = pointer([list, i, "formerly"]);
      const noun = nounOf[list];
      if (inForce.has(key))
        warnings.push({
          pointer: at,
          detail: `The ${noun}s "${former}" and "${key}" both exist, so nothing is renamed.`,
        });
      else if (another !== undefined)
        errors.push({ pointer: at, detail: `"${former}" and "${another}" cannot become one ${noun}.` });
      else if (declared.has(former))
        errors.push({
          pointer: at,
          detail: `"${former}" stands in this document too.`,
          hint: "Remove one of the two.",
        });
      else if (renames.has(former))
        errors.push({ pointer: at, detail: `"${former}" cannot become two ${noun}s.` });
      else renames.set(former, key);
    }
    return renames;
  };
  const renames: Renames = {
    departments: renamesOf("departments"),
    topics: renamesOf("topics"),
    pools: renamesOf("pools"),
    advisors: renamesOf("advisors"),
    people: renamesOf("people"),
    forums: renamesOf("forums"),
  };
  return { renames, errors, warnings };
}

/** The register with every renamed entry, and every reference to it, under the new name. */
function rename(content: RegisterContent, renames: Renames): RegisterContent {
  const moved = <Entry extends RegisterContent[ListName][number]>(
    list: ListName,
    entries: readonly Entry[],
  ): Entry[] =>
    entries.map((entry) => {
      const name = renames[list].get(keyOf(entry));
      return name === undefined ? entry : withKey(entry, name);
    });
  return mapReferences(
    {
      ...content,
      departments: moved("departments", content.departments),
      topics: moved("topics", content.topics),
      pools: moved("pools", content.pools),
      advisors: moved("advisors", content.advisors),
      people: moved("people", content.people),
      forums: moved("forums", content.forums),
    },
    (list, name) => renames[list].get(name) ?? name,
  );
}

function mergeContent(inForce: RegisterContent, document: RegisterDocument): RegisterContent {
  const { prune } = document;
  const base = prune ? emptyContent : inForce;
  return {
    settings: overlay(base.settings, document.settings),
    alerts: overlay(base.alerts, document.alerts),
    electionPeriods: document.electionPeriods ?? base.electionPeriods,
    departments: mergeList(inForce.departments, document.departments, prune),
    topics: mergeList(inForce.topics, document.topics, prune),
    pools: mergeList(inForce.pools, document.pools, prune),
    advisors: mergeList(inForce.advisors, document.advisors, prune),
    people: mergeList(inForce.people, document.people, prune),
    forums: mergeList(inForce.forums, document.forums, prune),
    rules: document.rules ?? base.rules,
  };
}

function overlay<Whole extends object>(
  base: Whole,
  part: { [Key in keyof Whole]?: Whole[Key] | undefined } | undefined,
): Whole {
  const given = Object.entries(part ?? {}).filter(([, value]) => value !== undefined);
  return { ...base, ...Object.fromEntries(given) };
}

function compareContent(before: RegisterContent, after: RegisterContent, renames: Renames): Change[] {
  const changed = new Set(changedKeys(before, after));
  const parts = wholes
    .filter((part) => changed.has(part))
    .map((part): Change => {
      const fields = part === "settings" || part === "alerts" ? changedKeys(before[part], after[part]) : [];
      return { kind: "change", what: part, slug: part, ...(fields.length > 0 ? { fields } : {}) };
    });
  const entries = lists.flatMap((list) => {
    const former = new Map([...renames[list]].map(([from, to]) => [to, from]));
    return compareLists(nounOf[list], before[list], after[list], former);
  });
  return [...parts, ...entries];
}
