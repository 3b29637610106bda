import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import { finishedStates } from "../contract/vocabulary.ts";
import type { Deps } from "../deps.ts";
import { createContext } from "./context.ts";
import { type Case, type Dimension, dimensions, type Part, type Stats, type StatsRow } from "./model.ts";
import { notesOn } from "./notes.ts";
import { monthOf, readPeriod } from "./period.ts";
import { partsOf } from "./read-case.ts";
import { isForumsView, type Scope, statsScopes } from "./scope.ts";
import { countOlderOpen, readCases, readPoolDepartments, type Sight } from "./store.ts";
import { addPart, createTally, type Tally, toRow } from "./tally.ts";

export interface StatsQuery {
  /** A day or a time (ISO 8601); a day as `to` belongs to the period. */
  from?: string | undefined;
  to?: string | undefined;
  by?: readonly string[] | undefined;
}

const pageSize = 2_000;
const firstId = "00000000-0000-0000-0000-000000000000";

/**
 * The figures of `docs/metrics.md` for the referrals submitted in a period, as they stand when asked, by any of the
 * dimensions. Holds whatever was committed before the request. Refuses an end that is not after the beginning, an
 * unknown dimension, and whoever has no figures of their own.
 */
export async function queryStats(deps: Deps, query: StatsQuery, actor: Actor): Promise<Stats> {
  const now = deps.now();
  const by = readDimensions(query.by ?? []);
  const period = readPeriod(query, now);
  const register = await deps.register(deps.db);
  const scopes = statsScopes(register, actor);
  const departments = await readPoolDepartments(deps.db);
  const context = createContext(register, now);
  const sight = sightOf(scopes, departments, context.formerSlugs);
  const departmentOf = (pool: string | null) => (pool === null ? null : (departments.get(pool) ?? null));
  const groups = new Map<string, { values: (string | null)[]; tally: Tally }>();
  const total = createTally();

  for (let after = firstId; ; ) {
    const cases = await readCases(deps.db, period, sight, after, pageSize);
    for (const one of cases) {
      const month = monthOf(one.submittedAt);
      for (const part of partsOf(one, context)) {
        const department = departmentOf(part.pool);
        if (!isSeen(scopes, one.forum, part.pool, department)) continue;
        const values = by.map((dimension) => readValue(dimension, one, part, department, month));
        const key = JSON.stringify(values);
        const group = groups.get(key) ?? { values, tally: createTally() };
        groups.set(key, group);
        addPart(group.tally, part, one.submittedAt);
        if (by.length > 0) addPart(total, part, one.submittedAt);
      }
    }
    after = cases.at(-1)?.id ?? after;
    if (cases.length < pageSize) break;
  }

  const sum = by.length > 0 ? total : (groups.get("[]")?.tally ?? total);
  if (by.length === 0) groups.set("[]", { values: [], tally: sum });
  const older = await countOlderOpen(deps.db, period.from, sight, finishedStates);
  const withMerged = isForumsView(scopes);
  const rows = [...groups.values()]
    .sort((a, b) => compareValues(a.values, b.values))
    .map(
      ({ values, tally }): StatsRow => ({
        ...Object.fromEntries(by.map((dimension, i) => [dimension, values[i] ?? null])),
        ...toRow(tally, now, withMerged),
      }),
    );
  return {
    from: period.from.toISOString(),
    to: period.to.toISOString(),
    by,
    rows,
    notes: notesOn(sum, { older, now, withMerged }),
  };
}

function readDimensions(by: readonly string[]): Dimension[] {
  const known: readonly string[] = dimensions;
  const unknown = by.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new DomainError("request/invalid", {
      errors: [
        {
          pointer: "/query/by",
          detail: "This is nothing that figures are broken down by.",
          hint: `One or more of: ${dimensions.join(", ")}.`,
        },
      ],
    });
  }
  return [...new Set(by)] as Dimension[];
}

function readValue(
  dimension: Dimension,
  one: Case,
  part: Part,
  department: string | null,
  month: string,
): string | null {
  if (dimension === "pool") return part.pool;
  if (dimension === "department") return department;
  if (dimension === "month") return month;
  return dimension === "outcome" ? one.disposition : one[dimension];
}

/** Slugs whose rows have to be read for these scopes. */
function sightOf(
  scopes: Scope[] | null,
  departments: ReadonlyMap<string, string>,
  formerSlugs: (pool: string) => readonly string[],
): Sight {
  if (scopes === null) return null;
  const pools = scopes.flatMap((scope) => {
    if ("pools" in scope) return scope.pools;
    if (!("department" in scope)) return [];
    return [...departments].flatMap(([pool, of]) => (of === scope.department ? [pool] : []));
  });
  return {
    forums: scopes.flatMap((scope) => ("forum" in scope ? [scope.forum] : [])),
    pools: pools.flatMap((pool) => [pool, ...formerSlugs(pool)]),
  };
}

function isSeen(
  scopes: Scope[] | null,
  forum: string,
  pool: string | null,
  department: string | null,
): boolean {
  if (scopes === null) return true;
  return scopes.some((scope) => {
    if ("forum" in scope) return scope.forum === forum;
    if ("department" in scope) return scope.department === department;
    return pool !== null && scope.pools.includes(pool);
  });
}

/** In order of each value, those without one last. */
function compareValues(a: readonly (string | null)[], b: readonly (string | null)[]): number {
  for (const [i, left] of a.entries()) {
    const right = b[i] ?? null;
    if (left === right) continue;
    if (left === null) return 1;
    return right === null || left < right ? -1 : 1;
  }
  return 0;
}
