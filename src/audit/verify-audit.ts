import type { Deps } from "../deps.ts";
import { emptyHash, hashEvent, hexOf, type SealedEvent } from "./chain.ts";
import { type ListedEvent, readEnd, selectSealed } from "./store.ts";

/** Why a chain does not hold from some place on. */
export type Break = "altered" | "missing" | "cut-short";

/** One chain: how many of its events hold, the last of them, and where it breaks. */
export interface ChainReport {
  /** A department's name in the register; empty for what has none. */
  chain: string;
  events: number;
  /** The last event that holds: its number in the audit and its time. */
  upTo: { id: string; at: string } | null;
  /** The seal of that event, to be kept elsewhere and compared later. */
  head: { position: number; hash: string } | null;
  ok: boolean;
  brokenAt?: { position: number; why: Break };
}

export interface AuditReport {
  ok: boolean;
  chains: ChainReport[];
  /** Committed and not sealed yet. */
  unsealed: number;
}

/** The end of a chain as an earlier report gave it. */
export interface KnownHead {
  chain: string;
  position: number;
  hash: string;
}

const page = 2_000;

/** Follows every chain at once, event by event in the order of the audit. */
export function createVerifier(known: readonly KnownHead[] = []) {
  const chains = new Map<string, ChainReport & { last: Uint8Array }>();
  const expected = new Map(known.map((head) => [`${head.chain}\n${head.position}`, head.hash]));

  const chainOf = (chain: string) => {
    const found = chains.get(chain) ?? {
      chain,
      events: 0,
      upTo: null,
      head: null,
      ok: true,
      last: emptyHash,
    };
    chains.set(chain, found);
    return found;
  };
  const breakAt = (chain: string, position: number, why: Break) => {
    const state = chainOf(chain);
    if (state.ok) Object.assign(state, { ok: false, brokenAt: { position, why } });
  };

  return {
    add(event: SealedEvent): void {
      const state = chainOf(event.chain);
      if (!state.ok) return;
      const position = state.events + 1;
      if (event.position !== position) {
        breakAt(event.chain, position, "missing");
        return;
      }
      const hash = hexOf(hashEvent(state.last, event));
      const before = expected.get(`${event.chain}\n${position}`) ?? hash;
      if (hash !== hexOf(event.hash) || hash !== before) {
        breakAt(event.chain, position, "altered");
        return;
      }
      state.events = position;
      state.last = event.hash;
      state.upTo = { id: event.number, at: event.at.toISOString() };
      state.head = { position, hash };
    },
    /** `heads` are the ends of the chains as the database keeps them. */
    finish(heads: readonly KnownHead[], unsealed: number): AuditReport {
      for (const head of [...heads, ...known]) {
        if (chainOf(head.chain).events < head.position)
          breakAt(head.chain, chainOf(head.chain).events + 1, "cut-short");
      }
      const kept = new Map(heads.map((head) => [head.chain, head]));
      for (const state of chains.values()) {
        const head = kept.get(state.chain);
        if (state.events > 0 && hexOf(state.last) !== head?.hash)
          breakAt(state.chain, state.events, "altered");
      }
      const reports = [...chains.values()].map(({ last: _last, ...report }) => report);
      reports.sort((a, b) => (a.chain < b.chain ? -1 : 1));
      return { ok: reports.every((report) => report.ok), chains: reports, unsealed };
    },
  };
}

/** The ends of the chains, hashes in hexadecimal, and the last number at this moment. */
export async function endNow(deps: Pick<Deps, "db">): Promise<{ heads: KnownHead[]; last: string }> {
  const { heads, last } = await readEnd(deps.db);
  return { heads: heads.map((head) => ({ ...head, hash: hexOf(head.hash) })), last };
}

/** Every sealed event up to a number, in the order of the audit, page by page. */
export async function* readSealed(deps: Pick<Deps, "db">, upTo: string): AsyncGenerator<ListedEvent> {
  let after = "0";
  for (;;) {
    const events = await selectSealed(deps.db, { after, upTo, limit: page });
    yield* events;
    const last = events.at(-1);
    if (!last || events.length < page) return;
    after = last.number;
  }
}
