import { lengths, ReferralBody } from "../../src/contract/bodies.ts";
import type { Advice, Choices, ReferralView } from "../../src/contract/core-api.ts";
import { parseInput } from "../../src/contract/input.ts";
import { bold, choiceField, line, moment, sections, small, textField } from "./blocks.ts";
import type { Deed, Desk } from "./desk.ts";
import { longestInput, type Values } from "./forms.ts";
import { linkOf, type Post, plainWords, postOf, readPost } from "./posts.ts";
import { adviceBlocks, explain } from "./refusals.ts";
import type { Block, ModalView } from "./sdk.ts";
import { clean, split } from "./text.ts";
import { type Meta, modal } from "./view-parts.ts";
import { worded, wordsOfNext } from "./words.ts";

const title = "Refer to an advisor";

const consents = [
  { value: "member-agreed", text: "The member agreed" },
  { value: "ask-member", text: "Ask the member" },
];
const urgencies = ["normal", "soon", "urgent"].map((value) => ({ value, text: worded(value) }));

/** Where a moderator refers a message: from the message's own menu, or with `/refer`, which asks for its link. */
export function referView(
  meta: Meta,
  choices: Choices,
  values: Values = {},
  above: readonly Block[] = [],
): ModalView {
  const isLinked = meta.ts === undefined;
  const link = { id: "link", label: "Link to the message", hint: "In the message's own menu: Copy link." };
  const excerpt = {
    id: "excerpt",
    label: "What is passed on",
    hint: isLinked
      ? "Left empty, it is the whole message. Numbers and addresses of people are masked."
      : "Cut what an advisor does not need. Numbers and addresses of people are masked.",
    optional: isLinked,
  };
  return modal(
    title,
    { ...meta, form: "refer" },
    [
      ...above,
      ...(isLinked ? [textField(link, 500, values.link)] : []),
      textField(excerpt, longestInput, values.excerpt),
      ...topicField(choices, values.topic),
      choiceField({ id: "consent", label: "Consent" }, [{ options: consents }], values.consent),
      choiceField({ id: "urgency", label: "Urgency" }, [{ options: urgencies }], values.urgency ?? "normal"),
      textField({ id: "note", label: "A note for the advisor", optional: true }, longestInput, values.note),
    ],
    "Refer",
  );
}

function topicField({ likely, topics }: Choices, initial: string | undefined): Block[] {
  const optionsOf = (some: Choices["topics"]) => some.map(({ code, title: text }) => ({ value: code, text }));
  const others = topics.filter(({ code }) => !likely.some((one) => one.code === code));
  const groups = [
    { label: "Likeliest", options: optionsOf(likely) },
    { label: "All topics", options: optionsOf(others) },
  ].filter(({ options }) => options.length > 0);
  if (groups.length === 0) return [];
  const words = {
    id: "topic",
    label: "Topic",
    hint: "Left empty, it is found from the words.",
    optional: true,
  };
  return [choiceField(words, groups, initial)];
}

/** Opens the modal with what is in memory: nothing is asked of the database or of Slack before it stands there. */
export async function openRefer(desk: Desk, deed: Deed, given: { text: string; post?: Post }): Promise<void> {
  const { text, post } = given;
  const words = plainWords(text);
  const link = words.split(/\s/).find((word) => postOf(word) !== null);
  const meta: Meta = {
    reference: "",
    channel: deed.channel,
    form: "refer",
    ...(post ? { ts: post.ts, rootTs: post.rootTs } : {}),
  };
  const excerpt = split(clean(post || !link ? words : words.replace(link, "").trim()), longestInput)[0] ?? "";
  await desk.open(
    deed,
    referView(meta, desk.deps.core.choicesAtHand(words), link && !post ? { link, excerpt } : { excerpt }),
  );
}

/** Refers the message: who asks, where it stands and what it says are looked at now. What was typed is given back with a refusal. */
export async function submitRefer(
  desk: Desk,
  deed: Deed,
  meta: Meta,
  viewId: string,
  values: Values,
): Promise<void> {
  const { core } = desk.deps;
  const again = (why: Block[]) => referView(meta, core.choicesAtHand(values.excerpt ?? ""), values, why);
  const refuse = async (why: Block[]) => {
    if (!(await desk.update(viewId, again(why)))) await desk.tell(deed, why);
  };
  try {
    const moderator = await desk.forums.moderatorOf(deed.user);
    if (!moderator.ok) return await refuse(sections(moderator.says));
    const found = await postToRefer(desk, meta, values);
    if ("says" in found) return await refuse(sections(found.says));
    const { forum } = moderator;
    const actor = { kind: "forum", forum: forum.slug, voice: "moderator" } as const;
    const from = { actor, eventId: `slack:${deed.event}` };
    const { referral } = await core.submitReferral(forum.slug, bodyOf(found, deed.user, values), from);
    const blocks = answerBlocks(referral);
    await desk.update(viewId, modal("Passed on", meta, blocks));
    await desk.tell(deed, blocks);
  } catch (error) {
    await refuse(explain(error, ""));
  }
}

interface Found {
  url: string;
  author: string | null;
  words: string;
}

/**
 * The message to refer. Refuses what stands in a pool's or an alert's channel, where everything said is private, and what
 * stands in another channel than the one the moderator is in, which they might not be allowed to see.
 */
async function postToRefer(desk: Desk, meta: Meta, values: Values): Promise<Found | { says: string }> {
  const { channel, ts, rootTs } = meta;
  if (channel === null) return { says: "Refer a message from the channel it stands in." };
  const places = await desk.deps.core.listPlaces("slack");
  if (places.some(({ address }) => address.channel === channel))
    return { says: "This channel is private to a pool. What is said here stays here." };
  const url = ts === undefined ? (values.link ?? "").trim() : await linkOf(desk.client, channel, ts);
  const at = ts !== undefined && rootTs !== undefined ? { channel, ts, rootTs } : postOf(url ?? "");
  if (url === null) return { says: "The app cannot see this channel. Invite it with /invite first." };
  if (at === null) return { says: "This is not the link of a message in Slack." };
  if (at.channel !== channel) return { says: "The message stands in another channel. Use /refer there." };
  const read = await readPost(desk.client, at);
  return "says" in read ? read : { url, ...read };
}

function bodyOf({ url, author, words }: Found, moderator: string, values: Values): ReferralBody {
  const { topic, consent, urgency, note } = values;
  return parseInput(ReferralBody, {
    excerpt: values.excerpt ?? split(clean(words), lengths.excerpt)[0] ?? "",
    url,
    moderator,
    consent,
    ...(author === null ? {} : { member: author }),
    ...(topic === undefined ? {} : { topic }),
    ...(urgency === undefined ? {} : { urgency }),
    ...(note === undefined ? {} : { note }),
  });
}

/** What became of it, for the moderator alone: safety advice first, then reference, pool, reason, what was masked, what is next. */
function answerBlocks(view: ReferralView & { advice?: Advice[] }): Block[] {
  const { reference, state, pool, routing, masked, next } = view;
  const due = next.dueAt === null ? [] : [" By ", moment(next.dueAt), "."];
  return [
    ...adviceBlocks(view.advice),
    line("Passed on as ", bold(reference), pool === null ? "." : ` to ${pool.name}.`),
    line(bold("Why: "), routing.because),
    small(masked.length === 0 ? "Nothing had to be masked." : `Masked: ${masked.map(worded).join(", ")}`),
    line(bold("Next: "), wordsOfNext(state), ...due),
  ];
}
