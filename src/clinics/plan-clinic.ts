import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import { isSlug } from "../register/fields.ts";
import { hasAgreed } from "../register/forum-entry.ts";
import type { Register } from "../register/model.ts";
import {
  type ClinicDeps,
  type ClinicTurn,
  changeClinic,
  departmentOf,
  mayWork,
  notPossible,
  sessionAt,
  tellForum,
} from "./clinic-turn.ts";
import type { Clinic, ClinicDocument, Session } from "./document.ts";
import { faultOf, occurrences } from "./recurrence.ts";
import {
  holdClinicName,
  moveQuestions,
  recordClinicEvent,
  saveClinic,
  saveSession,
  selectCancelledAlone,
  selectClinic,
  selectSessions,
} from "./store.ts";

/**
 * Plans a clinic, or changes one: the same document again changes nothing, another counts up its `sequence`, so that
 * calendars follow. Refuses a pool that is not the department's own, a forum that has not agreed to clinics, times that do
 * not exist, and to move a clinic to another pool or forum. Sessions that fall away are cancelled like any other.
 */
export async function planClinic(
  deps: ClinicDeps,
  input: { slug: string; document: ClinicDocument },
  actor: Actor,
): Promise<Clinic> {
  const { slug, document } = input;
  if (!isSlug(slug)) throw invalid("/slug", "Write lower-case letters, digits and single hyphens.");
  const planned = await deps.transaction(async (tx) => {
    await holdClinicName(tx, slug);
    const register = await deps.register(tx);
    if (!mayWork(register, actor, document.pool, "keepers")) throw new DomainError("access/forbidden");
    const known = await selectClinic(tx, slug, true);
    refuseFaults(register, document);
    const now = deps.now();
    if (known) return change(deps, { tx, register, clinic: known, department: "", actor, now }, document);
    const clinic = { slug, document, sequence: 0, createdAt: now, changedAt: now, cancelledAt: null };
    await saveClinic(tx, clinic);
    const department = departmentOf(register, document.pool);
    await recordClinicEvent(tx, { type: "clinic.planned", clinic, department, actor, now });
    return clinic;
  });
  deps.nudge();
  return planned;
}

export function refuseFaults(register: Register, document: ClinicDocument): void {
  const forum = register.forums.get(document.forum);
  if (!register.pools.has(document.pool)) throw invalid("/document/pool", "There is no such pool.");
  if (!forum || forum.leftAt) throw invalid("/document/forum", "There is no such forum.");
  if (!hasAgreed(forum, "clinic"))
    throw new DomainError("forum/no-intervention", { detail: "This forum has not agreed to clinics." });
  if (document.publicQuestions && (!forum.intervention?.publicQuestions || forum.consent === "member"))
    throw new DomainError("forum/no-intervention", {
      detail:
        "This forum has not agreed that anybody may ask on the clinic's page, or its members are asked first.",
    });
  if (document.publicQuestions && document.thread === null)
    throw invalid(
      "/document/thread",
      "Answers that follow later need a place on the forum: give its address.",
    );
  const fault = faultOf(document);
  if (fault !== null) throw invalid("/document/startsAt", fault);
}

const invalid = (pointer: string, detail: string): DomainError =>
  new DomainError("request/invalid", { errors: [{ pointer, detail }] });

async function change(deps: ClinicDeps, turn: ClinicTurn, document: ClinicDocument): Promise<Clinic> {
  const { tx, register, clinic: known, actor, now } = turn;
  if (known.cancelledAt) throw notPossible("cancelled", "This clinic was cancelled. Plan another one.");
  if (known.document.pool !== document.pool || known.document.forum !== document.forum)
    throw notPossible("planned", "A clinic stays with its pool and forum. Cancel it, and plan another one.");
  const before = new Map(Object.entries(known.document));
  const isSame = Object.entries(document).every(
    ([name, value]) => JSON.stringify(value) === JSON.stringify(before.get(name)),
  );
  if (isSame) return known;
  const clinic = { ...known, document, sequence: known.sequence + 1, changedAt: now };
  await saveClinic(tx, clinic);
  const department = departmentOf(register, document.pool);
  await recordClinicEvent(tx, { type: "clinic.changed", clinic, department, actor, now });
  for (const session of await selectSessions(tx, { clinic: clinic.slug, state: ["planned"] })) {
    if (session.startsAt < now) continue;
    const stays = occurrences(document, session.startsAt, session.startsAt).length === 1;
    if (!stays) await cancelOne(deps, { ...turn, clinic }, session);
    else if (session.announcedAt) await tellForum(deps, { ...turn, clinic }, "changed", session.startsAt);
  }
  await revive({ tx, now }, clinic);
  return clinic;
}

/** Sessions that had fallen away and are there again are planned as if new; what was cancelled by itself stays so. */
async function revive({ tx, now }: Pick<ClinicTurn, "tx" | "now">, clinic: Clinic): Promise<void> {
  const cancelled = await selectSessions(tx, { clinic: clinic.slug, state: ["cancelled"] });
  const back = cancelled.filter(
    ({ startsAt }) => startsAt >= now && occurrences(clinic.document, startsAt, startsAt).length === 1,
  );
  if (back.length === 0) return;
  const alone = await selectCancelledAlone(tx, clinic.slug);
  const planned = {
    state: "planned",
    cancelledAt: null,
    announcedAt: null,
    remindedAt: null,
    leftOver: 0,
  } as const;
  for (const session of back)
    if (!alone.has(session.startsAt.toISOString())) await saveSession(tx, session, planned);
}

/** Takes a session back: questions that wait for it are passed on as what is left over, and the forum hears of it. */
async function cancelOne(
  deps: Pick<ClinicDeps, "adapters">,
  turn: ClinicTurn,
  session: Session,
): Promise<void> {
  const { tx, now } = turn;
  const leftOver = await moveQuestions(tx, session, "left");
  await saveSession(tx, session, { state: "cancelled", cancelledAt: now, leftOver });
  if (session.announcedAt) await tellForum(deps, turn, "cancelled", session.startsAt);
}

/**
 * Cancels one session, or the clinic with every session to come. Addresses, calendars and what was held before stay. A
 * session that is under way or over cannot be cancelled; cancelling twice changes nothing.
 */
export async function cancelClinic(
  deps: ClinicDeps,
  input: { slug: string; session?: Date | undefined },
  actor: Actor,
): Promise<Clinic> {
  return changeClinic(deps, input.slug, actor, "keepers", async (turn) => {
    const { tx, clinic: known, department, now } = turn;
    if (known.cancelledAt) return known;
    const clinic: Clinic = {
      ...known,
      sequence: known.sequence + 1,
      changedAt: now,
      ...(input.session === undefined ? { cancelledAt: now } : {}),
    };
    if (input.session !== undefined) {
      const session = await sessionAt(turn, input.session);
      if (session.state === "cancelled") return known;
      if (session.state !== "planned" || session.startsAt < now) throw notPossible(session.state);
      await cancelOne(deps, { ...turn, clinic }, session);
    } else
      for (const session of await selectSessions(tx, { clinic: known.slug, state: ["planned"] }))
        if (session.startsAt >= now) await cancelOne(deps, { ...turn, clinic }, session);
    await saveClinic(tx, clinic);
    const at = input.session === undefined ? {} : { session: input.session };
    await recordClinicEvent(tx, { type: "clinic.cancelled", clinic, department, actor, now, ...at });
    return clinic;
  });
}
