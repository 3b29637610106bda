import type { ReferralView } from "../../src/contract/core-api.ts";
import { actions, bold, button, divider, header, line, moment, sections, small } from "./blocks.ts";
import { buttonsFor } from "./render.ts";
import type { Block } from "./sdk.ts";
import { worded, wordsOfClock, wordsOfState } from "./words.ts";

const mostReplies = 5;
const mostEvents = 15;

interface Post {
  title?: string;
  excerpt?: string;
  url?: string;
  note?: string;
}

/** Everything a referral's pool may read of it. */
export function showBlocks(view: ReferralView): Block[] {
  const post: Post = typeof view.post === "object" && view.post !== null ? view.post : {};
  return [
    line(bold(wordsOfState(view.state)), ` · ${view.forum.name}`, ...dueOf(view)),
    ...(post.title ? sections(post.title) : []),
    ...(post.excerpt ? sections(post.excerpt) : [small("The words of this referral are no longer kept.")]),
    ...(post.url ? [line({ type: "link", url: post.url, text: "The post on the forum" })] : []),
    ...(post.note ? [small("A note for you:"), ...sections(post.note)] : []),
    ...(view.masked.length > 0 ? [small(`Masked: ${view.masked.map(worded).join(", ")}`)] : []),
    ...view.replies
      .slice(-mostReplies)
      .flatMap((reply) => [
        divider,
        small(`Reply, ${worded(reply.state).toLowerCase()}`),
        ...(reply.text ? sections(reply.text) : []),
      ]),
    divider,
    ...view.history
      .slice(-mostEvents)
      .map((event) => line(moment(event.at), `  ${worded(event.type)}, by ${event.by.id ?? event.by.role}`)),
  ];
}

function dueOf(view: ReferralView): Parameters<typeof line> {
  if (view.next.dueAt === null) return [];
  return [` · ${wordsOfClock(view.next.clock ?? "due")} `, moment(view.next.dueAt)];
}

/** Where a referral stands, for whoever moderates the forum it came from. */
export const standingBlocks = (view: ReferralView): Block[] => [
  line(bold(`${wordsOfState(view.state)} · ${view.reference}`)),
  line(view.pool === null ? "No pool has it." : `With ${view.pool.name}.`, ...dueOf(view)),
  small(view.routing.because),
];

/** A referral in a few lines, with what can be done with it. */
export function summaryBlocks(view: ReferralView): Block[] {
  return [
    header(`${wordsOfState(view.state)} · ${view.reference}`),
    line(view.forum.name, ...dueOf(view)),
    actions(view.reference, buttonsFor(view.state, view.reference)),
  ];
}

/** A list with a heading; each entry opens. */
export function listBlocks(title: string, views: readonly ReferralView[]): Block[] {
  if (views.length === 0) return [line(bold(title), "\nNothing at the moment.")];
  return [
    line(bold(title)),
    ...views.map(
      (view): Block => ({
        type: "section",
        text: {
          type: "plain_text",
          text: `${view.reference} · ${wordsOfState(view.state)} · ${view.forum.name}`.slice(0, 300),
          emoji: false,
        },
        accessory: button("Open", "show", view.reference),
      }),
    ),
  ];
}

/** Slack refuses an answer of more than about 13,200 characters (`msg_blocks_too_long`); a window takes all of it. */
const mostCharacters = 12_000;

/** As many blocks as one answer takes, and where the rest is read. */
export function fitted(blocks: readonly Block[]): Block[] {
  let left = mostCharacters;
  const end = blocks.findIndex((block) => {
    left -= JSON.stringify(block).length;
    return left < 0;
  });
  if (end === -1) return [...blocks];
  return [...blocks.slice(0, end), small("There is more: choose “Show full text”.")];
}
