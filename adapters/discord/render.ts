import { createHash } from "node:crypto";
import type { Delivery } from "../../src/contract/adapter.ts";
import type { ClinicMessage, ForumMessage } from "../../src/contract/notice.ts";
import { againButton, answerButton, consentButtons, replyButtons } from "./buttons.ts";
import { type Body, body } from "./desk.ts";
import { literal, official, plainAddress, splitText } from "./text.ts";
import { type Say, wordsOf } from "./words.ts";

/** Longest text of one message (resources/message), with room for what stands around it. */
const most = 2000;
const room = 1500;

/** The messages of one notice, in their order. */
export type Parts = readonly Body[];

/** A few letters that stand in each message of a delivery, so that it can be found again in the channel's history. */
export const markOf = (delivery: Pick<Delivery, "id">, part: number): string =>
  `${createHash("sha256").update(delivery.id).digest("hex").slice(0, 10)}.${part + 1}`;

/** Discord drops a second message with the same nonce for some minutes; 25 characters at most. */
export const nonceOf = (delivery: Pick<Delivery, "id">, part: number): string =>
  `${createHash("sha256").update(`nonce ${delivery.id}`).digest("hex").slice(0, 20)}-${part}`;

interface Framed {
  delivery: Delivery;
  reference: string;
  head: string;
  /** In Discord's Markdown. */
  text: string;
  foot?: string[];
  components?: readonly unknown[];
}

/** Small print under every message: the reference, which part it is, and the mark of the delivery. */
const small = (delivery: Delivery, reference: string, part: number, parts: number): string =>
  `-# ${reference}${parts > 1 ? ` · ${part + 1}/${parts}` : ""} · ${markOf(delivery, part)}`;

function frame({ delivery, reference, head, text, foot = [], components = [] }: Framed): Parts {
  const pieces = splitText(text, room);
  const all = pieces.length === 0 ? [""] : pieces;
  return all.map((piece, i) => {
    const isLast = i === all.length - 1;
    const lines = [
      ...(i === 0 ? [head] : []),
      ...(piece === "" ? [] : [piece]),
      ...(isLast ? foot : []),
      small(delivery, reference, i, all.length),
    ];
    return body(lines.join("\n").slice(0, most), isLast ? components : []);
  });
}

const nameLength = 120;
const named = (name: string | undefined): string => literal((name ?? "").slice(0, nameLength));
const fromOf = ({ from, pool }: ForumMessage["data"]) => ({
  department: named(from?.department),
  pool: named(from?.pool ?? pool?.name),
});
const checkOf = ({ verify }: ForumMessage["data"], t: Say): string[] =>
  verify ? [`-# ${t("check", { url: plainAddress(verify.url) })}`] : [];

/** A reply, as it was first sent or as it was corrected. */
export function renderReply(delivery: Delivery, notice: ForumMessage, tag: string): Parts {
  const { data } = notice;
  const t = wordsOf(data.language);
  return frame({
    delivery,
    reference: data.reference,
    head: t(notice.type === "referral.corrected" ? "correctedHead" : "replyHead", fromOf(data)),
    text: official(data.text ?? ""),
    foot: checkOf(data, t),
    components: replyButtons(data.reference, tag, t),
  });
}

export function renderQuestion(delivery: Delivery, { data }: ForumMessage, tag: string, t: Say): Parts {
  return frame({
    delivery,
    reference: data.reference,
    head: data.from || data.pool ? t("questionHead", fromOf(data)) : "",
    text: official(data.text ?? ""),
    components: answerButton(data.reference, tag, t),
  });
}

/** What stands where a reply was that has been withdrawn. */
export function renderRetracted(delivery: Delivery, { data }: ForumMessage, t: Say): Parts {
  const reason = data.reason ?? data.because;
  return frame({
    delivery,
    reference: data.reference,
    head: t("retracted", fromOf(data)),
    text: reason === undefined ? "" : official(reason),
    foot: checkOf(data, t),
  });
}

export function renderClosed(delivery: Delivery, { data }: ForumMessage, tag: string, t: Say): Parts {
  const { because, signpost, reference } = data;
  const way = signpost ? [t("signpost", { text: official(signpost.text) }), plainAddress(signpost.url)] : [];
  return frame({
    delivery,
    reference,
    head: t("closed"),
    text: [...(because === undefined ? [] : [official(because)]), ...way].join("\n\n"),
    components: againButton(reference, tag, t),
  });
}

/** What a channel reads of a clinic's session, in the forum's language. */
export function renderClinic(delivery: Delivery, data: ClinicMessage["data"]): Parts {
  const t = wordsOf(data.language);
  const calendar =
    data.news === "cancelled" ? [] : [t("clinicCalendar", { url: plainAddress(data.calendar) })];
  return frame({
    delivery,
    reference: data.clinic,
    head: "",
    text: literal(data.text),
    foot: [t("clinicPage", { url: plainAddress(data.url) }), ...calendar],
  });
}

interface Asking {
  tag: string;
  guild: string;
  t: Say;
}

/** The question to the member, in private: the words, their own message, and the page on which they can take it back. */
export function renderConsent(delivery: Delivery, { data }: ForumMessage, { tag, guild, t }: Asking): Parts {
  return frame({
    delivery,
    reference: data.reference,
    head: official(data.ask ?? ""),
    text: [
      ...(data.post === null ? [] : [t("consentPost", { url: plainAddress(data.post) })]),
      t("consentLink", { url: plainAddress(data.memberLink) }),
    ].join("\n"),
    components: consentButtons(data.reference, tag, guild, t),
  });
}

/** The same where everybody reads: nothing says what it is about. */
export function renderConsentInPublic(
  delivery: Delivery,
  { data }: ForumMessage,
  { tag, guild, t }: Asking,
): Parts {
  return frame({
    delivery,
    reference: data.reference,
    head: t("consentThread"),
    text: "",
    components: consentButtons(data.reference, tag, guild, t),
  });
}
