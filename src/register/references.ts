import type { ListName, RegisterContent } from "./content.ts";
import { rolesOf } from "./document.ts";

/** Looks at one name that stands at `at` (steps below the register) and refers to an entry of `list`; answers the name. */
export type VisitReference = (list: ListName, name: string, at: (string | number)[]) => string;

const TRIAGE = "triage";

/**
 * Every name in a register that refers to another entry, visited in order; answers the register with the names that
 * the visit gave back. So what is checked and what a rename follows are the same places.
 */
export function mapReferences(content: RegisterContent, visit: VisitReference): RegisterContent {
  return {
    ...content,
    pools: content.pools.map((pool, i) => mapPool(pool, visit, ["pools", i])),
    advisors: content.advisors.map((advisor, i) => ({
      ...advisor,
      pools: each(advisor.pools, "pools", visit, ["advisors", i, "pools"]),
    })),
    people: content.people.map((person, i) => ({
      ...person,
      roles: person.roles.map((role, j) => mapRole(role, visit, ["people", i, "roles", j])),
    })),
    forums: content.forums.map((forum, i) => mapForum(forum, visit, ["forums", i])),
    rules: content.rules.map((rule, i) => mapRule(rule, visit, ["rules", i])),
  };
}

function each(
  names: readonly string[],
  list: ListName,
  visit: VisitReference,
  at: (string | number)[],
): string[] {
  return names.map((name, i) => visit(list, name, [...at, i]));
}

function mapPool(pool: RegisterContent["pools"][number], visit: VisitReference, at: (string | number)[]) {
  const { closed } = pool;
  const successor =
    closed && closed.successor !== TRIAGE
      ? visit("pools", closed.successor, [...at, "closed", "successor"])
      : TRIAGE;
  return {
    ...pool,
    department: visit("departments", pool.department, [...at, "department"]),
    topics: each(pool.topics, "topics", visit, [...at, "topics"]),
    escalateTo: each(pool.escalateTo, "pools", visit, [...at, "escalateTo"]),
    rota: pool.rota.map((turn, i) => ({
      ...turn,
      advisors: each(turn.advisors, "advisors", visit, [...at, "rota", i, "advisors"]),
    })),
    ...(closed ? { closed: { ...closed, successor } } : {}),
  };
}

function mapRole(text: string, visit: VisitReference, at: (string | number)[]): string {
  const [role = "", of] = text.split(":");
  const list = Object.entries(rolesOf).find(([name]) => name === role)?.[1];
  return of === undefined || list === undefined ? text : `${role}:${visit(list, of, at)}`;
}

function mapForum(forum: RegisterContent["forums"][number], visit: VisitReference, at: (string | number)[]) {
  const { intervention } = forum;
  const exceptions = Object.entries(intervention?.perDepartment ?? {}).map(
    ([department, model]) =>
      [
        visit("departments", department, [...at, "intervention", "perDepartment", department]),
        model,
      ] as const,
  );
  return {
    ...forum,
    topics: each(forum.topics, "topics", visit, [...at, "topics"]),
    departments: each(forum.departments, "departments", visit, [...at, "departments"]),
    intervention: intervention?.perDepartment
      ? { ...intervention, perDepartment: Object.fromEntries(exceptions) }
      : intervention,
  };
}

function mapRule(rule: RegisterContent["rules"][number], visit: VisitReference, at: (string | number)[]) {
  const { when } = rule;
  return {
    ...rule,
    ...(when
      ? {
          when: {
            ...when,
            ...(when.forum ? { forum: each(when.forum, "forums", visit, [...at, "when", "forum"]) } : {}),
            ...(when.topic ? { topic: each(when.topic, "topics", visit, [...at, "when", "topic"]) } : {}),
          },
        }
      : {}),
    to: rule.to === TRIAGE ? TRIAGE : visit("pools", rule.to, [...at, "to"]),
  };
}

/** A message with the nearest names first, for a name that was probably misspelt. Null when nothing is near. */
export function nearest(name: string, known: Iterable<string>): string | null {
  let best: string | null = null;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) >= least) continue;
    const distance = editDistance(name, candidate);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** Single-character changes that lead from one text to the other (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const kept = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(kept, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
