import type { Tx } from "../db/index.ts";
import type { Deps } from "../deps.ts";
import { createContext } from "./context.ts";
import { readCase } from "./read-case.ts";
import { type CellKey, foldInto, keysTouched, nameOfCell, type StoredCase } from "./rollup.ts";
import { readCasesById } from "./store/cases.ts";
import {
  lockFold,
  readCells,
  readRebuilt,
  readStored,
  saveRebuilt,
  selectIdsAfter,
  startOver,
  takeDeltas,
  writeCells,
  writeStored,
} from "./store/rollups.ts";
import { isEmpty } from "./tally.ts";

const batchSize = 1_000;

/**
 * Brings the rollups up to date with the referrals that changed: each is taken out as it was and added as it is, in one
 * transaction with the notes of its changes. One instance at a time; another finds it busy and leaves it. Gives how many
 * referrals were folded, in at most `batches` transactions of `limit` notes; call it again and again.
 */
export async function foldDeltas(deps: Deps, limit = batchSize, batches = 20): Promise<number> {
  let sum = 0;
  for (let done = 0; done < batches; done += 1) {
    const { folded, all } = await deps.transaction((tx) => foldOnce(deps, tx, limit, false));
    sum += folded;
    if (all || folded === 0) break;
  }
  return sum;
}

/** Folds until nothing is left, at most so many batches. True when the rollups hold whatever was committed before. */
export async function foldAll(deps: Deps, batches = Number.POSITIVE_INFINITY): Promise<boolean> {
  for (let done = 0; done < batches; done += 1) {
    const { all } = await deps.transaction((tx) => foldOnce(deps, tx, batchSize, true));
    if (all) return true;
  }
  return false;
}

/**
 * Makes the rollups anew from the referrals and their events, with the service hours and targets in force now: 1,000
 * referrals in a transaction, so that their number does not matter. Changes meanwhile are folded as always, questions are
 * answered from the rows, and what was interrupted goes on with the next fold. `tell` hears how many are done; their number is
 * the answer.
 */
export async function rebuildStats(deps: Deps, tell: (done: number) => void = () => {}): Promise<number> {
  await deps.transaction(async (tx) => {
    await lockFold(tx, true);
    await startOver(tx);
  });
  let done = 0;
  for (;;) {
    const folded = await deps.transaction(async (tx) => {
      await lockFold(tx, true);
      return goOnRebuilding(deps, tx);
    });
    if (folded === 0) break;
    done += folded;
    tell(done);
  }
  await foldAll(deps);
  return done;
}

/** The next referrals of a rebuild that is under way; 0 when none is, or it is done. */
async function goOnRebuilding(deps: Deps, tx: Tx): Promise<number> {
  const after = await readRebuilt(tx);
  if (after === null) return 0;
  const ids = await selectIdsAfter(tx, after, batchSize);
  await foldIds(deps, tx, ids);
  await saveRebuilt(tx, ids.at(-1) ?? null);
  return ids.length;
}

async function foldOnce(
  deps: Deps,
  tx: Tx,
  limit: number,
  waits: boolean,
): Promise<{ folded: number; all: boolean }> {
  if (!(await lockFold(tx, waits))) return { folded: 0, all: false };
  const { ids, all } = await takeDeltas(tx, limit);
  await foldIds(deps, tx, ids);
  if (!all) return { folded: ids.length, all };
  const rebuilt = await goOnRebuilding(deps, tx);
  return { folded: ids.length + rebuilt, all: rebuilt === 0 };
}

/** Takes these referrals out as they were, where they were in, and adds them as they are. */
async function foldIds(deps: Deps, tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const context = createContext(await deps.register(tx));
  const before = await readStored(tx, ids);
  const after = (await readCasesById(tx, ids)).map((one): StoredCase => {
    const { parts, ticking } = readCase(one, context);
    const { forum, topic, language, state, disposition: outcome } = one;
    const key = { forum, topic, language, state, outcome };
    return { referralId: one.id, key, submittedAt: one.submittedAt, parts, ticking };
  });
  const keys = keysTouched([...before, ...after]);
  const cells = new Map((await readCells(tx, keys)).map((cell) => [nameOfCell(cell), cell]));
  for (const one of before) foldInto(cells, one, -1);
  for (const one of after) foldInto(cells, one, 1);
  const empty: CellKey[] = [...cells.values()].filter(({ figures }) => isEmpty(figures));
  await writeCells(
    tx,
    [...cells.values()].filter(({ figures }) => !isEmpty(figures)),
    empty.map(({ breakdown, grain, day, pool, value }) => ({ breakdown, grain, day, pool, value })),
  );
  await writeStored(tx, after);
}
