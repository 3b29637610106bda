import { Prisma, type Tx } from "../db/index.ts";
import type { Proposal, ProposalState, PublishedDecision } from "./proposal.ts";

const select = {
  id: true,
  reference: true,
  kind: true,
  forumSlug: true,
  addressKey: true,
  state: true,
  suggestion: true,
  email: true,
  language: true,
  decision: true,
  decidedBy: true,
  createdAt: true,
  decidedAt: true,
} as const;
type Row = Prisma.ProposalGetPayload<{ select: typeof select }>;

/** A row as the room sees it; the columns were written from values of these types. */
const toProposal = ({ forumSlug, email, ...row }: Row): Proposal => ({
  ...row,
  forum: forumSlug,
  hasEmail: email !== null,
  kind: row.kind as Proposal["kind"],
  state: row.state as ProposalState,
  language: row.language as Proposal["language"],
  suggestion: row.suggestion as unknown as Proposal["suggestion"],
  decision: row.decision as unknown as PublishedDecision | null,
});

export async function insertProposal(
  tx: Tx,
  proposal: {
    reference: string;
    kind: Proposal["kind"];
    forum: string | null;
    addressKey: string | null;
    suggestion: object;
    email: Uint8Array<ArrayBuffer> | null;
    language: string;
    now: Date;
  },
): Promise<void> {
  const { forum, suggestion, now, ...rest } = proposal;
  await tx.proposal.create({
    data: { ...rest, forumSlug: forum, suggestion: { ...suggestion }, createdAt: now },
  });
}

export async function findProposal(tx: Tx, reference: string): Promise<Proposal | null> {
  const row = await tx.proposal.findUnique({ where: { reference }, select });
  return row && toProposal(row);
}

/** The latest proposal for an address that was not thrown away: waiting, or decided. */
export async function findByAddress(tx: Tx, addressKey: string): Promise<Proposal | null> {
  const row = await tx.proposal.findFirst({
    where: { addressKey, state: { not: "discarded" } },
    orderBy: { id: "desc" },
    select,
  });
  return row && toProposal(row);
}

/** Whoever decided last, before this proposal, about the same address or entry; null where nobody did. */
export async function findEarlierDecider(
  tx: Tx,
  { id, addressKey, forum }: Pick<Proposal, "id" | "addressKey" | "forum">,
): Promise<string | null> {
  const same = [...(addressKey ? [{ addressKey }] : []), ...(forum ? [{ forumSlug: forum }] : [])];
  if (same.length === 0) return null;
  const row = await tx.proposal.findFirst({
    where: { OR: same, id: { not: id }, state: { notIn: ["waiting", "discarded"] } },
    orderBy: { decidedAt: "desc" },
    select: { decidedBy: true },
  });
  return row?.decidedBy ?? null;
}

/** Proposals in some states, the newest first, from below a cursor on. */
export async function listProposals(
  tx: Tx,
  query: { states: readonly ProposalState[]; forum?: string; cursor?: string; limit: number },
): Promise<Proposal[]> {
  const rows = await tx.proposal.findMany({
    where: {
      state: { in: [...query.states] },
      ...(query.forum === undefined ? {} : { forumSlug: query.forum }),
      ...(query.cursor === undefined ? {} : { id: { lt: query.cursor } }),
    },
    orderBy: { id: "desc" },
    take: query.limit,
    select,
  });
  return rows.map(toProposal);
}

/** Whether as many are waiting as may; counts no further than that. */
export async function isQueueFull(tx: Tx, most: number): Promise<boolean> {
  const rows = await tx.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM (SELECT 1 FROM proposal WHERE state = 'waiting' LIMIT ${most}) AS waiting`;
  return (rows[0]?.count ?? 0) >= most;
}

/** Decides a proposal once. False when it was decided before. */
export async function saveDecision(
  tx: Tx,
  id: string,
  decided: {
    decision: PublishedDecision;
    by: string;
    forum: string | null;
    suggestion: object | null;
    keepsEmail: boolean;
    now: Date;
  },
): Promise<boolean> {
  const { decision, by, forum, suggestion, keepsEmail, now } = decided;
  const { count } = await tx.proposal.updateMany({
    where: { id, state: "waiting" },
    data: {
      state: decision.outcome,
      decision: { ...decision },
      decidedBy: by,
      decidedAt: now,
      forumSlug: forum,
      suggestion: suggestion ? { ...suggestion } : Prisma.DbNull,
      ...(keepsEmail ? {} : { email: null }),
      ...(decision.outcome === "discarded" ? { addressKey: null } : {}),
    },
  });
  return count > 0;
}

/** Where the decision is to be sent, sealed, with what there is to say; null once it was sent. */
export async function findToTell(
  tx: Tx,
  id: string,
): Promise<{ email: Uint8Array; reference: string; state: string; language: string } | null> {
  const row = await tx.proposal.findUnique({
    where: { id },
    select: { email: true, reference: true, state: true, language: true },
  });
  return row?.email ? { ...row, email: row.email } : null;
}

export async function forgetEmail(tx: Tx, id: string): Promise<void> {
  await tx.proposal.updateMany({ where: { id }, data: { email: null } });
}

/** Forgets the addresses of proposals that nobody has decided since this moment. */
export async function forgetEmailsBefore(tx: Tx, moment: Date): Promise<number> {
  const { count } = await tx.proposal.updateMany({
    where: { createdAt: { lt: moment }, email: { not: null } },
    data: { email: null },
  });
  return count;
}
