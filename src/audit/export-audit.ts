import type { Deps } from "../deps.ts";
import { hexOf } from "./chain.ts";
import { sealEvents } from "./seal-events.ts";
import { countUnsealed, type ListedEvent } from "./store.ts";
import { type AuditReport, createVerifier, endNow, type KnownHead, readSealed } from "./verify-audit.ts";

/** An event as the audit shows it: everything its seal is made over, the seal, and the referral's public reference. */
export type AuditLine = {
  /** Its number in the whole audit: what `after` takes. */
  id: string;
  chain: string;
  position: number;
  reference: string | null;
  referralId: string | null;
  seq: number | null;
  type: string;
  at: string;
  by: { role: string; id: string | null; actedBy: string | null };
  from: string | null;
  to: string | null;
  pool: string | null;
  because: string | null;
  data: unknown;
  textId: string | null;
  hash: string;
};

export function toLine(event: ListedEvent): AuditLine {
  return {
    id: event.number,
    chain: event.chain,
    position: event.position,
    reference: event.reference,
    referralId: event.referralId,
    seq: event.seq,
    type: event.type,
    at: event.at.toISOString(),
    by: { role: event.actorRole, id: event.actorId, actedBy: event.actedBy },
    from: event.stateFrom,
    to: event.stateTo,
    pool: event.poolSlug,
    because: event.because,
    data: event.data,
    textId: event.textId,
    hash: hexOf(event.hash),
  };
}

/** The last line of an export: the ends of the chains, and what came of the check where one was asked for. */
export type AuditEnd = { heads: KnownHead[]; unsealed: number } & Partial<Pick<AuditReport, "ok" | "chains">>;

/**
 * The whole audit as values to be written as NDJSON: one for each sealed event, then one with the ends of the chains.
 * Seals first what is not. With `verify` the last value says for each chain up to which event it holds; `known` are ends of
 * an earlier export.
 */
export async function* exportAudit(
  deps: Pick<Deps, "db" | "transaction">,
  options: { verify?: boolean; known?: readonly KnownHead[] } = {},
): AsyncGenerator<AuditLine | AuditEnd> {
  await sealEvents(deps);
  const { heads, last } = await endNow(deps);
  const verifier = createVerifier(options.known);
  for await (const event of readSealed(deps, last)) {
    if (options.verify) verifier.add(event);
    yield toLine(event);
  }
  const unsealed = await countUnsealed(deps.db);
  if (!options.verify) yield { heads, unsealed };
  else {
    const { ok, chains } = verifier.finish(heads, unsealed);
    yield { heads, unsealed, ok, chains };
  }
}
