import { setTimeout as sleep } from "node:timers/promises";
import { press, submitWords } from "./buttons.ts";
import { type Desk, type Filling, type Reaction, say, wordsIn } from "./desk.ts";
import { names } from "./manifest.ts";
import { openReferral, submitReferral } from "./refer.ts";
import { codeOf, patiently, type Request, readFailure } from "./rest.ts";
import { answerTypes, Interaction, interactionTypes } from "./schema.ts";
import { answerCommand, linkServer } from "./slash.ts";
import { shorten } from "./text.ts";

/** What an interaction is answered with, at once and from memory; what needs the database comes after it. */
export function react(desk: Desk, interaction: Interaction): Reaction {
  const { type, data } = interaction;
  if (type === interactionTypes.command) return reactToCommand(desk, interaction, data?.name ?? "");
  if (type === interactionTypes.component) return press(desk, interaction);
  if (type === interactionTypes.modal) {
    const [kind, id = ""] = (data?.custom_id ?? "").split(":");
    return kind === "refer" ? submitReferral(desk, interaction, id) : submitWords(desk, interaction);
  }
  if (type === interactionTypes.autocomplete)
    return { first: { type: answerTypes.choices, data: { choices: [] } } };
  return say(wordsIn(desk, interaction.guild_id)("fault"));
}

function reactToCommand(desk: Desk, interaction: Interaction, name: string): Reaction {
  switch (name) {
    case names.refer:
    case names.message:
      return openReferral(desk, interaction);
    case "referral":
    case "referral-stats":
      return answerCommand(desk, interaction);
    case "fingerpost":
      return linkServer(desk, interaction);
    default:
      return say(wordsIn(desk, interaction.guild_id)("fault"));
  }
}

const seenMost = 5_000;
/** Discord may not have the first answer yet when the second comes: then the token is still unknown to it. */
const tooEarly = [10015, 10062];

/** Most characters of a picture's words that Discord takes (resources/message, attachment structure). */
const mostWords = 1024;

/** A message and the file beside it, whose words stand for it where it is not seen. */
function partsOf({ body, picture }: Filling): Pick<Request, "body" | "files"> {
  if (picture === null) return { body };
  const name = "figures.png";
  const description = shorten(picture.words, mostWords);
  return {
    body: { ...body, attachments: [{ id: 0, filename: name, description }] },
    files: [{ name, data: Buffer.from(picture.png), contentType: "image/png" }],
  };
}

/** Shows what was waited for. Where it is not taken with its picture, it is shown without. */
async function fill(desk: Desk, path: Request["path"], filling: Filling): Promise<void> {
  const put = (given: Filling) =>
    patiently(desk.call, { method: "PATCH", path, auth: false, ...partsOf(given) }, tooEarly);
  try {
    await put(filling);
  } catch (error) {
    if (filling.picture === null) throw error;
    const { reason } = readFailure(error);
    desk.deps.logger.warn("A picture could not be shown.", { adapter: "discord", outcome: reason });
    await put({ ...filling, picture: null });
  }
}

/** The first answer, and what begins the rest once that has been given; begun twice, it is done once. */
interface Begun {
  first: Reaction["first"];
  go(): void;
}

export type Reactions = ReturnType<typeof createReactions>;

/**
 * Answers interactions, whichever way they come. One that comes twice to this instance gets the same first answer and is
 * worked on once; twice to two instances, the core tells them apart by its id.
 */
export function createReactions(desk: Desk) {
  const seen = new Map<string, Begun>();
  const underWay = new Set<Promise<void>>();

  async function finish(interaction: Interaction, reaction: Reaction): Promise<void> {
    const { application_id: application, token } = interaction;
    try {
      const filling = (await reaction.later?.()) ?? null;
      if (filling === null) return;
      await fill(desk, `/webhooks/${application}/${token}/messages/@original`, filling);
    } catch (error) {
      desk.deps.logger.error("An answer could not be shown.", { adapter: "discord" }, error);
    }
  }

  return {
    begin(interaction: Interaction): Begun {
      const known = seen.get(interaction.id);
      if (known) return known;
      const reaction = react(desk, interaction);
      const { first } = reaction;
      const done: Begun = { first, go: () => {} };
      const begun: Begun = {
        first,
        go() {
          if (seen.get(interaction.id) === done) return;
          seen.set(interaction.id, done);
          const working = finish(interaction, reaction);
          underWay.add(working);
          working.finally(() => underWay.delete(working)).catch(() => {});
        },
      };
      if (seen.size >= seenMost) seen.delete(seen.keys().next().value ?? "");
      seen.set(interaction.id, begun);
      return begun;
    },
    /** Settles when nothing is under way any more. */
    async idle(): Promise<void> {
      await Promise.all(underWay);
    },
  };
}

const alreadyAnswered = 40060;
/** Discord waits three seconds for a first answer. */
const firstAnswerMs = 2_500;
const firstAnswerTries = 4;
const firstAnswerPauseMs = 300;

/** Gives the first answer to an interaction that came over the gateway. What is not answered in time is not worked on. */
export async function answerOverGateway(desk: Desk, reactions: Reactions, json: unknown): Promise<void> {
  const parsed = Interaction.safeParse(json);
  if (!parsed.success) return;
  const { id, token } = parsed.data;
  const { first, go } = reactions.begin(parsed.data);
  const signal = AbortSignal.timeout(firstAnswerMs);
  const request = {
    method: "POST",
    path: `/interactions/${id}/${token}/callback`,
    auth: false,
    body: first,
  } as const;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await desk.call({ ...request, signal });
      break;
    } catch (error) {
      // Another instance, or an attempt whose answer was lost, has said it already.
      if (codeOf(error) === alreadyAnswered) break;
      const { outcome, reason } = readFailure(error);
      const isWorthIt = outcome === "unknown" || reason === "rate-limited" || reason === "no-connection";
      if (isWorthIt && attempt < firstAnswerTries && !signal.aborted) {
        await sleep(firstAnswerPauseMs);
        continue;
      }
      desk.deps.logger.warn("An interaction could not be answered in time.", { adapter: "discord" });
      return;
    }
  }
  go();
}
