import type { ForumMessage } from "../../src/contract/notice.ts";
import { actions, bold, button, line, linked, small } from "./blocks.ts";
import type { Rendered } from "./render.ts";
import type { Block, Button } from "./sdk.ts";
import { escapeMarkup } from "./text.ts";

type Data = ForumMessage["data"];

/** Our own words around what is shown to members, in the language of the referral. */
const phrases = {
  en: {
    ask: "May this post be passed on to a government advisor?",
    yes: "Yes, pass it on",
    no: "No",
    question: "A question about this post",
    questionFrom: "asks:",
    personal: "This is a public place. Do not write names, numbers or addresses in your answer.",
    answer: "Answer…",
    reply: "An official reply",
    from: "Official reply from",
    corrected: "Corrected official reply from",
    isOfficial: "Check that it is official: ",
    code: "code",
    helped: "This helped",
    partly: "Partly",
    notHelped: "It did not help",
    again: "Ask again…",
    withdrawn: "The department has withdrawn this reply.",
    closed: "This was closed without an answer here.",
    see: "See: ",
  },
  cy: {
    ask: "Gawn ni anfon y neges hon ymlaen at gynghorydd y llywodraeth?",
    yes: "Iawn, anfonwch hi",
    no: "Na",
    question: "Cwestiwn am y neges hon",
    questionFrom: "yn gofyn:",
    personal: "Lle cyhoeddus yw hwn. Peidiwch ag ysgrifennu enwau, rhifau na chyfeiriadau yn eich ateb.",
    answer: "Ateb…",
    reply: "Ateb swyddogol",
    from: "Ateb swyddogol gan",
    corrected: "Ateb swyddogol wedi'i gywiro gan",
    isOfficial: "Gwiriwch ei fod yn swyddogol: ",
    code: "cod",
    helped: "Roedd hyn o help",
    partly: "Yn rhannol",
    notHelped: "Doedd hyn ddim o help",
    again: "Gofyn eto…",
    withdrawn: "Mae'r adran wedi tynnu'r ateb hwn yn ôl.",
    closed: "Caewyd hyn heb ateb yma.",
    see: "Gweler: ",
  },
} as const;

const phrasesOf = (language: string) => (language === "cy" ? phrases.cy : phrases.en);

/** A message for the thread of the post that was referred, or null for a notice that is not shown there. */
export function renderForForum({ type, data }: Pick<ForumMessage, "type" | "data">): Rendered | null {
  const say = phrasesOf(data.language);
  switch (type) {
    case "referral.consent_requested": {
      const buttons = [
        button(say.yes, "member:yes", data.reference, "primary"),
        button(say.no, "member:no", data.reference),
      ];
      return rendered(say.ask, [...linked(data.ask ?? say.ask), actions("consent", buttons)]);
    }
    case "referral.question":
      return rendered(say.question, [
        line(bold(`${data.pool?.name ?? say.question} ${data.pool ? say.questionFrom : ""}`.trim())),
        ...linked(data.text ?? ""),
        small(say.personal),
        actions("question", [button(say.answer, "member:answer", data.reference, "primary")]),
      ]);
    case "referral.replied":
      return rendered(say.reply, replyBlocks(data, say.from));
    case "referral.corrected":
      return rendered(say.reply, replyBlocks(data, say.corrected));
    case "referral.retracted":
      return rendered(say.withdrawn, [
        line(bold(say.withdrawn)),
        ...linked(data.reason ?? data.because ?? ""),
      ]);
    case "referral.closed":
      return closing(data);
    default:
      return null;
  }
}

const rendered = (text: string, blocks: Block[]): Rendered => ({ text: escapeMarkup(text), blocks });

function replyBlocks(data: Data, from: string): Block[] {
  const say = phrasesOf(data.language);
  const who = data.from ? ` ${data.from.department}, ${data.from.pool}` : "";
  const { verify } = data;
  return [
    line(bold(`${from}${who}`)),
    ...linked(data.text ?? ""),
    ...(verify
      ? [line(say.isOfficial, { type: "link", url: verify.url }, ` (${say.code} ${verify.code})`)]
      : []),
    actions("feedback", feedbackButtons(data)),
  ];
}

function feedbackButtons({ language, reference }: Data): Button[] {
  const say = phrasesOf(language);
  return [
    button(say.helped, "member:helped", reference, "primary"),
    button(say.partly, "member:partly_helped", reference),
    button(say.notHelped, "member:not_helped", reference),
    button(say.again, "member:again", reference),
  ];
}

/** A closing is shown where it tells the member something: why, or where to go instead. */
function closing(data: Data): Rendered | null {
  const { because, signpost, language } = data;
  if (because === undefined && signpost === undefined) return null;
  const say = phrasesOf(language);
  return rendered(say.closed, [
    line(bold(say.closed)),
    ...linked(because ?? ""),
    ...(signpost ? [...linked(signpost.text), ...linked(`${say.see}${signpost.url}`)] : []),
  ]);
}
