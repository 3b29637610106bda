import { randomBytes } from "node:crypto";
import { DomainError, invalidAt } from "../contract/errors.ts";
import type { Deps } from "../deps.ts";
import { lettersOf } from "../register/letters.ts";
import { directoryOf, findDuplicates } from "./directory.ts";
import { normaliseAddress } from "./normalise-address.ts";
import type { Correction, NewForum, Proposal, Proposer } from "./proposal.ts";
import type { PublicEntry } from "./public-entry.ts";
import { findByAddress, insertProposal, isQueueFull, listProposals } from "./store-proposals.ts";

/** More than this many undecided are no queue that somebody reads. */
const mostWaiting = 5_000;

function createReference(): string {
  const body = lettersOf(randomBytes(8));
  return `PR-${body.slice(0, 4)}-${body.slice(4)}`;
}

/** What is known about an address before it is proposed. */
export interface Known {
  /** The entry that has this very address. */
  entry: PublicEntry | null;
  /** Entries on the same host. */
  near: readonly PublicEntry[];
  /** The latest proposal of this address. */
  proposal: Proposal | null;
}

/** Whether an address is listed, or proposed, already; null where it is no web address. */
export async function lookUpAddress(
  deps: Pick<Deps, "db" | "register">,
  typed: string,
): Promise<Known | null> {
  const address = normaliseAddress(typed);
  if (!address) return null;
  const { same, near } = findDuplicates(directoryOf(await deps.register(deps.db)), typed);
  return { entry: same, near, proposal: await findByAddress(deps.db, address.key) };
}

/**
 * Puts a forum into the queue of those who decide about listing; answers its reference. The same address twice while the
 * first waits is one proposal, and gives its reference again. Refuses what is no web address (`request/invalid`), an
 * address that is listed (`request/invalid`), and anything while the queue is full (`request/rate-limited`).
 */
export async function proposeForum(
  deps: Pick<Deps, "db" | "register" | "transaction" | "keyring" | "now">,
  forum: NewForum,
  proposer: Proposer,
): Promise<{ reference: string }> {
  const known = await lookUpAddress(deps, forum.address);
  if (!known) throw invalidAt("/address", "This is not the address of a forum.");
  if (known.entry) throw invalidAt("/address", "This forum is in the directory already.");
  if (known.proposal?.state === "waiting") return { reference: known.proposal.reference };
  const addressKey = normaliseAddress(forum.address)?.key ?? null;
  return enqueue(deps, { kind: "forum", forum: null, addressKey, suggestion: forum }, proposer);
}

/** Puts a correction of a listed entry into the same queue; the same words twice are one. */
export async function proposeCorrection(
  deps: Pick<Deps, "db" | "register" | "transaction" | "keyring" | "now">,
  slug: string,
  correction: Correction,
  proposer: Proposer,
): Promise<{ reference: string }> {
  const entry = directoryOf(await deps.register(deps.db)).bySlug.get(slug);
  if (!entry) throw new DomainError("forum/not-found");
  const waiting = await listProposals(deps.db, { states: ["waiting"], forum: slug, limit: 100 });
  const same = waiting.find(
    ({ suggestion }) => suggestion && "says" in suggestion && suggestion.says === correction.says,
  );
  if (same) return { reference: same.reference };
  return enqueue(
    deps,
    { kind: "correction", forum: slug, addressKey: null, suggestion: correction },
    proposer,
  );
}

async function enqueue(
  deps: Pick<Deps, "transaction" | "keyring" | "now">,
  proposal: Pick<Proposal, "kind" | "forum" | "addressKey"> & { suggestion: NewForum | Correction },
  { language, email }: Proposer,
): Promise<{ reference: string }> {
  const reference = createReference();
  await deps.transaction(async (tx) => {
    if (await isQueueFull(tx, mostWaiting)) throw new DomainError("request/rate-limited");
    await insertProposal(tx, {
      ...proposal,
      reference,
      language,
      email: email === undefined ? null : deps.keyring.sealSecret(email),
      now: deps.now(),
    });
  });
  return { reference };
}
