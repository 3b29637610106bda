import type { Deps } from "../deps.ts";
import { elapsedMs } from "../pools/index.ts";
import { eraseById } from "./erase-referral.ts";
import type { ErasureReason } from "./erasing.ts";
import {
  deleteExpiredTexts,
  deleteSpentMemories,
  emptyDirectReplies,
  findErasable,
  listWaitingForOff,
  readErasures,
} from "./store/erasure.ts";

/** What went. */
export interface Purged {
  referrals: number;
  texts: number;
  directReplies: number;
  memories: number;
}

const dayMs = 24 * 3_600_000;
/** Content of a forum that left goes this long after. */
const afterLeavingMs = 7 * dayMs;
/** A message that nobody could blank is given up after this; until then an administrator may send the word again. */
const givenUpMs = 30 * dayMs;
const batch = 200;

/**
 * Removes what nobody may keep any longer: content whose time is over, that of forums which left seven days ago, of
 * merged referrals whose other one went, of erasures that a restored backup does not know yet; typed texts kept for their
 * author for seven days; and what adapters remember of all that. May run at any time, on several instances.
 */
export async function purgeDue(deps: Deps): Promise<Purged> {
  const now = deps.now();
  const { settings } = await deps.register(deps.db);
  const before = (ms: number) => new Date(now.getTime() - ms);
  const keptSince = before(elapsedMs(settings.keepContent));
  const due = { now, leftBefore: before(afterLeavingMs), finishedBefore: keptSince, limit: batch };
  const failed = new Set<string>();
  let referrals = 0;
  for (;;) {
    const found = (await findErasable(deps.db, due)).filter(({ id }) => !failed.has(id));
    if (found.length === 0) break;
    for (const { id, because } of found) {
      const erased = await purgeOne(deps, id, because as ErasureReason);
      if (erased === null) failed.add(id);
      else if (erased) referrals += 1;
    }
  }
  if (referrals > 0) deps.nudge();
  const on = [...deps.adapters.known].filter((name) => deps.adapters.carries(name) !== undefined);
  await listWaitingForOff(deps.db, on);
  return {
    referrals,
    texts: await deleteExpiredTexts(deps.db, now),
    directReplies: await emptyDirectReplies(deps.db, keptSince),
    memories: await deleteSpentMemories(deps.db, now, before(givenUpMs)),
  };
}

/** Null where it could not be done now: it is logged and left for the next time. */
async function purgeOne(deps: Deps, id: string, because: ErasureReason): Promise<boolean | null> {
  try {
    return (await eraseById(deps, id, because, { kind: "timer" }))?.erased ?? null;
  } catch (error) {
    deps.logger.error("A referral could not be erased.", { event: because }, error);
    return null;
  }
}

/** What was erased and where it could not be blanked, oldest first, without content: what `restore` needs beside a backup. */
export async function listErasures(
  deps: Pick<Deps, "db">,
): Promise<{ referralId: string; because: string; at: string; unredacted: string[] }[]> {
  return (await readErasures(deps.db)).map((erasure) => ({ ...erasure, at: erasure.at.toISOString() }));
}
