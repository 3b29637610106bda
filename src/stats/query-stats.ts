import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import { states } from "../contract/vocabulary.ts";
import { isUnavailable } from "../db/index.ts";
import type { Deps } from "../deps.ts";
import { createContext } from "./context.ts";
import { foldAll } from "./fold-deltas.ts";
import {
  addDirectReplies,
  type Groups,
  gatherFromRollups,
  gatherFromRows,
  hasDirect,
  type Question,
} from "./gather.ts";
import { type Dimension, dimensions, type Stats, type StatsRow } from "./model.ts";
import { notesOn } from "./notes.ts";
import { readPeriod } from "./period.ts";
import { addIdlePools, dutyOf } from "./pool-rows.ts";
import { isForumsView, sightOf, statsScopes } from "./scope.ts";
import { countOlderOpen, readPoolDepartments } from "./store/cases.ts";
import { readOneMoment, readRebuilt } from "./store/rollups.ts";
import { isOpen } from "./story.ts";
import { createTally, toRow } from "./tally.ts";

export interface StatsQuery {
  /** A day or a time (ISO 8601); a day as `to` belongs to the period. */
  from?: string | undefined;
  to?: string | undefined;
  by?: readonly string[] | undefined;
  /** Leaves direct replies out, and with them the groups in which there is nothing else. */
  referralsOnly?: boolean;
}

/** Batches of changes that a question waits for; with more of them waiting it is answered from the rows. */
const batchesAtOnce = 2;

/**
 * The figures of `docs/metrics.md` for the referrals submitted in a period, as they stand when asked, by any of the
 * dimensions. Holds whatever was committed before the request. Refuses an end that is not after the beginning, an
 * unknown dimension, and whoever has no figures of their own. `gatherFigures` says where from; a test compares sources.
 */
export async function queryStats(
  deps: Deps,
  query: StatsQuery,
  actor: Actor,
  gatherFigures = gather,
): Promise<Stats> {
  const now = deps.now();
  const by = readDimensions(query.by ?? []);
  const period = readPeriod(query, now);
  const register = await deps.register(deps.db);
  const scopes = statsScopes(register, actor);
  const departments = await readPoolDepartments(deps.db);
  const context = createContext(register);
  const sight = sightOf(scopes, departments, context.formerSlugs);
  const departmentOf = (pool: string | null) => (pool === null ? null : (departments.get(pool) ?? null));
  const question = { by, period, now, scopes, sight, context, departmentOf };
  const found = await gatherFigures(deps, question);
  const withDirect = hasDirect(by) && !query.referralsOnly;
  if (withDirect) await addDirectReplies(deps.db, question, found);
  addIdlePools(register, question, found);
  const older = await countOlderOpen(deps.db, period.from, sight, states.filter(isOpen));
  const withMerged = isForumsView(scopes);
  if (by.length === 0 && found.groups.size === 0)
    found.groups.set("[]", { values: [], tally: createTally() });
  const rows = [...found.groups.values()]
    .sort((a, b) => compareValues(a.values, b.values))
    .map(
      ({ values, tally }): StatsRow => ({
        ...Object.fromEntries(by.map((dimension, i) => [dimension, values[i] ?? null])),
        ...toRow(tally, now, withMerged),
        ...(withDirect ? {} : { directReplies: null }),
      }),
    )
    .map((row) => ({ ...row, ...dutyOf(row, register, question) }));
  return {
    from: period.from.toISOString(),
    to: period.to.toISOString(),
    by,
    rows,
    notes: notesOn(found.counts, { older, now, withMerged }),
  };
}

/** From the rollups where they are, or can soon be, up to date; otherwise from the rows. */
async function gather(deps: Deps, question: Question): Promise<Groups> {
  if (!(await isUpToDate(deps))) return gatherFromRows(deps.db, question);
  const gathered = await deps.transaction(async (tx) => {
    await readOneMoment(tx);
    // Somebody may have begun to make them anew since.
    return (await readRebuilt(tx)) === null ? gatherFromRollups(tx, question) : null;
  });
  return gathered ?? gatherFromRows(deps.db, question);
}

async function isUpToDate(deps: Deps): Promise<boolean> {
  try {
    return await foldAll(deps, batchesAtOnce);
  } catch (error) {
    // Somebody else folds for longer than a question waits.
    if (isUnavailable(error)) return false;
    throw error;
  }
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
