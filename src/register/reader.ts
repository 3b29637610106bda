import type { Tx } from "../db/index.ts";
import type { Register } from "./model.ts";
import { loadRegister } from "./store/load.ts";
import { readRevision } from "./store/state.ts";

type Reader = (tx: Tx) => Promise<Register>;

const atHand = new WeakMap<Reader, Register>();
const revisions = new WeakMap<Register, string | null>();

/** The register as this reader read it last, without asking the database; null before its first reading. */
export const registerAtHand = (reader: Reader): Register | null => atHand.get(reader) ?? null;

/** The revision that a register read by a reader is; null before the first change. */
export const revisionOf = (register: Register): string | null => revisions.get(register) ?? null;

/**
 * Reads the register in force, once for each revision: a call costs one read of one row, and the whole is loaded only
 * when something changed, here or on another instance. In a transaction the register then stays as it is until the end:
 * an apply waits, so nothing can be accepted under a rule that no longer holds.
 */
export function createRegisterReader(): Reader {
  let held: { revision: string | null; register: Register } | null = null;
  const reader: Reader = async (tx) => {
    const revision = await readRevision(tx);
    if (held && held.revision === revision) return held.register;
    held = await loadRegister(tx);
    atHand.set(reader, held.register);
    revisions.set(held.register, held.revision);
    return held.register;
  };
  return reader;
}
