import type { Actor } from "../contract/actor.ts";
import type { QuestionBody } from "../contract/bodies.ts";
import type { Asked } from "../contract/core-api.ts";
import { DomainError } from "../contract/errors.ts";
import { newId } from "../delivery/index.ts";
import type { Deps } from "../deps.ts";
import { maskText } from "../privacy/mask.ts";
import { createReferral } from "../referrals/index.ts";
import { findSafetyWording } from "../safety/index.ts";
import { type ClinicTurn, changeClinic, notPossible } from "./clinic-turn.ts";
import { endOf, questionsFrom } from "./document.ts";
import { nextOccurrence, occurrences } from "./recurrence.ts";
import { insertQuestion, saveSession, selectQuestions, selectSessions } from "./store.ts";

/** Questions that wait for one session at most; of these from its page, so that a flood leaves room for moderators. */
const most = { all: 500, public: 200 };

/** The page of whoever asked. Its address is the only proof asked for. */
export const questionLink = ({ keyring, baseUrl }: Pick<Deps, "keyring" | "baseUrl">, id: string): string =>
  `${baseUrl}/q/${keyring.token("clinic-question", id)}`;

/**
 * Takes a question for the session that is open or next. What identifies is masked before it is kept. One with safety wording
 * does not wait: it becomes a referral at once. A repeat of the same `externalId` gives the first answer. Refuses another
 * forum's clinic, and days on which no questions are taken. Whether the actor may ask is known already.
 */
export async function askQuestion(
  deps: Deps,
  input: { forum: string; body: QuestionBody; eventId: string; isPublic?: boolean },
  actor: Actor,
): Promise<Asked> {
  const { clinic: slug, ...body } = input.body;
  const { isPublic = false } = input;
  return changeClinic(deps, slug, actor, "anybody", async (turn) => {
    const { tx, clinic, now, register } = turn;
    if (clinic.document.forum !== input.forum) throw new DomainError("clinic/not-found");
    const language = body.language ?? register.forums.get(input.forum)?.language ?? "en";
    const words = [body.title, body.excerpt, body.note].filter(Boolean).join("\n");
    if (body.concern || findSafetyWording(words, language)) {
      const request = { forum: input.forum, body, actor, fromClinic: slug };
      const { view, advice } = await createReferral(deps, tx, request);
      const link = view.links.member ?? "";
      return { state: "referred", reference: view.reference, advice, link };
    }
    const externalId = body.externalId ?? input.eventId;
    const [known] = await selectQuestions(tx, { clinic: slug, externalId });
    const waits = (id: string, startsAt: Date): Asked => ({
      state: "waiting",
      id,
      session: startsAt.toISOString(),
      link: questionLink(deps, id),
    });
    if (known) return waits(known.id, known.startsAt);
    const startsAt = await sessionFor(turn);
    const waiting = await selectQuestions(tx, { clinic: slug, startsAt, state: ["waiting", "taken"] });
    const isFull = isPublic && waiting.filter((one) => one.isPublic).length >= most.public;
    if (isFull || waiting.length >= most.all)
      throw notPossible("full", "No more questions are taken for this session.");
    await saveSession(tx, { clinic: slug, startsAt }, {});
    const { key, ...wrapped } = deps.keyring.createContentKey();
    const id = newId(now);
    const content = key.seal(JSON.stringify(masked(body)));
    const question = {
      id,
      clinic: slug,
      startsAt,
      externalId,
      content,
      key: wrapped,
      askedAt: now,
      isPublic,
    };
    await insertQuestion(tx, question);
    return waits(id, startsAt);
  });
}

/** The session that is under way or next, where questions are taken for it. */
async function sessionFor({ tx, clinic, now }: Pick<ClinicTurn, "tx" | "clinic" | "now">): Promise<Date> {
  const { document } = clinic;
  if (clinic.cancelledAt) throw notPossible("cancelled", "This clinic has been cancelled.");
  const gone = (await selectSessions(tx, { clinic: clinic.slug, state: ["finished", "cancelled"] })).map(
    ({ startsAt }) => startsAt.getTime(),
  );
  const earliest = new Date(now.getTime() - document.minutes * 60_000);
  const coming = occurrences(document, earliest, new Date(now.getTime() + 61 * 86_400_000));
  const startsAt = coming.find((at) => !gone.includes(at.getTime()) && endOf(at, document) > now);
  if (startsAt && questionsFrom(startsAt, document) <= now) return startsAt;
  const next = startsAt ?? nextOccurrence(document, now);
  throw notPossible(
    "planned",
    next === null
      ? "This clinic has no more sessions."
      : `Questions for the next session are taken from ${questionsFrom(next, document).toISOString()} on.`,
  );
}

type Body = Omit<QuestionBody, "clinic">;

function masked(body: Body): Body {
  const mask = (text: string) => maskText(text).text;
  return {
    ...body,
    excerpt: mask(body.excerpt),
    ...(body.title === undefined ? {} : { title: mask(body.title) }),
    ...(body.note === undefined ? {} : { note: mask(body.note) }),
    ...(body.area === undefined ? {} : { area: mask(body.area) }),
  };
}
