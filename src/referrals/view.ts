import type { HistoryEntry, ReferralView, ReplyView } from "../contract/core-api.ts";
import { forumNotices } from "../contract/vocabulary.ts";
import { findDoors } from "../guidance/index.ts";
import type { ContentKey } from "../privacy/index.ts";
import { nameOf, type Register } from "../register/model.ts";
import { openContent } from "./content.ts";
import { fromOf } from "./forum-words.ts";
import {
  correctionPending,
  type EventRecord,
  isDelivered,
  type Referral,
  type ReferralContent,
  type Reply,
  type TextRecord,
} from "./model.ts";
import type { Origin } from "./origins.ts";
import type { Viewpoint } from "./roles.ts";
import { ownership } from "./states.ts";

/** What a view is made of. */
export interface ViewMaterial {
  referral: Referral;
  replies: readonly Reply[];
  history: readonly EventRecord[];
  /** What was typed, for a view of one referral; none in a list. */
  texts: readonly TextRecord[];
  /** Null once erased, or where content is not asked for. */
  key: ContentKey | null;
  /** Where it was not sealed yet. */
  content?: ReferralContent;
  /** What an answer goes to as well, for those who write it. */
  origins?: readonly Origin[];
  register: Register;
  baseUrl: string;
  memberToken: string;
}

/** Events a forum sees beside those it is told about. */
const openEvents = new Set<string>([
  ...forumNotices,
  "referral.consent_refused",
  "referral.stood_down",
  "referral.rerouted",
  "referral.declined",
  "referral.released",
  "referral.lapsed",
  "question.queued",
  "reply.correction_queued",
  "referral.asked",
  "referral.answered",
  "referral.replied",
  "referral.followed_up",
  "referral.not_helped",
  "referral.feedback",
  "referral.split",
  "referral.erased",
  "referral.referred_again",
  "post.edited",
  "post.deleted",
]);

/** Outcomes and who said what may be shown; reasons of the pool, people and ids of drafts stay inside. */
const openData = ["disposition", "result", "saidBy", "late", "into", "replyId", "questionId", "as"];
/** A forum does not see a reply before it is on its way. */
const openReplies = ["queued", "delivered", "corrected", "withdrawn"];

/** Words that went between the forum and the advisor; what the pool says among itself stays inside. */
const openTexts = new Set([
  "referral.answered",
  "referral.followed_up",
  "post.edited",
  "question.queued",
  "reply.correction_queued",
]);

function viewHistory(event: EventRecord, viewpoint: Viewpoint, text: string | null): HistoryEntry {
  const inside = viewpoint !== "forum";
  const data = Object.entries(event.data).filter(([name]) => inside || openData.includes(name));
  return {
    ...Object.fromEntries(data),
    seq: event.seq,
    type: event.type,
    at: event.at.toISOString(),
    by: { role: event.actorRole, ...(inside && event.actorId !== null ? { id: event.actorId } : {}) },
    ...(event.because === null ? {} : { because: event.because }),
    ...(text !== null && (inside || openTexts.has(event.type)) ? { text } : {}),
    ...(inside && event.stateTo !== null ? { state: event.stateTo } : {}),
    ...(inside && event.poolSlug !== null ? { pool: event.poolSlug } : {}),
    ...(viewpoint === "auditor" && event.actedBy !== null ? { actedBy: event.actedBy } : {}),
  };
}

function viewReply(
  reply: Reply,
  { key, baseUrl, register }: ViewMaterial,
  correction: string | null,
  inside: boolean,
): ReplyView & Record<string, unknown> {
  const open = (sealed: Uint8Array | null) => (sealed && key ? key.open(sealed) : null);
  return {
    id: reply.id,
    state: reply.state,
    text: open(reply.body),
    ...(correction === null ? {} : { correction }),
    language: reply.language,
    from: fromOf(register, reply.poolSlug),
    verify: { code: reply.verifyCode, url: `${baseUrl}/verify/${reply.verifyCode}` },
    deliveredAt: reply.deliveredAt?.toISOString() ?? null,
    url: open(reply.url),
    ...(inside ? { author: reply.authorId, clearer: reply.clearerId } : {}),
  };
}

function viewOutcome(referral: Referral, inside: boolean): ReferralView["outcome"] {
  if (referral.disposition === null && referral.feedback.length === 0) return null;
  return {
    disposition: referral.disposition,
    result: referral.result,
    saidBy: referral.saidBy,
    feedback: referral.feedback.map((said) => ({ ...said })),
    ...(inside ? { insight: referral.insight } : {}),
  };
}

/** Before the member agrees, what they wrote is nobody's in government to read: triage sees that there is something. */
const isYetToBeShown = ({ state }: Referral, viewpoint: Viewpoint): boolean =>
  state === "awaiting_consent" && viewpoint === "pool";

/** The part of the content that a viewpoint shows: the note is for the pool alone. */
function viewPost(
  { note, ...shown }: ReferralContent,
  edits: readonly string[],
  isDeleted: boolean,
  inside: boolean,
): Record<string, unknown> {
  if (isDeleted) return { deleted: true };
  return { ...shown, ...(inside ? { note } : {}), ...(edits.length > 0 ? { edits } : {}) };
}

/** What was typed, opened; nothing where it is kept back, and no edit of a post that is gone. */
function readTexts({ referral, texts, history, key }: ViewMaterial, isKeptBack: boolean) {
  const open = ({ body }: TextRecord) => (body && key ? key.open(body) : null);
  const typed = new Map(texts.map((text) => [text.id, open(text)]));
  const isHidden = ({ type }: EventRecord) =>
    isKeptBack || (referral.postDeletedAt !== null && type === "post.edited");
  const textOf = (event: EventRecord): string | null =>
    event.textId === null || isHidden(event) ? null : (typed.get(event.textId) ?? null);
  return {
    textOf,
    edits: texts.flatMap((text) => (text.kind === "excerpt" ? (typed.get(text.id) ?? []) : [])),
    /** The correction of a reply that is on its way to the forum. */
    correctionOf(reply: Reply): string | null {
      const pending = correctionPending(history, reply.id);
      return pending !== null && isDelivered(reply) ? textOf(pending) : null;
    },
  };
}

/**
 * A referral as one answer shows it. The forum sees roles instead of people and nothing internal; the pool sees handles;
 * the auditor also sees on whose key somebody acted.
 */
export function viewReferral(material: ViewMaterial, viewpoint: Viewpoint): ReferralView {
  const { referral, replies, history, key, register, baseUrl } = material;
  const inside = viewpoint !== "forum";
  const pool = referral.poolSlug === null ? undefined : register.pools.get(referral.poolSlug);
  const isDeleted = referral.postDeletedAt !== null;
  const isKeptBack = isYetToBeShown(referral, viewpoint);
  const content = isKeptBack ? null : (material.content ?? openContent(referral, key));
  const { edits, textOf, correctionOf } = readTexts(material, isKeptBack);
  return {
    reference: referral.reference,
    state: referral.state,
    version: referral.version,
    forum: {
      slug: referral.forumSlug,
      name: nameOf(register, "forums", referral.forumSlug),
    },
    pool: pool ? { slug: pool.slug, name: pool.name } : null,
    externalId: referral.externalId,
    topic: referral.topic,
    language: referral.language,
    urgency: referral.urgency,
    routing: {
      rule: referral.routing.rule,
      because: referral.routing.because,
      guessed: referral.routing.guessed,
    },
    next: {
      owner: ownership[referral.state].owner,
      clock: referral.clock,
      dueAt: referral.dueAt?.toISOString() ?? null,
      ...(inside && referral.ownerId !== null ? { advisor: referral.ownerId } : {}),
    },
    post: content ? viewPost(content, edits, isDeleted, inside) : null,
    replies: replies
      .filter((reply) => inside || openReplies.includes(reply.state))
      .map((reply) => viewReply(reply, material, correctionOf(reply), inside)),
    outcome: viewOutcome(referral, inside),
    history: history
      .filter((event) => inside || openEvents.has(event.type))
      .map((event) => viewHistory(event, viewpoint, textOf(event))),
    masked: referral.masked,
    ...(inside && material.origins?.length ? { origins: material.origins } : {}),
    ...(inside && content && !isDeleted
      ? { doors: findDoors(`${content.title ?? ""}\n${content.excerpt}`) }
      : {}),
    links: {
      self: `${baseUrl}/v1/referrals/${referral.reference}`,
      // Whoever has it is taken for the member, so it is nobody's in government.
      ...(inside ? {} : { member: `${baseUrl}/m/${material.memberToken}` }),
    },
  };
}
