import type { ForumEntry, StatsPicture } from "../../src/contract/core-api.ts";
import { explain, forModerator, listText, statusText } from "./answers.ts";
import { type Desk, from, later, type Reaction, type Said, say, wordsIn } from "./desk.ts";
import { figureText } from "./figures.ts";
import { may, permissions } from "./manifest.ts";
import { type Interaction, optionsOf, personOf } from "./schema.ts";
import { literal } from "./text.ts";
import { type Say, wordsOf } from "./words.ts";

const mostListed = 10;
const dayMs = 24 * 60 * 60_000;
const usualDays = 30;

interface Asked {
  desk: Desk;
  interaction: Interaction;
  forum: ForumEntry;
  sub: string | null;
  values: Record<string, string>;
  t: Say;
}

/** `/referral` and `/referral-stats`: for moderators of the forum that this server is. */
export function answerCommand(desk: Desk, interaction: Interaction): Reaction {
  const options = optionsOf(interaction);
  const { reference = "" } = options.values;
  return forModerator(
    desk,
    interaction,
    async (forum, t) => {
      const asked = { desk, interaction, forum, ...options, t };
      return interaction.data?.name === "referral-stats" ? stats(asked) : referral(asked);
    },
    { reference },
  );
}

async function referral({ desk, interaction, forum, sub, values, t }: Asked): Promise<string> {
  const { core } = desk.deps;
  const by = from(forum, "moderator", interaction.id);
  const { reference, reason } = values;
  if (reference === undefined) {
    const { items } = await core.listReferrals({ forum: forum.slug, limit: mostListed }, by.actor);
    return listText(items, forum.language, t);
  }
  if (sub === "withdraw") {
    const { referral: taken } = await core.perform(reference, "withdraw", reason ? { reason } : {}, by);
    return t("withdrawn", { reference: taken.reference });
  }
  if (sub === "reopen") {
    const { referral: opened } = await core.perform(reference, "reopen", { reason }, by);
    return t("reopenedReferral", { reference: opened.reference });
  }
  return statusText(await core.viewReferral(reference, by.actor), forum.language, t);
}

async function stats(asked: Asked): Promise<Said> {
  const { desk, forum, values, t } = asked;
  const days = Number(values.days ?? usualDays);
  const since = new Date(desk.deps.now().getTime() - days * dayMs).toISOString();
  const figures = await desk.deps.core.stats({ from: since, by: ["forum"] }, actorOf(forum));
  const text = figureText(figures, days, t);
  return { text, picture: await pictureOf(asked, since) };
}

/** A chart of the figures. What keeps it from being drawn keeps nobody from the figures themselves. */
async function pictureOf({ desk, forum }: Asked, since: string): Promise<StatsPicture | null> {
  const { core, logger } = desk.deps;
  try {
    return await core.statsPicture({ from: since, by: ["department"] }, actorOf(forum), forum.language);
  } catch (error) {
    logger.error("A picture of the figures could not be drawn.", { adapter: "discord" }, error);
    return null;
  }
}

const actorOf = ({ slug }: ForumEntry) => ({ kind: "forum", forum: slug, voice: "moderator" }) as const;

/** `/fingerpost link CODE`: this server becomes the forum that the code was made for. Needs Manage Server. */
export function linkServer(desk: Desk, interaction: Interaction): Reaction {
  const { guild_id: guild } = interaction;
  const t = wordsIn(desk, guild);
  if (guild === undefined) return say(t("noServer"));
  if (!may(personOf(interaction)?.permissions, permissions.manageGuild)) return say(t("notManager"));
  return later(async () => {
    try {
      const code = optionsOf(interaction).values.code ?? "";
      const forum = await desk.deps.core.joinForum("discord", code, { guildId: guild });
      return wordsOf(forum.language)("joined", { forum: literal(forum.name) });
    } catch (error) {
      return explain(desk, error, { t, language: "en" });
    }
  });
}
