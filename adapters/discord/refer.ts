import { setTimeout as sleep } from "node:timers/promises";
import { lengths, ReferralBody } from "../../src/contract/bodies.ts";
import type { ForumEntry } from "../../src/contract/core-api.ts";
import { parseInput } from "../../src/contract/input.ts";
import { bornText, forModerator } from "./answers.ts";
import {
  byGuild,
  type Desk,
  forumOf,
  from,
  isModerator,
  later,
  type Reaction,
  say,
  wordsIn,
} from "./desk.ts";
import { notSure, referForm } from "./form.ts";
import type { Draft } from "./memories.ts";
import { type Interaction, optionsOf, personOf, valuesOf } from "./schema.ts";
import { clean, shorten } from "./text.ts";
import type { Say } from "./words.ts";

const link =
  /^<?https:\/\/(?:(?:canary|ptb)\.)?discord(?:app)?\.com\/channels\/(\d{1,20})\/(\d{1,20})\/(\d{1,20})>?$/;
const threads = [10, 11, 12];

/** Opens the form of a referral from what is at hand: a modal has to come first, so no database is asked. */
export function openReferral(desk: Desk, interaction: Interaction): Reaction {
  const { guild_id: guild } = interaction;
  const t = wordsIn(desk, guild);
  if (guild === undefined) return say(t("noServer"));
  if (!isModerator(interaction)) return say(t("notModerator"));
  const forum = desk.deps.core.forumAtHand(...byGuild, guild);
  if (forum === null) return unjoined(desk, guild, t);
  const draft = draftOf(interaction, guild);
  if (draft === null) return say(t("badLink"));
  if (draft.author === interaction.application_id) return say(t("ownMessage"));
  const choices = desk.deps.core.choicesAtHand(draft.excerpt);
  return {
    first: referForm(interaction.id, choices, draft.excerpt.trim() === "", t),
    async later() {
      await desk.memories.keepDraft(interaction.id, draft);
      return null;
    },
  };
}

/** The server may have joined a moment ago, through another instance. */
const unjoined = (desk: Desk, guild: string, t: Say): Reaction =>
  later(async () => t((await forumOf(desk, guild)) === null ? "notJoined" : "joinedJustNow"));

/** What is referred: the message of the menu, or what the options of `/refer` name. Null where a link leads elsewhere. */
function draftOf(interaction: Interaction, guild: string): Draft | null {
  const { data, channel } = interaction;
  const place = {
    title: threads.includes(channel?.type ?? 0) ? (channel?.name ?? null) : null,
    board: threads.includes(channel?.type ?? 0) ? null : (channel?.name ?? null),
  };
  const message = data?.resolved?.messages?.[data.target_id ?? ""];
  if (message)
    return {
      ...place,
      guild,
      channel: message.channel_id,
      message: message.id,
      author: message.author.id,
      excerpt: message.content.slice(0, lengths.excerpt),
    };
  const { values } = optionsOf(interaction);
  const here = { ...place, guild, channel: interaction.channel_id ?? "", message: null };
  const base = { ...here, author: values.member ?? null, excerpt: "" };
  if (values.message === undefined) return base;
  const [, itsGuild, itsChannel, itsMessage] = link.exec(values.message.trim()) ?? [];
  if (itsGuild !== guild || !itsChannel || !itsMessage) return null;
  const isHere = itsChannel === base.channel;
  return {
    ...base,
    channel: itsChannel,
    message: itsMessage,
    ...(isHere ? {} : { title: null, board: null }),
  };
}

/** Takes the form: the referral is durable when the moderator reads that it is. Sent twice, it is one referral. */
export function submitReferral(desk: Desk, interaction: Interaction, id: string): Reaction {
  return forModerator(desk, interaction, (forum, t) => refer(desk, interaction, { forum, id, t }));
}

interface Given {
  forum: ForumEntry;
  id: string;
  t: Say;
}

const waitsMs = [0, 300, 1_000, 3_000];

/** The draft may still be on its way from the instance that opened the form. */
async function findDraft({ memories }: Desk, id: string): Promise<Draft | null> {
  for (const ms of waitsMs) {
    if (ms > 0) await sleep(ms);
    const draft = await memories.readDraft(id);
    if (draft) return draft;
  }
  return null;
}

async function refer(desk: Desk, interaction: Interaction, { forum, id, t }: Given): Promise<string> {
  const { core } = desk.deps;
  const asModerator = from(forum, "moderator", id);
  const known = await desk.memories.readPost(id);
  if (known?.reference && known.guild === interaction.guild_id) {
    const view = await core.viewReferral(known.reference, asModerator.actor);
    return bornText(view, { isNew: false, forum, t });
  }
  const draft = await findDraft(desk, id);
  if (draft === null || draft.guild !== interaction.guild_id) return t("draftGone");
  const { guild, author } = draft;
  const member = author === null ? null : await desk.memories.memberHash(guild, author);
  await desk.memories.keepPost(id, { guild, member, asked: author, reference: null });
  const body = bodyOf(draft, valuesOf(interaction), {
    id,
    member,
    moderator: personOf(interaction)?.id ?? "unknown",
  });
  const { created, referral } = await core.submitReferral(forum.slug, body, asModerator);
  const { reference, state } = referral;
  const asked = state === "awaiting_consent" ? author : null;
  await desk.memories.keepPost(id, { guild, member, asked, reference });
  if (draft.message !== null) await desk.memories.keepMessage(draft.message, { reference, is: "post" });
  await desk.memories.dropDraft(id, draft);
  return bornText(referral, { isNew: created, forum, t });
}

function bodyOf(
  draft: Draft,
  values: Readonly<Record<string, string>>,
  { id, member, moderator }: { id: string; member: string | null; moderator: string },
): ReferralBody {
  const { guild, channel, message, title, board } = draft;
  const excerpt = clean(draft.excerpt.trim() === "" ? (values.excerpt ?? "") : draft.excerpt).trim();
  const topic = values.topic === notSure ? undefined : values.topic;
  const given = {
    title: short(title, lengths.title),
    excerpt: shorten(excerpt, lengths.excerpt),
    url: `https://discord.com/channels/${guild}/${channel}${message === null ? "" : `/${message}`}`,
    topic,
    board: short(board, lengths.id),
    externalId: id,
    member: member ?? undefined,
    moderator,
    consent: values.consent,
    urgency: values.urgency,
    note: short(values.note ?? null, lengths.text),
  };
  return parseInput(ReferralBody, given);
}

const short = (text: string | null, most: number): string | undefined =>
  text === null ? undefined : shorten(clean(text).trim(), most) || undefined;
