import type { Actor } from "../contract/actor.ts";
import { ReferralBody } from "../contract/bodies.ts";
import { DomainError } from "../contract/errors.ts";
import type { Deps } from "../deps.ts";
import { changeOnce, type Once } from "../idempotency/index.ts";
import { createReferral } from "../referrals/index.ts";
import { keepsReferrals } from "../register/model.ts";
import { type ClinicDeps, type ClinicTurn, changeClinic, notPossible, sessionAt } from "./clinic-turn.ts";
import { type Clinic, endOf, type Session } from "./document.ts";
import {
  countOneLess,
  countQuestions,
  forgetQuestions,
  holdQuestion,
  moveQuestions,
  recordClinicEvent,
  type StoredQuestion,
  saveSession,
  selectClinic,
  selectQuestions,
  updateQuestion,
} from "./store.ts";

/** How early a session may be opened. */
const earlyMs = 30 * 60_000;

const opensAt = (startsAt: Date): Date => new Date(startsAt.getTime() - earlyMs);

/** Whether a planned session can be opened now. */
export const isOpenable = ({ startsAt, endsAt }: { startsAt: string; endsAt: string }, now: Date): boolean =>
  opensAt(new Date(startsAt)) <= now && now < new Date(endsAt);

/** Opens a session: from now on its queue is worked on. Half an hour before its time at the earliest, and not after its end. */
export async function openSession(
  deps: ClinicDeps,
  input: { slug: string; session: Date },
  actor: Actor,
): Promise<Session> {
  return changeClinic(deps, input.slug, actor, "pool", async (turn) => {
    const { tx, clinic, department, now } = turn;
    const session = await sessionAt(turn, input.session);
    if (session.state === "open") return session;
    if (session.state !== "planned") throw notPossible(session.state);
    if (now < opensAt(session.startsAt))
      throw notPossible("planned", "A session is opened half an hour before its time at the earliest.");
    if (now >= endOf(session.startsAt, clinic.document))
      throw notPossible("planned", "The time of this session is over.");
    const change = { state: "open", openedAt: now } as const;
    await saveSession(tx, session, change);
    const at = { session: session.startsAt };
    await recordClinicEvent(tx, { type: "clinic.opened", clinic, department, actor, now, ...at });
    return { ...session, ...change };
  });
}

export type QueueStep = "take" | "put-back" | "answer";

/**
 * Moves one question of an open session: somebody takes it, puts it back, or has answered it on the forum. What somebody else
 * has taken is refused, and two who take it at once have one winner.
 */
export async function moveQuestion(
  deps: ClinicDeps,
  input: { slug: string; id: string; step: QueueStep },
  actor: Actor,
): Promise<{ id: string; state: string }> {
  const { slug, id, step } = input;
  return changeClinic(deps, slug, actor, "pool", async (turn) => {
    const question = await holdQuestion(turn.tx, id);
    if (question?.clinic !== slug) throw new DomainError("clinic/not-found");
    const session = await sessionAt(turn, question.startsAt);
    if (session.state !== "open") throw notPossible(session.state, "The session is not open.");
    const me = actor.kind === "advisor" || actor.kind === "person" ? actor.id : "administrator";
    const isMine = question.state === "taken" && question.takenBy === me;
    const isFree = question.state === "waiting";
    if (!(isMine || (isFree && step !== "put-back"))) throw notPossible(question.state);
    const state = step === "take" ? "taken" : step === "answer" ? "answered" : "waiting";
    await updateQuestion(turn.tx, id, { state, takenBy: step === "put-back" ? null : me });
    return { id, state };
  });
}

/**
 * Ends a session: what was not answered is left over and becomes referrals, and the texts of the rest are forgotten. The
 * summary, where there is one, is published. A session that nobody opened cannot be ended by hand.
 */
export async function finishSession(
  deps: Deps,
  input: { slug: string; session: Date; summary?: string | undefined },
  actor: Actor,
  once?: Once,
): Promise<Session> {
  const finished = await changeOnce(deps, once, (transaction) =>
    changeClinic({ ...deps, transaction }, input.slug, actor, "pool", async (turn) => {
      const session = await sessionAt(turn, input.session);
      if (session.state === "finished") {
        if (input.summary === undefined) return session;
        await saveSession(turn.tx, session, { summary: input.summary });
        await record(turn, "clinic.summarised", session);
        return { ...session, summary: input.summary };
      }
      if (session.state !== "open") throw notPossible(session.state, "Only an open session is finished.");
      return end(turn, session, input.summary ?? null);
    }),
  );
  await referLeftOvers(deps);
  return finished;
}

const record = (
  { tx, clinic, department, actor, now }: ClinicTurn,
  type: "clinic.finished" | "clinic.summarised",
  session: Session,
) => recordClinicEvent(tx, { type, clinic, department, actor, now, session: session.startsAt });

/** Ends a session within its turn. */
export async function end(turn: ClinicTurn, session: Session, summary: string | null): Promise<Session> {
  const { tx, now } = turn;
  const leftOver = await moveQuestions(tx, session, "left");
  const answered = await countQuestions(tx, session, "answered");
  const done = await selectQuestions(tx, {
    clinic: session.clinic,
    startsAt: session.startsAt,
    state: ["answered"],
  });
  await forgetQuestions(
    tx,
    done.map(({ id }) => id),
  );
  const change = { state: "finished", finishedAt: now, answered, leftOver, summary } as const;
  await saveSession(tx, session, change);
  await record(turn, "clinic.finished", session);
  return { ...session, ...change };
}

/** The question's text, or null where it has gone. */
export function openQuestion(
  deps: Pick<Deps, "keyring">,
  { content, key }: StoredQuestion,
): ReferralBody | null {
  if (content === null || key === null) return null;
  return ReferralBody.parse(JSON.parse(deps.keyring.unwrap(key).open(content)));
}

/**
 * Makes referrals of what was left over, each in a transaction of its own, so that one which a forum's rate holds up is done
 * at the next look. Where the forum has left, or agrees to nothing any more, the text is forgotten instead, and the question
 * does not count as passed on. Gives how many were done.
 */
export async function referLeftOvers(deps: Deps, limit = 100): Promise<number> {
  const left = await selectQuestions(deps.db, { state: ["left"], limit });
  let done = 0;
  for (const { id } of left) {
    try {
      if (await deps.transaction((tx) => referOne(deps, tx, id))) done += 1;
    } catch (error) {
      deps.logger.warn("a question that was left over could not be passed on yet", {
        code: error instanceof DomainError ? error.code : "service/fault",
      });
    }
  }
  if (done > 0) deps.nudge();
  return done;
}

async function referOne(
  deps: Deps,
  tx: Parameters<Parameters<Deps["transaction"]>[0]>[0],
  id: string,
): Promise<boolean> {
  const question = await holdQuestion(tx, id);
  if (question?.state !== "left") return false;
  const clinic = await selectClinic(tx, question.clinic);
  const register = await deps.register(tx);
  const forum = clinic && register.forums.get(clinic.document.forum);
  const body = openQuestion(deps, question);
  if (!clinic || !forum || !body || !keepsReferrals(forum)) {
    await updateQuestion(tx, id, { state: "dropped" });
    await countOneLess(tx, question);
  } else {
    const actor = { kind: "forum", forum: forum.slug, voice: "moderator" } as const;
    const { view } = await createReferral(deps, tx, {
      forum: forum.slug,
      body: { ...body, topic: topicOf(clinic, body, register) },
      actor,
      fromClinic: clinic.slug,
    });
    await updateQuestion(tx, id, { state: "referred", reference: view.reference });
  }
  await forgetQuestions(tx, [id]);
  return true;
}

/** A question for a pool with one topic is about it, where nobody said otherwise; the rules still decide. */
function topicOf(clinic: Clinic, body: ReferralBody, { pools }: ClinicTurn["register"]): string | undefined {
  const topics = pools.get(clinic.document.pool)?.topics ?? [];
  return body.topic ?? (topics.length === 1 ? topics[0] : undefined);
}
