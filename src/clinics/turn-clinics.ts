import type { Deps } from "../deps.ts";
import { hasAgreed } from "../register/forum-entry.ts";
import type { Register } from "../register/model.ts";
import { type ClinicTurn, changeClinic, sessionAt, tellForum } from "./clinic-turn.ts";
import { type Clinic, endOf, questionsFrom } from "./document.ts";
import { end, referLeftOvers } from "./hold-session.ts";
import { forgetOldQuestions } from "./own-question.ts";
import { cancelClinic } from "./plan-clinic.ts";
import { occurrences } from "./recurrence.ts";
import { saveSession, selectClinics, selectSessions } from "./store.ts";

const hourMs = 60 * 60_000;
const dayMs = 24 * hourMs;
/** A session that nobody has finished ends by itself this long after its time. */
const graceMs = dayMs;
/** How long before it the forum is reminded. */
const reminderMs = dayMs;
const furthestMs = 61 * dayMs;
const timer = { kind: "timer" } as const;

/**
 * Does what time brings to clinics: announces the next session to its forum when questions are taken, reminds it a day
 * before, ends what nobody finished, cancels where the forum agrees to clinics no more, passes on what was left over, and
 * forgets what is older than texts are kept. Each once, however many instances look.
 */
export async function turnClinics(deps: Deps): Promise<void> {
  const register = await deps.register(deps.db);
  for (const clinic of await selectClinics(deps.db)) {
    if (clinic.cancelledAt === null && !isAgreed(register, clinic))
      await cancelClinic(deps, { slug: clinic.slug }, timer);
    else if (clinic.cancelledAt === null && (await isNewsDue(deps, clinic)))
      await changeClinic(deps, clinic.slug, timer, "anybody", (turn) => tellNews(deps, turn));
  }
  await endForgotten(deps);
  await referLeftOvers(deps);
  await forgetOldQuestions(deps);
}

function isAgreed({ forums }: Register, { document }: Clinic): boolean {
  const forum = forums.get(document.forum);
  return forum !== undefined && forum.leftAt === null && hasAgreed(forum, "clinic");
}

/** The session whose forum may be told something now; undefined where none is near. */
function nextOf({ document }: Clinic, now: Date): Date | undefined {
  return occurrences(document, now, new Date(now.getTime() + furthestMs))[0];
}

const isSoon = (startsAt: Date, now: Date): boolean => startsAt.getTime() - now.getTime() <= reminderMs;

/** Looked at without a lock, because most of the time there is nothing to tell. */
async function isNewsDue(deps: Deps, clinic: Clinic): Promise<boolean> {
  const now = deps.now();
  const next = nextOf(clinic, now);
  if (!next || (questionsFrom(next, clinic.document) > now && !isSoon(next, now))) return false;
  const stored = await selectSessions(deps.db, { clinic: clinic.slug });
  const session = stored.find(({ startsAt }) => startsAt.getTime() === next.getTime());
  if (session && session.state !== "planned") return false;
  return !session?.announcedAt || (isSoon(next, now) && !session.remindedAt);
}

async function tellNews(deps: Deps, turn: ClinicTurn): Promise<void> {
  const { tx, clinic, now } = turn;
  const next = nextOf(clinic, now);
  if (!next || clinic.cancelledAt) return;
  const session = await sessionAt(turn, next);
  if (session.state !== "planned") return;
  const isReminder = isSoon(next, now);
  if (isReminder ? session.remindedAt : session.announcedAt) return;
  // Whoever hears of it for the first time on the last day is not reminded of it as well.
  await tellForum(deps, turn, isReminder && session.announcedAt ? "reminder" : "announced", next);
  await saveSession(tx, session, {
    announcedAt: session.announcedAt ?? now,
    ...(isReminder ? { remindedAt: now } : {}),
  });
}

/** Open sessions that nobody finished, and planned ones with questions that nobody opened. */
async function endForgotten(deps: Deps): Promise<void> {
  const now = deps.now();
  const clinics = new Map((await selectClinics(deps.db)).map((clinic) => [clinic.slug, clinic]));
  const isOver = (session: { clinic: string; startsAt: Date }) => {
    const clinic = clinics.get(session.clinic);
    return clinic && endOf(session.startsAt, clinic.document).getTime() + graceMs <= now.getTime();
  };
  for (const { clinic, startsAt } of await selectSessions(deps.db, { state: ["open", "planned"] })) {
    if (!isOver({ clinic, startsAt })) continue;
    await changeClinic(deps, clinic, timer, "anybody", async (turn) => {
      const session = await sessionAt(turn, startsAt);
      if (session.state === "open") await end(turn, session, null);
      if (session.state === "planned") await endUnheld(turn, session);
    });
  }
}

/** A session that nobody opened was not held: it counts as cancelled, and its questions are passed on. */
async function endUnheld(turn: ClinicTurn, session: Parameters<typeof end>[1]): Promise<void> {
  await end(turn, session, null);
  await saveSession(turn.tx, session, { state: "cancelled", cancelledAt: turn.now });
}
