import type { CardMessage, ForumMessage, Notice, NoticeBase, RedactMessage } from "../contract/notice.ts";
import type { Tx } from "../db/index.ts";
import type { DeliveryRow, NoticeBuilder } from "../delivery/index.ts";
import type { Deps } from "../deps.ts";
import { buildDecisionNotice, isForProposer } from "../forums/index.ts";
import { findDoors } from "../guidance/index.ts";
import type { ContentKey } from "../privacy/index.ts";
import { holdersOf, keepsReferrals, nameOf, placeFor, type Register } from "../register/model.ts";
import { openContent } from "./content.ts";
import { askIn, fromOf } from "./forum-words.ts";
import type { Referral, ReferralContent, Reply } from "./model.ts";
import { onDuty } from "./on-duty.ts";
import { isOvertaken, overtaken } from "./questions.ts";
import { findText, readReplies } from "./store/records.ts";
import { findTold } from "./store/told.ts";
import { buildLeadNotice } from "./tell-leads.ts";
import { transitions } from "./transitions.ts";

interface Material {
  row: DeliveryRow;
  referral: Referral;
  register: Register;
  key: ContentKey | null;
  content: ReferralContent | null;
  replies: Reply[];
  text(id: unknown): Promise<string | null>;
  base: NoticeBase;
  baseUrl: string;
  now: Date;
}

type Built = Awaited<ReturnType<NoticeBuilder>>;

/** Notices that a forum gets although it agrees to nothing any more: they end what was begun. */
const endings = ["redact", "referral.withdrawn", "referral.retracted", "ping"];
/** Words to the member: not sent once the post is gone, unless a person sent them knowing so. */
const wordsToMember = ["referral.replied", "referral.question", "referral.corrected"];

function addressOf(row: DeliveryRow, register: Register): Record<string, unknown> | null {
  const [kind = "", ...rest] = row.destination.split(":");
  const name = rest.join(":");
  if (kind === "forum") {
    const forum = register.forums.get(name);
    if (!forum || (forum.leftAt && !endings.includes(row.notice))) return null;
    return {
      forum: name,
      language: forum.language,
      ...(forum.callbackUrl ? { callbackUrl: forum.callbackUrl } : {}),
      ...placeFor(forum, row.adapter),
    };
  }
  const entry =
    kind === "pool"
      ? register.pools.get(name)
      : Object.entries(register.alerts).find(([alert]) => alert === name)?.[1];
  const own = entry ? Object.entries(entry).find(([field]) => field === row.adapter)?.[1] : undefined;
  if (own === undefined) return null;
  return typeof own === "object" && own !== null ? { ...own } : { to: own };
}

async function forumNotice(m: Material, type: ForumMessage["type"]): Promise<Built | ForumMessage> {
  const { row, referral, register } = m;
  const { replyId, textId, because, becauseId, signpostId, mergedInto } = row.data as Record<
    string,
    string | null | undefined
  >;
  const data: ForumMessage["data"] = { ...m.base, ...(because ? { because } : {}) };
  const pool = referral.poolSlug === null ? undefined : register.pools.get(referral.poolSlug);
  if (pool) data.pool = { slug: pool.slug, name: pool.name };
  if (type === "referral.consent_requested") data.ask = askIn(referral.language);
  if (type === "referral.question") {
    const question = await m.text(textId);
    if (question === null) return { cancel: "erased" };
    Object.assign(data, { text: question, questionId: textId });
  }
  const reply = m.replies.find((candidate) => candidate.id === replyId);
  if (reply) {
    data.replyId = reply.id;
    data.from = fromOf(register, reply.poolSlug);
    data.verify = { code: reply.verifyCode, url: `${m.baseUrl}/verify/${reply.verifyCode}` };
    data.language = reply.language;
  }
  if (type === "referral.replied" || type === "referral.corrected") {
    if (reply?.state === "cancelled" || (type === "referral.replied" && reply?.state === "withdrawn"))
      return { cancel: "reply-cancelled" };
    const text =
      type === "referral.corrected"
        ? await m.text(textId)
        : reply?.body && m.key
          ? m.key.open(reply.body)
          : null;
    if (text === null) return { cancel: "erased" };
    data.text = text;
  }
  const why = becauseId ? await m.text(becauseId) : null;
  if (why) data.because = why;
  const signpost = signpostId ? await m.text(signpostId) : null;
  if (signpost) data.signpost = JSON.parse(signpost);
  if (mergedInto) data.mergedInto = mergedInto;
  if (referral.disposition && ["referral.resolved", "referral.closed"].includes(type)) {
    data.outcome = {
      disposition: referral.disposition,
      result: referral.result ?? "unknown",
      saidBy: referral.saidBy ?? "nobody",
    };
  }
  return { audience: "forum", type, data };
}

function card(m: Material): CardMessage {
  const { referral, register, content, row } = m;
  const pool = referral.poolSlug === null ? undefined : register.pools.get(referral.poolSlug);
  const here = row.destination === `pool:${referral.poolSlug}`;
  const hidden = !here || referral.postDeletedAt !== null;
  const owner = referral.ownerId === null ? undefined : register.advisors.get(referral.ownerId);
  return {
    audience: "pool",
    type: "card",
    data: {
      ...m.base,
      title: hidden ? null : (content?.title ?? null),
      excerpt: hidden ? null : (content?.excerpt ?? null),
      forum: {
        slug: referral.forumSlug,
        name: nameOf(register, "forums", referral.forumSlug),
      },
      pool: pool ? { slug: pool.slug, name: pool.name } : null,
      topic: referral.topic,
      urgency: referral.urgency,
      because: referral.routing.because,
      masked: referral.masked,
      doors: hidden || !content ? [] : findDoors(`${content.title ?? ""}\n${content.excerpt}`),
      clock: referral.clock,
      dueAt: referral.dueAt?.toISOString() ?? null,
      owner: owner ? { id: owner.id, slackUserId: owner.slackUserId ?? null } : null,
      claimedAt: referral.claimedAt?.toISOString() ?? null,
      ...(here && referral.state === "offered" ? onDuty(register, referral.poolSlug, m.now) : {}),
      event: String(row.data.event ?? ""),
      hidden,
      verbs: here
        ? [
            ...new Set(
              transitions.filter((step) => step.from.includes(referral.state)).map((step) => step.name),
            ),
          ]
        : [],
    },
  };
}

/** The one person named; else the first of the safeguarding chain; else everybody who holds the duty. */
function peopleToCall(register: Register, alert: string, contact: unknown): string[] {
  if (typeof contact === "string" && register.people.has(contact)) return [contact];
  if (alert === "safeguarding") return holdersOf(register, "safeguarding").slice(0, 1);
  return holdersOf(register, alert === "triage" ? "triage" : "administrator");
}

function alarmed(m: {
  register: Register;
  row: DeliveryRow;
  referral: Referral | null;
  baseUrl: string;
}): Built {
  const { register, row, referral, baseUrl } = m;
  const name = row.destination.slice("alert:".length);
  const to = peopleToCall(register, name, row.data.contact).flatMap((id) => {
    const person = register.people.get(id);
    return person ? [{ id, slackUserId: person.slackUserId ?? null, email: person.email ?? null }] : [];
  });
  return {
    address: addressOf(row, register) ?? {},
    notice: {
      audience: "alert",
      type: "alert",
      data: {
        alert: name,
        text: String(row.data.event ?? ""),
        reference: referral?.reference ?? null,
        link: referral ? `${baseUrl}/desk/${referral.reference}` : null,
        dueAt: referral?.dueAt?.toISOString() ?? null,
        to,
        sequence: row.sequence,
      },
    },
  };
}

function materialOf(
  deps: Deps,
  tx: Tx,
  row: DeliveryRow,
  referral: Referral,
  register: Register,
  replies: Reply[],
): Material {
  const key = referral.sealed ? deps.keyring.unwrap(referral.sealed.key) : null;
  const content = openContent(referral, key);
  return {
    row,
    referral,
    register,
    key,
    content,
    replies,
    async text(id) {
      const found = typeof id === "string" ? await findText(tx, id) : null;
      return found?.body && key ? key.open(found.body) : null;
    },
    base: {
      reference: referral.reference,
      externalId: referral.externalId,
      post: content?.url ?? null,
      state: typeof row.data.state === "string" ? row.data.state : referral.state,
      sequence: row.sequence,
      memberLink: memberLinkOf(deps, referral),
      language: referral.language,
    },
    baseUrl: deps.baseUrl,
    now: deps.now(),
  };
}

/** Why a line for a pool's thread is not said any more: another has the referral, or the post that it quotes is gone. */
function unsaid(row: DeliveryRow, referral: Referral): string | null {
  if (row.destination !== `pool:${referral.poolSlug}`) return "not-here";
  return row.data.event === "post.edited" && referral.postDeletedAt !== null ? "post-deleted" : null;
}

/** Nothing of the content is in it, so it can be built when that is gone. */
function redaction(deps: Deps, row: DeliveryRow, referral: Referral): RedactMessage {
  const { reference, externalId, state } = referral;
  const data = { reference, externalId, sequence: row.sequence };
  if (!row.destination.startsWith("forum:")) return { audience: "pool", type: "redact", data };
  return {
    audience: "forum",
    type: "redact",
    data: { ...data, state, memberLink: memberLinkOf(deps, referral) },
  };
}

const memberLinkOf = (deps: Deps, referral: Referral): string =>
  `${deps.baseUrl}/m/${deps.keyring.token("member", referral.id)}`;

/** How other rooms build their notices to forums, by type; null where nothing is to be said any more. */
type OtherNotices = Readonly<
  Record<string, (tx: Tx, row: DeliveryRow, register: Register) => Promise<Notice | null>>
>;

/** Builds what a delivery says at the moment it is sent, from the state and the register as they are then. */
export function createNoticeBuilder(deps: Deps, others: OtherNotices = {}): NoticeBuilder {
  return async (tx, row) => {
    const id = row.referralId;
    // Asked for together: both stand between a commit and what is told of it.
    const [register, told] = await Promise.all([deps.register(tx), id === null ? null : findTold(tx, id)]);
    const referral = told?.referral ?? null;
    if (row.destination.startsWith("alert:"))
      return alarmed({ register, row, referral, baseUrl: deps.baseUrl });
    if (isForProposer(row.destination))
      return (await buildDecisionNotice(deps, tx, row)) ?? { cancel: "erased" };
    if (row.notice === "alert" && row.destination.startsWith("pool:"))
      return { address: addressOf(row, register) ?? {}, notice: await buildLeadNotice(deps, tx, row) };
    const address = addressOf(row, register);
    if (address === null) return { cancel: "no-address" };
    if (row.notice === "ping") {
      const forum = row.destination.slice("forum:".length);
      return {
        address,
        notice: { audience: "forum", type: "ping", data: { forum, sequence: row.sequence } },
      };
    }
    const other = await others[row.notice]?.(tx, row, register);
    if (other) return { address, notice: other };
    if (referral === null) return { cancel: "no-referral" };
    if (row.notice === "redact") {
      return { address, notice: redaction(deps, row, referral) };
    }
    if (referral.erasedAt !== null) return { cancel: "erased" };
    const replies = told?.hasReplies ? ((await readReplies(tx, [referral.id])).get(referral.id) ?? []) : [];
    const material = materialOf(deps, tx, row, referral, register, replies);
    if (row.notice === "card") return { address, notice: card(material) };
    if (row.notice === "message") {
      const why = unsaid(row, referral);
      if (why !== null) return { cancel: why };
      const { event, textId, byRole } = row.data;
      const text = await material.text(textId);
      const data = { ...material.base, event: String(event), text, byRole: String(byRole) };
      return { address, notice: { audience: "pool", type: "message", data } };
    }
    const forum = register.forums.get(referral.forumSlug);
    if (forum && !keepsReferrals(forum) && !endings.includes(row.notice))
      return { cancel: "no-intervention" };
    const gone = referral.postDeletedAt !== null && row.createdAt < referral.postDeletedAt;
    if (gone && wordsToMember.includes(row.notice)) return { cancel: "post-deleted" };
    if (row.notice === "referral.question" && (await isOvertaken(tx, row, referral)))
      return { cancel: overtaken };
    const notice = await forumNotice(material, row.notice as ForumMessage["type"]);
    return "cancel" in notice || "notice" in notice ? notice : { address, notice };
  };
}
