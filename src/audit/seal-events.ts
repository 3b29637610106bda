import type { Deps } from "../deps.ts";
import { emptyHash, hashEvent } from "./chain.ts";
import {
  lastNumber,
  readHeads,
  saveSeals,
  selectUnsealed,
  tryLockSeal,
  type UnsealedEvent,
} from "./store.ts";

const batch = 1_000;

/**
 * Seals what was committed since the last time: gives each event its number in the audit, its place in the chain of its
 * department, and a hash over the one before it. Outside the transactions that write events, because a chain inside
 * them would have each wait for the one before. One instance seals at a time; the others do nothing. Seals at most
 * `limit` events, in batches of 1,000, and answers how many.
 */
export async function sealEvents(deps: Pick<Deps, "transaction">, limit = 100_000): Promise<number> {
  let sealed = 0;
  while (sealed < limit) {
    const size = Math.min(batch, limit - sealed);
    const done = await deps.transaction(async (tx) => {
      if (!(await tryLockSeal(tx))) return 0;
      return sealBatch(tx, size);
    });
    sealed += done;
    if (done < size) break;
  }
  return sealed;
}

async function sealBatch(tx: Parameters<typeof tryLockSeal>[0], size: number): Promise<number> {
  const events = await selectUnsealed(tx, size);
  if (events.length === 0) return 0;
  const heads = new Map((await readHeads(tx)).map((head) => [head.chain, head]));
  let number = await lastNumber(tx);
  const seals = events.map((event) => {
    number += 1n;
    const head = heads.get(event.chain);
    const place = { number: number.toString(), position: (head?.position ?? 0) + 1 };
    const hash = hashEvent(head?.hash ?? emptyHash, { ...withoutRow(event), ...place });
    heads.set(event.chain, { chain: event.chain, position: place.position, hash });
    return { rowId: event.rowId, ...place, hash };
  });
  const touched = new Set(events.map((event) => event.chain));
  await saveSeals(
    tx,
    seals,
    [...heads.values()].filter((head) => touched.has(head.chain)),
  );
  return events.length;
}

function withoutRow({ rowId: _rowId, ...event }: UnsealedEvent): Omit<UnsealedEvent, "rowId"> {
  return event;
}
