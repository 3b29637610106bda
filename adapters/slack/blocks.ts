import type { Block, Button, PlainText, RichPart } from "./sdk.ts";
import { clean, plain, split, splitAtSpaces } from "./text.ts";

/** Slack takes at most 3,000 characters in one section (@slack/types, SectionBlock). */
const sectionLength = 3000;
const linkLength = 2000;

/** A text in as many sections as it needs, never as markup. */
export const sections = (text: string): Block[] =>
  splitAtSpaces(clean(text).trim(), sectionLength).map((part) => ({ type: "section", text: plain(part) }));

const address = /https?:\/\/[^\s<>"|]+/g;

/** The parts of a text in which whole web addresses can be followed and nothing else is markup; an address is its own label. */
function partsOf(text: string): RichPart[] {
  const parts: RichPart[] = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(address)) {
    const url = found.replace(/[.,;:!?)\]]+$/, "");
    if (!URL.canParse(url) || url.length > linkLength) continue;
    if (index > from) parts.push({ type: "text", text: text.slice(from, index) });
    parts.push({ type: "link", url });
    from = index + url.length;
  }
  return from < text.length ? [...parts, { type: "text", text: text.slice(from) }] : parts;
}

/** A text in as many blocks as it needs, never as markup, with its web addresses as links. */
export const linked = (text: string): Block[] =>
  splitAtSpaces(clean(text).trim(), sectionLength).map((part) => ({
    type: "rich_text",
    elements: [{ type: "rich_text_section", elements: partsOf(part) }],
  }));

export const header = (text: string): Block => ({ type: "header", text: plain(text, 150) });
export const divider: Block = { type: "divider" };
export const small = (text: string): Block => ({ type: "context", elements: [plain(text, 2000)] });

/** A line of words, times and people; every part is an element of its own, so that no text becomes markup. */
export const line = (...parts: (RichPart | string)[]): Block => ({
  type: "rich_text",
  elements: [
    {
      type: "rich_text_section",
      elements: parts
        .map((part): RichPart => (typeof part === "string" ? { type: "text", text: clean(part) } : part))
        .filter((part) => part.type !== "text" || part.text !== ""),
    },
  ],
});

export const bold = (text: string): RichPart => ({ type: "text", text: clean(text), style: { bold: true } });
export const person = (id: string, slackUserId: string | null): RichPart =>
  slackUserId === null ? { type: "text", text: id } : { type: "user", user_id: slackUserId };

/** A moment, which Slack shows in each reader's own time zone. */
export const moment = (iso: string): RichPart => ({
  type: "date",
  timestamp: Math.floor(Date.parse(iso) / 1000),
  format: "{date_short_pretty} at {time}",
  fallback: iso,
});

export function button(text: string, actionId: string, value: string, style?: "primary" | "danger"): Button {
  return {
    type: "button",
    text: plain(text, 75),
    action_id: actionId,
    value,
    ...(style === undefined ? {} : { style }),
  };
}

export const actions = (blockId: string, elements: Button[]): Block => ({
  type: "actions",
  block_id: blockId,
  elements,
});

export interface Choice {
  value: string;
  text: string;
}
const optionOf = ({ value, text }: Choice): { text: PlainText; value: string } => ({
  text: plain(text, 75),
  value,
});

interface FieldWords {
  id: string;
  label: string;
  optional?: boolean;
  hint?: string;
}

/** A place to type in, for at most `most` characters, with what was typed before. */
export function textField(words: FieldWords, most: number, initial?: string): Block {
  return {
    type: "input",
    block_id: words.id,
    label: plain(words.label, 200),
    optional: words.optional === true,
    ...(words.hint === undefined ? {} : { hint: plain(words.hint, 500) }),
    element: {
      type: "plain_text_input",
      action_id: "value",
      multiline: true,
      max_length: most,
      ...(initial === undefined || initial === ""
        ? {}
        : { initial_value: split(clean(initial), most)[0] ?? "" }),
    },
  };
}

/** Choices under a heading of their own, where there is more than one group. */
export interface ChoiceGroup {
  label?: string;
  options: readonly Choice[];
}

/** Slack takes 100 groups of 100 options, each value at most 75 characters long (@slack/types, Option). */
const mostOptions = 100;
const isShort = ({ value }: Choice): boolean => value.length <= 75;

function inHundreds(options: readonly Choice[]): Choice[][] {
  const parts = Array.from({ length: Math.ceil(options.length / mostOptions) }, (_, i) => i * mostOptions);
  return parts.map((from) => options.slice(from, from + mostOptions));
}

/** A select. One group stands without its heading. */
export function choiceField(words: FieldWords, groups: readonly ChoiceGroup[], initial?: string): Block {
  const shown = groups
    .flatMap(({ label, options }) =>
      inHundreds(options.filter(isShort)).map((some) => ({ label, options: some })),
    )
    .slice(0, mostOptions);
  const chosen = shown.flatMap(({ options }) => options).find(({ value }) => value === initial);
  const options =
    shown.length === 1
      ? { options: (shown[0]?.options ?? []).map(optionOf) }
      : {
          option_groups: shown.map((group) => ({
            label: plain(group.label ?? "", 75),
            options: group.options.map(optionOf),
          })),
        };
  return {
    type: "input",
    block_id: words.id,
    label: plain(words.label, 200),
    optional: words.optional === true,
    ...(words.hint === undefined ? {} : { hint: plain(words.hint, 500) }),
    element: {
      type: "static_select",
      action_id: "value",
      ...options,
      ...(chosen === undefined ? {} : { initial_option: optionOf(chosen) }),
    },
  };
}

export function personField(words: FieldWords, initial?: string): Block {
  return {
    type: "input",
    block_id: words.id,
    label: plain(words.label, 200),
    optional: words.optional === true,
    element: {
      type: "users_select",
      action_id: "value",
      ...(initial === undefined ? {} : { initial_user: initial }),
    },
  };
}
