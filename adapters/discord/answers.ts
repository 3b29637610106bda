import type { Advice, ForumEntry, ReferralView } from "../../src/contract/core-api.ts";
import { DomainError } from "../../src/contract/errors.ts";
import { type Desk, forumOf, isModerator, later, type Reaction, type Said, say, wordsIn } from "./desk.ts";
import type { Interaction } from "./schema.ts";
import { literal, shorten } from "./text.ts";
import { knownStateWords, maskedWords, type Say, stateWords, wordsOf } from "./words.ts";

/** A moment as each reader's own Discord writes it. */
export const moment = (iso: string): string => `<t:${Math.floor(new Date(iso).getTime() / 1000)}:f>`;

const isAdvice = (value: unknown): value is Advice[] =>
  Array.isArray(value) && value.every((one) => typeof one === "object" && one !== null && "text" in one);

/** Leaves room for the referral itself in a message of 2,000 characters. */
const mostAdvice = 1_400;

/** Whom to turn to when something worrying was written: first of all, and at once. */
function adviceText(advice: unknown): string[] {
  if (!isAdvice(advice)) return [];
  const lines = advice.map(
    ({ text, phone, hours }) => `> **${literal(phone)}** · ${literal(text)} (${literal(hours)})`,
  );
  let length = 0;
  return lines.filter((line) => {
    length += line.length + 1;
    return length <= mostAdvice;
  });
}

interface Born {
  isNew: boolean;
  forum: ForumEntry;
  t: Say;
}

/** What a moderator reads of a referral just made: where it is, why, what was masked, and what happens next. */
export function bornText(view: ReferralView & { advice?: Advice[] }, { isNew, forum, t }: Born): string {
  const due = view.next.dueAt === null ? t("noDue") : t("due", { time: moment(view.next.dueAt) });
  return [
    ...adviceText(view.advice),
    `**${view.reference}**${isNew ? "" : ` · ${t("known")}`}`,
    placeText(view, forum.language, t),
    ...(view.state === "awaiting_consent" ? [] : [t("why", { because: literal(view.routing.because) })]),
    ...(view.masked.length === 0 ? [] : [t("masked", { masked: maskedWords(view.masked, forum.language) })]),
    ...nextText(view.state, due, t),
    t("look", { reference: view.reference }),
  ].join("\n");
}

function placeText(view: ReferralView, language: string, t: Say): string {
  if (view.state === "awaiting_consent") return t("stateConsent");
  if (view.state === "diverted") return t("stateDiverted");
  if (view.state === "triage" || view.pool === null) return t("stateTriage");
  if (view.state === "offered") return t("stateOffered", { pool: literal(view.pool.name) });
  return `${stateWords(view.state, language)} (${literal(view.pool.name)})`;
}

function nextText(state: string, due: string, t: Say): string[] {
  if (state === "offered") return [t("nextOffered", { due })];
  if (state === "triage") return [t("nextTriage", { due })];
  return state === "awaiting_consent" ? [t("nextConsent", { due })] : [];
}

const mostHistory = 6;

/** A referral as its forum may see it. */
export function statusText(view: ReferralView, language: string, t: Say): string {
  const { reference, state, pool, next } = view;
  const history = view.history
    .map(({ at, type }) => ({ at, words: knownStateWords(type.replace(/^referral\./, ""), language) }))
    .flatMap(({ at, words }) => (words === null ? [] : [`-# ${moment(at)} ${words}`]));
  const shown = view.replies.flatMap(({ url }) => (url === null ? [] : [url])).slice(-1);
  return [
    `**${reference}** · ${stateWords(state, language)}`,
    ...(pool === null ? [] : [literal(pool.name)]),
    ...(next.dueAt === null ? [] : [t("due", { time: moment(next.dueAt) })]),
    ...shown,
    ...history.slice(-mostHistory),
  ].join("\n");
}

/** One line for each of several. */
export const listText = (views: readonly ReferralView[], language: string, t: Say): string =>
  views.length === 0
    ? t("none")
    : views
        .map(
          ({ reference, state, pool }) =>
            `**${reference}** · ${stateWords(state, language)}${pool ? ` · ${literal(shorten(pool.name, 80))}` : ""}`,
        )
        .join("\n");

/** A refusal in words, for the one person who met it; a fault is logged and told without detail. */
export function explain(
  { deps }: Desk,
  error: unknown,
  { t, language, reference = "" }: { t: Say; language: string; reference?: string },
): string {
  if (!(error instanceof DomainError)) {
    deps.logger.error("A use of the app met a fault.", { adapter: "discord" }, error);
    return t("fault");
  }
  const { code, message, fields, errors } = error;
  const about = literal(reference);
  if (code === "referral/not-found") return t("notFound", { reference: about });
  if (code === "referral/not-possible" && typeof fields.state === "string")
    return [
      ...adviceText(fields.advice),
      t("notPossible", { reference: about, state: stateWords(fields.state, language) }),
    ].join("\n");
  const details = errors.map(({ detail }) => detail).join(" ");
  return [...adviceText(fields.advice), literal(`${message} ${details}`.trim())].join("\n");
}

/**
 * Answers a moderator of the forum that this server is, in the forum's language; what goes wrong is explained to them. Anybody
 * else, and a server that no forum names, is told so.
 */
export function forModerator(
  desk: Desk,
  interaction: Interaction,
  work: (forum: ForumEntry, t: Say) => Promise<Said>,
  about: { reference?: string } = {},
): Reaction {
  const { guild_id: guild } = interaction;
  const t = wordsIn(desk, guild);
  if (guild === undefined) return say(t("noServer"));
  if (!isModerator(interaction)) return say(t("notModerator"));
  return later(async () => {
    const forum = await forumOf(desk, guild);
    if (forum === null) return t("notJoined");
    const words = wordsOf(forum.language);
    try {
      return await work(forum, words);
    } catch (error) {
      return explain(desk, error, { t: words, language: forum.language, ...about });
    }
  });
}
