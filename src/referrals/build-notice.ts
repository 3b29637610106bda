import type { ForumMessage, Notice, RedactMessage } from "../contract/notice.ts";
import type { Tx } from "../db/index.ts";
import type { DeliveryRow, NoticeBuilder } from "../delivery/index.ts";
import type { Deps } from "../deps.ts";
import { buildDecisionNotice, isForProposer } from "../forums/index.ts";
import { keepsReferrals, placeFor, type Register } from "../register/model.ts";
import { alarmMessage } from "./alarm-message.ts";
import { forumMessage } from "./forum-message.ts";
import type { Referral } from "./model.ts";
import { materialOf, memberLinkOf } from "./notice-material.ts";
import { poolCard } from "./pool-card.ts";
import { isOvertaken, overtaken } from "./questions.ts";
import { readReplies } from "./store/records.ts";
import { findTold } from "./store/told.ts";
import { buildLeadNotice } from "./tell-leads.ts";

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
      return {
        address: addressOf(row, register) ?? {},
        notice: alarmMessage(register, row, { referral, baseUrl: deps.baseUrl }),
      };
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
    const material = materialOf(deps, tx, { row, referral, register, replies });
    if (row.notice === "card") return { address, notice: poolCard(material) };
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
    const notice = await forumMessage(material, row.notice as ForumMessage["type"]);
    return "cancel" in notice ? notice : { address, notice };
  };
}
