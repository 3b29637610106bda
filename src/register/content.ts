import type {
  AdvisorEntry,
  Alerts,
  DepartmentEntry,
  ElectionPeriod,
  PersonEntry,
  RuleEntry,
  Settings,
  TopicEntry,
} from "./document.ts";
import { defaultAlerts, defaultSettings } from "./document.ts";
import type { ForumEntry } from "./forum-entry.ts";
import type { Register } from "./model.ts";
import type { PoolEntry } from "./pool-entry.ts";

/** What a register says, in order, without what happened since: the part that documents change and exports show. */
export interface RegisterContent {
  settings: Settings;
  alerts: Alerts;
  electionPeriods: readonly ElectionPeriod[];
  departments: readonly DepartmentEntry[];
  topics: readonly TopicEntry[];
  pools: readonly PoolEntry[];
  advisors: readonly AdvisorEntry[];
  people: readonly PersonEntry[];
  forums: readonly ForumEntry[];
  rules: readonly RuleEntry[];
}

/** The lists of named entries, in the order in which each may refer to those before it. */
export const lists = ["departments", "topics", "pools", "advisors", "people", "forums"] as const;
export type ListName = (typeof lists)[number];

/** The parts that are given whole. */
export const wholes = ["settings", "alerts", "electionPeriods", "rules"] as const;

/** One entry of a list, in words and as the name it is known by. */
export const nounOf = {
  departments: "department",
  topics: "topic",
  pools: "pool",
  advisors: "advisor",
  people: "person",
  forums: "forum",
} as const satisfies Record<ListName, string>;

export type AnyEntry = RegisterContent[ListName][number];

/** The name an entry is known by: its slug, code or id. */
export function keyOf(entry: AnyEntry): string {
  if ("slug" in entry) return entry.slug;
  return "code" in entry ? entry.code : entry.id;
}

/** The same entry under another name. */
export function withKey<Entry extends AnyEntry>(entry: Entry, key: string): Entry {
  if ("slug" in entry) return { ...entry, slug: key };
  return "code" in entry ? { ...entry, code: key } : { ...entry, id: key };
}

/** A register before anything was applied: everything goes to triage. */
export const emptyContent: RegisterContent = {
  settings: defaultSettings,
  alerts: defaultAlerts,
  electionPeriods: [],
  departments: [],
  topics: [],
  pools: [],
  advisors: [],
  people: [],
  forums: [],
  rules: [{ to: "triage" }],
};

/** The content of the register in force. */
export function contentOf(register: Register): RegisterContent {
  return {
    settings: register.settings,
    alerts: register.alerts,
    electionPeriods: register.electionPeriods,
    departments: [...register.departments.values()],
    topics: [...register.topics.values()],
    pools: [...register.pools.values()],
    advisors: [...register.advisors.values()],
    people: [...register.people.values()],
    forums: [...register.forums.values()].map(
      ({ leftAt: _left, callbackStoppedAt: _stopped, delistedAt: _delisted, joined: _joined, ...entry }) =>
        entry,
    ),
    rules: register.rules,
  };
}

/** Whether two values of JSON say the same. The order of keys means nothing, and an absent key is an undefined one. */
export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((value, i) => isSame(value, b[i]))
    );
  }
  return changedKeys(a, b).length === 0;
}

/** The keys whose values differ between two objects, in their order. */
export function changedKeys(before: object, after: object): string[] {
  const old: Record<string, unknown> = { ...before };
  const made: Record<string, unknown> = { ...after };
  return [...new Set([...Object.keys(made), ...Object.keys(old)])].filter(
    (key) => !isSame(old[key], made[key]),
  );
}
