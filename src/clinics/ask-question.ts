import type { z } from "zod";
import type { Actor } from "../contract/actor.ts";
import { ReferralBody } from "../contract/bodies.ts";
import type { Advice } from "../contract/core-api.ts";
import { DomainError } from "../contract/errors.ts";
import { newId } from "../delivery/index.ts";
import type { Deps } from "../deps.ts";
import { maskText } from "../privacy/mask.ts";
import { createReferral } from "../referrals/index.ts";
import { Slug } from "../register/fields.ts";
import { findSafetyWording } from "../safety/index.ts";
import { type ClinicTurn, changeClinic, notPossible } from "./clinic-turn.ts";
import { endOf, questionsFrom } from "./document.ts";
import { nextOccurrence, occurrences } from "./recurrence.ts";
import { insertQuestion, saveSession, selectQuestions, selectSessions } from "./store.ts";

/** A question for the next session: a referral's body, and which clinic it is for. */
export const QuestionBody = ReferralBody.extend({ clinic: Slug });
export type QuestionBody = z.infer<typeof QuestionBody>;

/** Questions that wait for one session at most. */
const most = 500;

/** What became of a question: it waits for a session, or it was passed on at once because somebody may be in danger. */
export type Asked =
  | { state: "waiting"; id: string; session: string }
  | { state: "referred"; reference: string; advice: Advice[] };

/**
 * Takes a question for the session that is open or next. What identifies is masked before it is kept. One with safety wording
 * does not wait: it becomes a referral at once. A repeat of the same `externalId` gives the first answer. Refuses another
 * forum's clinic, and days on which no questions are taken.
 */
export async function askQuestion(
  deps: Deps,
  input: { forum: string; body: QuestionBody; eventId: string },
  actor: Actor,
): Promise<Asked> {
  const { clinic: slug, ...body } = input.body;
  return changeClinic(deps, slug, actor, "anybody", async (turn) => {
    const { tx, clinic, now, register } = turn;
    if (clinic.document.forum !== input.forum) throw new DomainError("clinic/not-found");
    const language = body.language ?? register.forums.get(input.forum)?.language ?? "en";
    const words = [body.title, body.excerpt, body.note].filter(Boolean).join("\n");
    if (body.concern || findSafetyWording(words, language)) {
      const { view, advice } = await createReferral(deps, tx, {
        forum: input.forum,
        body,
        actor,
        fromClinic: true,
      });
      return { state: "referred", reference: view.reference, advice };
    }
    const externalId = body.externalId ?? input.eventId;
    const [known] = await selectQuestions(tx, { clinic: slug, externalId });
    if (known) return { state: "waiting", id: known.id, session: known.startsAt.toISOString() };
    const startsAt = await sessionFor(turn);
    const waiting = await selectQuestions(tx, { clinic: slug, startsAt, state: ["waiting", "taken"] });
    if (waiting.length >= most) throw notPossible("full", "No more questions are taken for this session.");
    await saveSession(tx, { clinic: slug, startsAt }, {});
    const { key, ...wrapped } = deps.keyring.createContentKey();
    const id = newId(now);
    const content = key.seal(JSON.stringify(masked(body)));
    await insertQuestion(tx, { id, clinic: slug, startsAt, externalId, content, key: wrapped, askedAt: now });
    return { state: "waiting", id, session: startsAt.toISOString() };
  });
}

/** The session that is under way or next, where questions are taken for it. */
async function sessionFor({ tx, clinic, now }: ClinicTurn): Promise<Date> {
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
