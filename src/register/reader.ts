import type { Tx } from "../db/index.ts";
import type { Register } from "./model.ts";
import { loadRegister } from "./store/load.ts";
import { readRevision } from "./store/state.ts";

type Reader = (tx: Tx) => Promise<Register>;
type Loaded = Awaited<ReturnType<typeof loadRegister>>;

const atHand = new WeakMap<Reader, Register>();
const revisions = new WeakMap<Register, string | null>();

/** The register as this reader read it last, without asking the database; null before its first reading. */
export const registerAtHand = (reader: Reader): Register | null => atHand.get(reader) ?? null;

/** The revision that a register read by a reader is; null before the first change. */
export const revisionOf = (register: Register): string | null => revisions.get(register) ?? null;

/**
 * Reads the register in force, once for each revision: a call costs one read of one row, and the whole is loaded only
 * when something changed, here or on another instance, and then once for all who ask meanwhile. In a transaction the
 * register then stays as it is until the end: an apply waits, so nothing can be accepted under a rule that no longer
 * holds.
 */
export function createRegisterReader(load: (tx: Tx) => Promise<Loaded> = loadRegister): Reader {
  let held: Loaded | null = null;
  let underWay: { revision: string | null; loaded: Promise<Loaded> } | null = null;

  async function loadFor(tx: Tx, revision: string | null): Promise<Loaded> {
    while (underWay?.revision === revision) {
      const shared = await underWay.loaded.catch(() => null);
      // Whoever loads may be undone, or find a newer one; a transaction needs the one that it holds.
      if (shared?.revision === revision) return shared;
    }
    const loaded = load(tx).finally(() => {
      if (underWay?.loaded === loaded) underWay = null;
    });
    underWay = { revision, loaded };
    return loaded;
  }

  const reader: Reader = async (tx) => {
    const revision = await readRevision(tx);
    if (held && held.revision === revision) return held.register;
    const loaded = await loadFor(tx, revision);
    held = loaded;
    atHand.set(reader, loaded.register);
    revisions.set(loaded.register, loaded.revision);
    return loaded.register;
  };
  return reader;
}
