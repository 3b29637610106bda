import type { Choices } from "../../src/contract/core-api.ts";
import { declineReasons, dispositions, insights, results } from "../../src/contract/vocabulary.ts";
import { type Choice, type ChoiceGroup, choiceField, personField, sections, textField } from "./blocks.ts";
import type { Block, ModalView } from "./sdk.ts";
import { type Meta, modal } from "./view-parts.ts";
import { worded } from "./words.ts";

export type Values = Readonly<Record<string, string>>;

type Field =
  | { kind: "text"; id: string; label: string; most: number; optional?: boolean; hint?: string }
  | {
      kind: "choice";
      id: string;
      label: string;
      choices: readonly Choice[];
      optional?: boolean;
      hint?: string;
    }
  | { kind: "pool"; id: string; label: string; optional?: boolean; hint?: string }
  | { kind: "person"; id: string; label: string; optional?: boolean };

/** A verb as a modal: what it asks for, and the body it makes of the answers. */
export interface Form {
  id: string;
  verb: string;
  title: string;
  submit: string;
  done: string;
  fields: readonly Field[];
  body(values: Values, meta: Meta): Record<string, unknown>;
  /** The field whose Slack user has to be somebody of the register. */
  names?: string;
}

/** Slack's own limit of an input. The core takes longer texts at the desk. */
export const longestInput = 3000;

const choices = (codes: readonly string[]): Choice[] =>
  codes.map((value) => ({ value, text: worded(value) }));
const given = (values: Values, ...names: string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])));

const all: readonly Form[] = [
  {
    id: "decline",
    verb: "decline",
    title: "Not us",
    submit: "Pass it on",
    done: "It has been passed on.",
    fields: [
      { kind: "choice", id: "reason", label: "Why", choices: choices(declineReasons) },
      {
        kind: "pool",
        id: "likelyOwner",
        label: "Whose it is, if you know",
        hint: "Left empty, it goes to triage.",
        optional: true,
      },
      { kind: "text", id: "note", label: "A note for whoever gets it", most: longestInput, optional: true },
    ],
    body: (values) => given(values, "reason", "likelyOwner", "note"),
  },
  {
    id: "ask",
    verb: "ask",
    title: "Ask the member",
    submit: "Ask",
    done: "The question is on its way to the forum.",
    fields: [
      {
        kind: "text",
        id: "text",
        label: "Your question",
        hint: "It is shown on the forum. Never ask for a name, a number or an address.",
        most: longestInput,
      },
    ],
    body: (values) => given(values, "text"),
  },
  {
    id: "release",
    verb: "release",
    title: "Release",
    submit: "Release",
    done: "It is open to the whole pool again.",
    fields: [{ kind: "text", id: "reason", label: "Why", most: 1000, optional: true }],
    body: (values) => given(values, "reason"),
  },
  {
    id: "transfer",
    verb: "transfer",
    title: "Transfer",
    submit: "Transfer",
    done: "It is your colleague's now.",
    fields: [{ kind: "person", id: "to", label: "To which colleague of this pool" }],
    names: "to",
    body: (values) => given(values, "to"),
  },
  {
    id: "resolve",
    verb: "resolve",
    title: "Resolve",
    submit: "Resolve",
    done: "It is resolved. Thank you.",
    fields: [
      {
        kind: "choice",
        id: "disposition",
        label: "What the department did",
        hint: "Left out, it is what the reply proposed.",
        choices: choices(dispositions),
        optional: true,
      },
      { kind: "choice", id: "result", label: "What came of it for the member", choices: choices(results) },
      {
        kind: "choice",
        id: "insight",
        label: "What the department learned",
        choices: choices(insights),
        optional: true,
      },
      { kind: "text", id: "note", label: "A note for the pool", most: longestInput, optional: true },
    ],
    body: (values) => given(values, "disposition", "result", "insight", "note"),
  },
  {
    id: "review",
    verb: "review",
    title: "Review the reply",
    submit: "Decide",
    done: "Your decision is with the author.",
    fields: [
      {
        kind: "choice",
        id: "decision",
        label: "May this be sent?",
        choices: [
          { value: "approve", text: "Approve it as it stands" },
          { value: "return", text: "Return it to its author" },
        ],
      },
      { kind: "text", id: "note", label: "A note for the author", most: longestInput, optional: true },
    ],
    body: (values, meta) => ({ ...given(values, "decision", "note"), draft: meta.draft ?? "" }),
  },
  {
    id: "clearance",
    verb: "draft",
    title: "Ask for clearance",
    submit: "Send for clearance",
    done: "It is with the clearer. You are told here what they decide.",
    fields: [
      { kind: "person", id: "clearer", label: "Who clears it (empty: whoever is first)", optional: true },
      { kind: "text", id: "text", label: "Your reply", most: longestInput },
    ],
    names: "clearer",
    body: (values) => given(values, "text", "clearer"),
  },
];

export const forms: ReadonlyMap<string, Form> = new Map(all.map((form) => [form.id, form]));

/** The pools as choices, by department. */
export function poolChoices(pools: Choices["pools"]): ChoiceGroup[] {
  const groups = new Map<string, Choice[]>();
  for (const { slug, name, department } of pools)
    groups.set(department, [...(groups.get(department) ?? []), { value: slug, text: name }]);
  return [...groups].map(([label, options]) => ({ label, options }));
}

/** A form with what was typed before, and above it what stands in its way. `pools`: those it may name. */
export function formView(
  form: Form,
  meta: Meta,
  {
    values = {},
    above = [],
    pools = [],
  }: { values?: Values; above?: readonly Block[]; pools?: ChoiceGroup[] } = {},
): ModalView {
  const fields = form.fields.flatMap((field): Block[] => {
    const value = values[field.id];
    if (field.kind === "text") return [textField(field, field.most, value)];
    if (field.kind === "choice") return [choiceField(field, [{ options: field.choices }], value)];
    // A select without options is none: an empty register names no pool.
    if (field.kind === "pool") return pools.length === 0 ? [] : [choiceField(field, pools, value)];
    return [personField(field, value)];
  });
  return modal(form.title, { ...meta, form: form.id }, [...above, ...fields], form.submit);
}

export const doneView = (form: Form, meta: Meta): ModalView => modal(form.title, meta, sections(form.done));
