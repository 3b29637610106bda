import type { AlertMessage, CardMessage, Digest, ThreadMessage } from "../../src/contract/notice.ts";
import { actions, bold, button, header, line, moment, person, sections, small } from "./blocks.ts";
import type { Block, Button } from "./sdk.ts";
import { clean, escapeMarkup, shorten } from "./text.ts";
import { worded, wordsOfAlert, wordsOfClock, wordsOfDay, wordsOfEvent, wordsOfState } from "./words.ts";

/** A message: what notifications say (never a member's words), and what is seen. */
export interface Rendered {
  text: string;
  blocks: Block[];
}

type Card = CardMessage["data"];

const excerptLength = 8000;
const titleLength = 200;

/** Buttons that make sense in each state. Whether the person who clicks may is asked of the core each time. */
const buttonsIn: Record<string, readonly (readonly [text: string, action: string])[]> = {
  offered: [
    ["Claim", "claim"],
    ["Not us", "decline"],
  ],
  claimed: [
    ["Reply…", "reply"],
    ["Ask the member…", "ask"],
    ["Release", "release"],
    ["Transfer…", "transfer"],
    ["Not us", "decline"],
  ],
  waiting_member: [
    ["Release", "release"],
    ["Transfer…", "transfer"],
  ],
  waiting_clearance: [["Review…", "review"]],
  replied: [
    ["Resolve…", "resolve"],
    ["Add to the reply…", "reply"],
    ["Release", "release"],
  ],
};

/** The buttons of a referral in a state; its reference is all they carry. */
export function buttonsFor(state: string, reference: string): Button[] {
  const own = buttonsIn[state] ?? [];
  return [...own, ["Show full text", "show"] as const].map(([text, action], index) =>
    button(text, action, reference, index === 0 && own.length > 0 ? "primary" : undefined),
  );
}

/** A referral's card as its pool sees it at this moment. */
export function renderCard(card: Card): Rendered {
  const { reference, state } = card;
  const text = escapeMarkup(`${wordsOfState(state)}: ${reference} from ${card.forum.name}`);
  if (card.verbs.length === 0 && card.hidden) {
    const where = card.pool === null ? wordsOfState(state) : `Now with ${card.pool.name}`;
    return { text, blocks: [header(reference), small(where)] };
  }
  const post = card.hidden
    ? [small("The post was deleted, so its words are no longer shown.")]
    : [
        ...(card.title === null ? [] : sections(shorten(clean(card.title), titleLength))),
        ...(card.excerpt === null ? [] : sections(shorten(clean(card.excerpt), excerptLength))),
      ];
  const isOver = ["resolved", "closed", "withdrawn", "merged"].includes(state);
  return {
    text,
    blocks: [
      header(`${wordsOfState(state)} · ${reference}`),
      ...post,
      line(...facts(card)),
      ...card.doors.map(({ says }) => small(`Look again: ${says}`)),
      ...(card.masked.length === 0
        ? []
        : [small(`Masked before it was stored: ${card.masked.map(worded).join(", ")}`)]),
      ...(isOver || card.verbs.length === 0 ? [] : [actions("referral", buttonsFor(state, reference))]),
    ],
  };
}

function facts(card: Card): Parameters<typeof line> {
  const parts: Parameters<typeof line> = [
    bold("Forum: "),
    card.forum.name,
    bold("\nWhy here: "),
    card.because,
  ];
  if (card.topic !== null) parts.push(bold("\nTopic: "), card.topic);
  if (card.urgency !== "normal") parts.push(bold("\nUrgency: "), card.urgency);
  if (card.language !== "en")
    parts.push(bold("\nLanguage: "), card.language === "cy" ? "Welsh" : card.language);
  if (card.owner) {
    parts.push(bold("\nWith: "), person(card.owner.id, card.owner.slackUserId));
    if (card.claimedAt) parts.push(" since ", moment(card.claimedAt));
  }
  if (card.onDuty) {
    const names = card.onDuty.advisors.flatMap(({ id, slackUserId }, i) => [
      ...(i === 0 ? [] : [", "]),
      person(id, slackUserId),
    ]);
    parts.push(
      bold(`\nOn duty on ${wordsOfDay(card.onDuty.day)}: `),
      ...(names.length === 0 ? ["nobody"] : names),
    );
  }
  if (card.event === "referral.lapsed") parts.push("\nThe claim lapsed; it is open to everybody again.");
  if (card.event === "referral.escalated") parts.push("\nNobody claimed it in time; it was escalated.");
  if (card.dueAt !== null) parts.push(bold(`\n${wordsOfClock(card.clock ?? "due")}: `), moment(card.dueAt));
  return parts;
}

/** What opens the private thread when somebody claims. */
export function renderThreadOpening(card: Card): Rendered {
  const text = escapeMarkup(`The private thread of ${card.reference}`);
  const owner = card.owner ? [person(card.owner.id, card.owner.slackUserId), " has claimed this. "] : [];
  return {
    text,
    blocks: [
      line(
        ...owner,
        "Talk about it here: nothing written in this thread leaves Slack. Only Reply… and Ask the member… do.",
      ),
      ...(card.post === null
        ? []
        : [line("The post: ", { type: "link", url: card.post, text: "open it on the forum" })]),
    ],
  };
}

/** A line in the private thread of a referral. */
export function renderMessage(message: ThreadMessage["data"]): Rendered {
  const words = wordsOfEvent(message.event);
  const to = message.for ? [person(message.for.id, message.for.slackUserId), " "] : [];
  return {
    text: escapeMarkup(`${words} ${message.reference}`),
    blocks: [line(...to, bold(words)), ...(message.text === null ? [] : sections(message.text))],
  };
}

/** A call for somebody outside the pool. */
export function renderAlert(alert: AlertMessage["data"]): Rendered {
  if (alert.digest) return renderDigest(alert.digest, alert);
  const head = `${wordsOfAlert(alert.alert)}${alert.reference === null ? "" : ` · ${alert.reference}`}`;
  return {
    text: escapeMarkup(head),
    blocks: [
      header(head),
      ...sections(/^[a-z]+\.[a-z_]+$/.test(alert.text) ? wordsOfEvent(alert.text) : alert.text),
      ...named(alert.to),
      ...(alert.dueAt === null ? [] : [line(bold("Due: "), moment(alert.dueAt))]),
      ...(alert.reference === null
        ? []
        : [actions("alert", [button("Show full text", "show", alert.reference)])]),
    ],
  };
}

const named = (people: AlertMessage["data"]["to"]): Block[] =>
  people.length === 0
    ? []
    : [
        line(
          ...people.flatMap(({ id, slackUserId }, i) => [i === 0 ? "For " : ", ", person(id, slackUserId)]),
        ),
      ];

/** What waits in a pool this morning, for its leads. */
function renderDigest({ waiting, late, first }: Digest, { pool = "", to }: AlertMessage["data"]): Rendered {
  const all = waiting.reduce((sum, { count }) => sum + count, 0);
  const head = `This morning: ${all} waiting, ${late} late`;
  return {
    text: escapeMarkup(`${head} · ${pool}`),
    blocks: [
      header(head),
      line(waiting.map(({ state, count }) => `${wordsOfState(state)}: ${count}`).join("\n")),
      line(bold("Due first")),
      ...first.map(({ reference, state, dueAt }) =>
        line(`${reference} · ${wordsOfState(state)}`, ...(dueAt === null ? [] : [" · ", moment(dueAt)])),
      ),
      ...named(to),
    ],
  };
}

/** What stands where a referral's words have been. */
export const blanked: Rendered = {
  text: "This has been removed.",
  blocks: [small("This has been removed.")],
};
