import { lengths } from "../../src/contract/bodies.ts";
import type { ForumEntry } from "../../src/contract/core-api.ts";
import type { Result } from "../../src/contract/vocabulary.ts";
import { explain } from "./answers.ts";
import {
  body,
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
import { wordsForm } from "./form.ts";
import { componentTypes, type Interaction, personOf, valuesOf } from "./schema.ts";
import { clean, shorten } from "./text.ts";
import { type Say, type Word, wordsOf } from "./words.ts";

/** What a button carries: what it does, for which referral, and the mark of its member. In a direct message the server too. */
interface Pressed {
  kind: string;
  reference: string;
  tag: string;
  guild: string;
}

type Speaker = "member" | "moderator";

const results: Record<string, Result> = { helped: "helped", partly: "partly_helped", not: "not_helped" };
const styles = { plain: 2, green: 3, red: 4 } as const;

const button = (label: string, id: string, style: number = styles.plain) => ({
  type: componentTypes.button,
  style,
  label,
  custom_id: id,
});
const row = (...components: unknown[]) => [{ type: componentTypes.row, components }];

/** The buttons under a reply. */
export const replyButtons = (reference: string, tag: string, t: Say) =>
  row(
    button(t("helped"), `helped:${reference}:${tag}`, styles.green),
    button(t("partly"), `partly:${reference}:${tag}`),
    button(t("not"), `not:${reference}:${tag}`),
    button(t("again"), `again:${reference}:${tag}`),
  );

/** The button under a message that ends a referral without a reply. */
export const againButton = (reference: string, tag: string, t: Say) =>
  row(button(t("again"), `again:${reference}:${tag}`));

/** The button under an advisor's question. */
export const answerButton = (reference: string, tag: string, t: Say) =>
  row(button(t("answer"), `answer:${reference}:${tag}`));

/** Yes and No, for the member alone. The server stands in them, because a direct message names none. */
export const consentButtons = (reference: string, tag: string, guild: string, t: Say) =>
  row(
    button(t("yes"), `yes:${reference}:${tag}:${guild}`, styles.green),
    button(t("no"), `no:${reference}:${tag}:${guild}`, styles.red),
  );

const pattern = /^(helped|partly|not|again|answer|yes|no):([\w-]{1,40}):([\w-]{1,30})(?::(\d{1,20}))?$/;

function read(interaction: Interaction): Pressed | null {
  const [, kind, reference, tag, named] = pattern.exec(interaction.data?.custom_id ?? "") ?? [];
  // In a server it is that server, whatever the button says.
  const guild = interaction.guild_id ?? named;
  return kind && reference && tag && guild ? { kind, reference, tag, guild } : null;
}

/** As whom this person speaks of the referral: its member first, else a moderator; null for anybody else, undefined while that cannot be known. */
function speakerNow(desk: Desk, interaction: Interaction, pressed: Pressed): Speaker | null | undefined {
  const user = personOf(interaction)?.id ?? "";
  const isMember = desk.memories.isMember({ guild: pressed.guild, user }, pressed);
  if (isMember) return "member";
  if (interaction.guild_id !== undefined && isModerator(interaction))
    return isMember === null ? undefined : "moderator";
  return isMember === null ? undefined : null;
}

async function speakerOf(desk: Desk, interaction: Interaction, pressed: Pressed): Promise<Speaker | null> {
  await desk.memories.open();
  return speakerNow(desk, interaction, pressed) ?? null;
}

/** A press of a button under one of our messages. Who presses is worked out each time; buttons outlive rights. */
export function press(desk: Desk, interaction: Interaction): Reaction {
  const pressed = read(interaction);
  const t = wordsIn(desk, pressed?.guild);
  if (pressed === null) return say(t("fault"));
  const { kind } = pressed;
  if (kind === "again" || kind === "answer") {
    // The form has to come first; where the key of the marks is not at hand yet, it is asked when the form comes back.
    if (speakerNow(desk, interaction, pressed) === null) return say(t("notYours"));
    const title = t(kind === "again" ? "againTitle" : "answerTitle");
    return { first: wordsForm(interaction.data?.custom_id ?? "", title, t) };
  }
  return work(desk, interaction, pressed, kind === "yes" || kind === "no" ? consent : feedback);
}

/** The words somebody typed after Ask again or Answer. */
export function submitWords(desk: Desk, interaction: Interaction): Reaction {
  const pressed = read(interaction);
  return pressed === null
    ? say(wordsIn(desk, interaction.guild_id)("fault"))
    : work(desk, interaction, pressed, passOn);
}

interface Deed {
  desk: Desk;
  interaction: Interaction;
  pressed: Pressed;
  forum: ForumEntry;
  speaker: Speaker;
  t: Say;
}

function work(
  desk: Desk,
  interaction: Interaction,
  pressed: Pressed,
  act: (deed: Deed) => Promise<Word>,
): Reaction {
  return later(async () => {
    const { reference, guild } = pressed;
    const known = desk.deps.core.forumAtHand(...byGuild, guild);
    let language = known?.language ?? "en";
    try {
      const [forum, speaker] = await Promise.all([
        forumOf(desk, guild),
        speakerOf(desk, interaction, pressed),
      ]);
      if (forum === null) return wordsOf(language)("notJoined");
      language = forum.language;
      const t = wordsOf(language);
      if (speaker === null) return t("notYours");
      return t(await act({ desk, interaction, pressed, forum, speaker, t }));
    } catch (error) {
      return explain(desk, error, { t: wordsOf(language), language, reference });
    }
  });
}

async function feedback({ desk, interaction, pressed, forum, speaker }: Deed): Promise<Word> {
  const { reference, kind } = pressed;
  const result = results[kind] ?? "unknown";
  const said = { type: "feedback", reference, result, saidBy: speaker } as const;
  const { referral } = await desk.deps.core.reportEvent(
    forum.slug,
    said,
    from(forum, speaker, interaction.id),
  );
  if (kind === "not" && referral.state === "claimed") return "backToAdvisor";
  return speaker === "member" ? "thanksMember" : "thanksModerator";
}

async function consent({ desk, interaction, pressed, forum, speaker, t }: Deed): Promise<Word> {
  if (speaker !== "member") return "notMember";
  const { reference, kind } = pressed;
  const given = kind === "yes";
  const said = { type: "member.consent", reference, given } as const;
  const { referral } = await desk.deps.core.reportEvent(
    forum.slug,
    said,
    from(forum, "member", interaction.id),
  );
  await forgetAsked(desk, referral.externalId);
  await closeQuestion(desk, interaction, t);
  return given ? "consentYes" : "consentNo";
}

/** Once the member has answered, they are known by the keyed hash alone. */
async function forgetAsked({ memories }: Desk, id: string | null): Promise<void> {
  const post = await memories.readPost(id);
  if (id !== null && post) await memories.keepPost(id, { ...post, asked: null });
}

/** Takes the buttons from a question that has been answered. What fails here is mended by the answer to a second press. */
async function closeQuestion({ call, deps }: Desk, { message }: Interaction, t: Say): Promise<void> {
  if (!message) return;
  try {
    const path = `/channels/${message.channel_id}/messages/${message.id}` as const;
    await call({ method: "PATCH", path, body: body(t("consentDone")) });
  } catch (error) {
    deps.logger.info("A question that was answered keeps its buttons.", { adapter: "discord" });
    deps.logger.debug("Why it does.", {
      adapter: "discord",
      outcome: error instanceof Error ? error.name : "unknown",
    });
  }
}

async function passOn({ desk, interaction, pressed, forum, speaker }: Deed): Promise<Word> {
  const { reference, kind } = pressed;
  const { text = "" } = valuesOf(interaction);
  await passWords(desk, {
    forum,
    reference,
    text,
    speaker,
    isAnswer: kind === "answer",
    eventId: interaction.id,
  });
  return "passedOn";
}

interface Words {
  forum: ForumEntry;
  reference: string;
  text: string;
  speaker: Speaker;
  /** An answer to an advisor's question, rather than a new question of the member's own. */
  isAnswer: boolean;
  eventId: string;
}

/** Brings what a member or moderator wrote to the advisor, once for each event. */
export async function passWords({ deps }: Desk, words: Words): Promise<void> {
  const { forum, reference, speaker, isAnswer, eventId } = words;
  const text = shorten(clean(words.text).trim(), lengths.text);
  const by = from(forum, speaker, eventId);
  if (isAnswer) await deps.core.perform(reference, "member-answer", { text, saidBy: speaker }, by);
  else await deps.core.reportEvent(forum.slug, { type: "followed_up", reference, text, saidBy: speaker }, by);
}
