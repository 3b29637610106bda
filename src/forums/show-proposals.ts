import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import type { Deps } from "../deps.ts";
import { directoryOf } from "./directory.ts";
import { mayDecide } from "./may-decide.ts";
import { type Proposal, type ProposalOutcome, type ProposalState, proposalOutcomes } from "./proposal.ts";
import { findProposal, listProposals } from "./store-proposals.ts";

type Reading = Pick<Deps, "db" | "register">;

/** Proposals for those who decide, the newest first; `nextCursor` is null on the last page. */
export async function readQueue(
  deps: Reading,
  query: { state?: ProposalState | undefined; cursor?: string | undefined; limit?: number | undefined },
  actor: Actor,
): Promise<{ items: Proposal[]; nextCursor: string | null }> {
  mayDecide(await deps.register(deps.db), actor);
  const limit = query.limit ?? 50;
  const items = await listProposals(deps.db, {
    states: [query.state ?? "waiting"],
    limit,
    ...(query.cursor === undefined ? {} : { cursor: query.cursor }),
  });
  return { items, nextCursor: items.length === limit ? (items.at(-1)?.id ?? null) : null };
}

/** One proposal for those who decide. */
export async function readProposal(deps: Reading, reference: string, actor: Actor): Promise<Proposal> {
  mayDecide(await deps.register(deps.db), actor);
  const proposal = await findProposal(deps.db, reference);
  if (!proposal) throw new DomainError("proposal/not-found");
  return proposal;
}

/** A proposal as anybody sees it: before the decision nothing but that it waits. */
export interface PublicProposal {
  reference: string;
  kind: Proposal["kind"];
  createdAt: Date;
  /** The forum's slug where it is listed. */
  forum: string | null;
  name: string | null;
  address: string | null;
  decision: { outcome: ProposalOutcome; criteria: string[]; because: string | null; at: Date } | null;
}

function toPublic(proposal: Proposal, listed: ReadonlyMap<string, { name: string }>): PublicProposal {
  const { reference, kind, createdAt, suggestion, decision, decidedAt } = proposal;
  const forum = proposal.forum !== null && listed.has(proposal.forum) ? proposal.forum : null;
  const isDecided = decision !== null && decidedAt !== null;
  // A forum that took itself out of the directory is not named by the decision to list it either.
  const isNamed =
    isDecided && suggestion && "name" in suggestion && (proposal.forum === null || forum !== null);
  return {
    reference,
    kind,
    createdAt,
    forum: isDecided || kind === "correction" ? forum : null,
    name: isNamed ? suggestion.name : (listed.get(forum ?? "")?.name ?? null),
    address: isNamed ? suggestion.address : null,
    decision: isDecided ? { ...decision, at: decidedAt } : null,
  };
}

/** What anybody may see of a proposal; null where there is none, or where it was thrown away. */
export async function showProposal(deps: Reading, reference: string): Promise<PublicProposal | null> {
  const proposal = await findProposal(deps.db, reference);
  if (!proposal || proposal.state === "discarded") return null;
  return toPublic(proposal, directoryOf(await deps.register(deps.db)).bySlug);
}

/** The published decisions, the newest proposals first: of one forum, or of all. */
export async function listDecisions(
  deps: Reading,
  query: { forum?: string; limit: number },
): Promise<PublicProposal[]> {
  const states = proposalOutcomes.filter((outcome) => outcome !== "discarded");
  const { bySlug } = directoryOf(await deps.register(deps.db));
  return (await listProposals(deps.db, { ...query, states })).map((proposal) => toPublic(proposal, bySlug));
}
