import type { ReferralView, ReplyView } from "../../src/contract/core-api.ts";
import {
  declineReasons,
  dispositions,
  finishedStates,
  heldStates,
  insights,
  type Role,
  results,
  type State,
  states,
} from "../../src/contract/vocabulary.ts";

/** What a form asks for. Its label, hint and choices are words of the site, found by its name. */
export interface Field {
  name: string;
  kind: "text" | "line" | "choice";
  /** Where the choices come from; `pools` and `colleagues` are looked up. */
  from?: "declineReasons" | "dispositions" | "results" | "insights" | "decisions" | "pools" | "colleagues";
  optional?: true;
  most: number;
}

/** Something that can be done with a referral at the desk, in which states and by whom; the core decides in the end. */
export interface Action {
  id: string;
  verb: string;
  in: readonly State[];
  by: readonly Role[];
  fields: readonly Field[];
  /** What the verb is given beside what was typed; null where there is nothing to do it to. */
  about?(view: ReferralView): Record<string, string> | null;
  /** Needs a second thought, or is the first thing to do. */
  weight?: "warning" | "first";
}

export type Values = Readonly<Record<string, string>>;

const decisions = ["approve", "return"] as const;
export const choices: Readonly<Record<string, readonly string[]>> = {
  declineReasons,
  dispositions,
  results,
  insights,
  decisions,
};

const held: readonly State[] = heldStates;
const open = states.filter((state) => !(finishedStates as readonly State[]).includes(state));
const answered: readonly State[] = ["claimed", "replied", "resolved", "closed"];

const text = (name: string, most = 4000): Field => ({ name, kind: "text", most });
const line = (name: string, most = 2000): Field => ({ name, kind: "line", most });
const choice = (name: string, from: NonNullable<Field["from"]>): Field => ({
  name,
  kind: "choice",
  from,
  most: 200,
});
const maybe = (field: Field): Field => ({ ...field, optional: true });

/** The newest reply in one of these states. */
export const newestIn = (view: ReferralView, ...wanted: string[]): ReplyView | undefined =>
  view.replies.findLast(({ state }) => wanted.includes(state));

const shownReply = (view: ReferralView): Record<string, string> | null => {
  const reply = newestIn(view, "delivered", "corrected");
  return reply ? { reply: reply.id } : null;
};
const openDraft = (view: ReferralView): Record<string, string> | null => {
  const draft = newestIn(view, "draft");
  return draft ? { draft: draft.id } : null;
};

export const actions: readonly Action[] = [
  { id: "claim", verb: "claim", in: ["offered"], by: ["advisor"], fields: [], weight: "first" },
  {
    id: "reply",
    verb: "reply",
    in: ["claimed", "replied"],
    by: ["owner", "lead"],
    fields: [],
    weight: "first",
  },
  {
    id: "resolve",
    verb: "resolve",
    in: ["replied"],
    by: ["owner", "lead"],
    weight: "first",
    fields: [
      choice("result", "results"),
      maybe(choice("disposition", "dispositions")),
      maybe(choice("insight", "insights")),
      maybe(text("note")),
    ],
  },
  {
    id: "review",
    verb: "review",
    in: ["waiting_clearance"],
    by: ["clearer"],
    weight: "first",
    about: openDraft,
    fields: [choice("decision", "decisions"), maybe(text("note"))],
  },
  {
    id: "acknowledge",
    verb: "acknowledge",
    in: ["diverted"],
    by: ["safeguarding"],
    fields: [],
    weight: "first",
  },
  {
    id: "reroute",
    verb: "reroute",
    in: ["triage"],
    by: ["triage"],
    weight: "first",
    fields: [choice("pool", "pools"), text("because", 1000)],
  },
  { id: "ask", verb: "ask", in: ["claimed"], by: ["owner"], fields: [text("text")] },
  { id: "recall", verb: "recall", in: ["waiting_clearance"], by: ["owner"], fields: [], about: openDraft },
  {
    id: "note",
    verb: "note",
    in: states,
    by: ["advisor", "owner", "lead", "clearer", "triage", "safeguarding"],
    fields: [text("text")],
  },
  { id: "transfer", verb: "transfer", in: held, by: ["owner", "lead"], fields: [choice("to", "colleagues")] },
  { id: "release", verb: "release", in: held, by: ["owner", "lead"], fields: [maybe(text("reason", 1000))] },
  {
    id: "decline",
    verb: "decline",
    in: ["offered"],
    by: ["advisor", "lead"],
    fields: [choice("reason", "declineReasons"), maybe(choice("likelyOwner", "pools")), maybe(text("note"))],
  },
  {
    id: "decline",
    verb: "decline",
    in: ["claimed"],
    by: ["owner", "lead"],
    fields: [choice("reason", "declineReasons"), maybe(choice("likelyOwner", "pools")), maybe(text("note"))],
  },
  {
    id: "reroute",
    verb: "reroute",
    in: ["offered"],
    by: ["lead"],
    fields: [choice("pool", "pools"), text("because", 1000)],
  },
  {
    id: "correct",
    verb: "correct",
    in: answered,
    by: ["owner", "last-owner", "lead"],
    about: shownReply,
    fields: [text("text", 10_000)],
  },
  {
    id: "retract",
    verb: "retract",
    in: answered,
    by: ["owner", "last-owner", "lead"],
    about: shownReply,
    fields: [text("reason", 1000)],
    weight: "warning",
  },
  {
    id: "stand-down",
    verb: "stand-down",
    in: ["diverted"],
    by: ["safeguarding"],
    fields: [text("reason", 1000)],
  },
  ...(
    [
      [["claimed", "waiting_member", "waiting_clearance"], ["owner"]],
      [["offered"], ["lead", "triage"]],
      [["triage"], ["triage"]],
      [["diverted"], ["safeguarding"]],
    ] as const
  ).map(
    ([where, by]): Action => ({
      id: "close",
      verb: "close",
      in: where,
      by,
      weight: "warning",
      fields: [
        choice("disposition", "dispositions"),
        choice("result", "results"),
        maybe(text("because", 1000)),
        maybe(line("signpostText", 1000)),
        maybe(line("signpostUrl")),
      ],
    }),
  ),
  {
    id: "divert",
    verb: "divert",
    in: open.filter((state) => state !== "diverted"),
    by: ["advisor", "owner", "lead", "triage"],
    fields: [text("reason", 1000)],
    weight: "warning",
  },
];

/** What these roles may do with a referral as it stands. */
export function actionsFor(view: ReferralView, roles: ReadonlySet<Role>): Action[] {
  return actions.filter(
    (action) =>
      action.in.some((state) => state === view.state) &&
      action.by.some((role) => roles.has(role)) &&
      (action.about === undefined || action.about(view) !== null),
  );
}

/** The verb's body from what was typed; fields left empty are not sent. */
export function bodyOf(action: Action, view: ReferralView, values: Values): Record<string, unknown> {
  const typed = action.fields.flatMap(({ name }) => (values[name] ? [[name, values[name]]] : []));
  const { signpostText, signpostUrl, ...rest } = Object.fromEntries(typed) as Record<string, string>;
  const signpost =
    signpostText === undefined && signpostUrl === undefined
      ? {}
      : { signpost: { text: signpostText ?? "", url: signpostUrl ?? "" } };
  return { ...rest, ...signpost, ...action.about?.(view) };
}
