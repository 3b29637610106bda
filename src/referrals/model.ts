import type { MaskedCode, State } from "../contract/vocabulary.ts";

/** What identifies a person or a post; sealed in the database, gone when the referral is erased. */
export interface ReferralContent {
  title: string | null;
  excerpt: string;
  url: string;
  note: string | null;
  member: string | null;
  moderator: string;
  area: string | null;
}

/** One word on whether it helped, as somebody said it. */
export interface Feedback {
  result: string;
  saidBy: string;
  at: string;
  /** After the window for reopening: recorded, changes nothing. */
  late?: boolean;
}

/** Why a referral is where it is: the rule, its register's version, a readable sentence, and the inputs as codes. */
export interface RoutingRecord {
  rule: number;
  version: number;
  because: string;
  guessed: boolean;
  inputs: Record<string, unknown>;
}

/** A referral as the database holds it; `sealed` is its content and the key that opens it, null once erased. */
export interface Referral {
  id: string;
  reference: string;
  forumSlug: string;
  poolSlug: string | null;
  state: State;
  version: number;
  sealed: { content: Uint8Array; key: { wrapped: Uint8Array; keyId: string } } | null;
  externalId: string | null;
  consentBasis: string;
  topic: string | null;
  topicGuessed: boolean;
  language: string;
  urgency: string;
  nation: string | null;
  audience: string[];
  masked: MaskedCode[];
  routing: RoutingRecord;
  triedPools: string[];
  ownerId: string | null;
  lastOwnerId: string | null;
  escalation: number;
  everDiverted: boolean;
  mergedIntoId: string | null;
  stateBeforeMerge: State | null;
  clock: string | null;
  dueAt: Date | null;
  claimDueAt: Date | null;
  replyDueAt: Date | null;
  resolveDueAt: Date | null;
  submittedAt: Date;
  consentedAt: Date | null;
  firstOfferedAt: Date | null;
  firstClaimedAt: Date | null;
  claimedAt: Date | null;
  firstRepliedAt: Date | null;
  acknowledgedAt: Date | null;
  stateSince: Date;
  finishedAt: Date | null;
  resolvedAt: Date | null;
  postDeletedAt: Date | null;
  erasedAt: Date | null;
  proposedDisposition: string | null;
  disposition: string | null;
  result: string | null;
  saidBy: string | null;
  insight: string | null;
  feedback: Feedback[];
}

/** Columns that a step may set beside state, version and times. */
export type ReferralChange = Partial<
  Omit<Referral, "id" | "reference" | "forumSlug" | "state" | "version" | "sealed" | "submittedAt">
> & { content?: Uint8Array<ArrayBuffer> | null };

export interface Reply {
  id: string;
  authorId: string;
  poolSlug: string;
  state: string;
  body: Uint8Array | null;
  language: string;
  disposition: string | null;
  sha256: Uint8Array;
  verifyCode: string;
  clearerId: string | null;
  approvedAt: Date | null;
  corrects: string | null;
  createdAt: Date;
  deliveredAt: Date | null;
  visibleAt: Date | null;
  correctedAt: Date | null;
  withdrawnAt: Date | null;
  removedAt: Date | null;
  url: Uint8Array | null;
}

export interface EventRecord {
  seq: number;
  type: string;
  at: Date;
  actorRole: string;
  actorId: string | null;
  actedBy: string | null;
  stateFrom: string | null;
  stateTo: string | null;
  poolSlug: string | null;
  because: string | null;
  data: Record<string, unknown>;
  textId: string | null;
}

export interface TextRecord {
  id: string;
  kind: string;
  authorRole: string;
  authorId: string | null;
  body: Uint8Array | null;
  createdAt: Date;
  /** Until when a text is kept whose step was refused; null for all others, which go with the referral. */
  expiresAt: Date | null;
}

/** Whether a reply stands on the forum. */
export const isDelivered = (reply: Pick<Reply, "state">): boolean =>
  reply.state === "delivered" || reply.state === "corrected";

/** The newest correction of a reply that its forum has yet to confirm; null where the reply stands as it is. */
export function correctionPending(history: readonly EventRecord[], replyId: string): EventRecord | null {
  const last = history.findLast(
    ({ type, data }) =>
      data.replyId === replyId && (type === "reply.correction_queued" || type === "referral.corrected"),
  );
  return last?.type === "reply.correction_queued" ? last : null;
}
