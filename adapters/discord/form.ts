import type { Choices } from "../../src/contract/core-api.ts";
import { answerTypes, componentTypes } from "./schema.ts";
import { clean, shorten } from "./text.ts";
import type { Say } from "./words.ts";

/** Lengths of Discord's modals (components/reference). */
const most = { title: 45, label: 45, description: 100, option: 100, options: 25, text: 4000 } as const;

interface Field {
  label: string;
  hint?: string;
  component: Record<string, unknown>;
}

const labelled = ({ label, hint, component }: Field) => ({
  type: componentTypes.label,
  label: shorten(label, most.label),
  ...(hint === undefined ? {} : { description: shorten(hint, most.description) }),
  component,
});

const select = (
  name: string,
  options: readonly { label: string; value: string; default?: boolean }[],
  required: boolean,
) => ({
  type: componentTypes.select,
  custom_id: name,
  options: options.map((option) => ({ ...option, label: shorten(option.label, most.option) })),
  required,
  min_values: required ? 1 : 0,
  max_values: 1,
});

const paragraph = (name: string, required: boolean, longest: number = most.text) => ({
  type: componentTypes.text,
  custom_id: name,
  style: 2,
  required,
  max_length: longest,
});

const modal = (id: string, title: string, fields: readonly Field[]) => ({
  type: answerTypes.modal,
  data: { custom_id: id, title: shorten(title, most.title), components: fields.map(labelled) },
});

export const notSure = "-";

/** The topics that fit in a select: the likeliest first, then the others, and a way to leave it open. */
function topicOptions({ likely, topics }: Choices, t: Say) {
  const codes = new Set(likely.map(({ code }) => code));
  return [...likely, ...topics.filter(({ code }) => !codes.has(code))]
    .filter(({ code }) => code.length <= most.option)
    .slice(0, most.options - 1)
    .map(({ code, title }) => ({ label: clean(title) || code, value: code }))
    .concat({ label: t("notSure"), value: notSure });
}

/** The one form of a referral. Where no message was chosen it asks for the words too. */
export function referForm(id: string, choices: Choices, asksForWords: boolean, t: Say) {
  const words = { label: t("excerpt"), hint: t("excerptHint"), component: paragraph("excerpt", true) };
  return modal(`refer:${id}`, t("modalTitle"), [
    { label: t("topic"), hint: t("topicHint"), component: select("topic", topicOptions(choices, t), false) },
    {
      label: t("consent"),
      component: select(
        "consent",
        [
          { label: t("agreed"), value: "member-agreed" },
          { label: t("askMember"), value: "ask-member" },
        ],
        true,
      ),
    },
    {
      label: t("urgency"),
      component: select(
        "urgency",
        [
          { label: t("normal"), value: "normal", default: true },
          { label: t("soon"), value: "soon" },
          { label: t("urgent"), value: "urgent" },
        ],
        true,
      ),
    },
    { label: t("note"), hint: t("noteHint"), component: paragraph("note", false, 1000) },
    ...(asksForWords ? [words] : []),
  ]);
}

/** A place to write something to the advisor in. */
export const wordsForm = (id: string, title: string, t: Say) =>
  modal(id, title, [{ label: t("yourWords"), hint: t("yourWordsHint"), component: paragraph("text", true) }]);
