import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import type { Deps } from "../deps.ts";
import { elapsedMs } from "../pools/index.ts";
import { showReferral } from "../referrals/index.ts";
import { nameOf } from "../register/model.ts";
import { type ClinicDeps, changeClinic, departmentOf, notPossible } from "./clinic-turn.ts";
import { endOf, type QuestionState } from "./document.ts";
import { openQuestion } from "./hold-session.ts";
import {
  countOneLess,
  forgetQuestions,
  holdQuestion,
  type StoredQuestion,
  selectClinic,
  selectClinics,
  selectQuestions,
  updateQuestion,
} from "./store.ts";

/** States in which a question can be taken back: nobody has answered it, and no referral has come of it. */
const open: readonly QuestionState[] = ["waiting", "taken", "left"];

/** What whoever asked sees of their question. Times are ISO 8601; `referral` is the address of what it became. */
export interface OwnQuestion {
  id: string;
  state: QuestionState;
  canWithdraw: boolean;
  clinic: { slug: string; title: string; language: string; thread: string | null };
  department: string;
  pool: string;
  forum: { slug: string; name: string };
  startsAt: string;
  endsAt: string;
  question: string | null;
  referral: string | null;
}

/** A question by the token of its own page; null where the token is nobody's. */
export async function showOwnQuestion(deps: Deps, token: string): Promise<OwnQuestion | null> {
  const id = deps.keyring.readToken("clinic-question", token);
  const [stored] = id === null ? [] : await selectQuestions(deps.db, { id });
  const clinic = stored && (await selectClinic(deps.db, stored.clinic));
  if (!stored || !clinic) return null;
  const register = await deps.register(deps.db);
  const { document, slug } = clinic;
  const { title, language, thread, pool, forum } = document;
  const actor = { kind: "forum", forum, voice: "member" } as const;
  const became = stored.reference === null ? null : await showReferral(deps, stored.reference, actor);
  return {
    id: stored.id,
    state: stored.state,
    canWithdraw: open.includes(stored.state),
    clinic: { slug, title, language, thread },
    department: nameOf(register, "departments", departmentOf(register, pool)),
    pool: nameOf(register, "pools", pool),
    forum: { slug: forum, name: nameOf(register, "forums", forum) },
    startsAt: stored.startsAt.toISOString(),
    endsAt: endOf(stored.startsAt, document).toISOString(),
    question: openQuestion(deps, stored)?.excerpt ?? null,
    referral: became?.links.member ?? null,
  };
}

/**
 * Takes back a question that nobody has answered yet, and forgets its text for good; twice changes nothing. A question of
 * another forum is `clinic/not-found`; one that was answered or passed on is refused: what it became is withdrawn there.
 */
export async function withdrawQuestion(
  deps: ClinicDeps & Pick<Deps, "db">,
  { id, forum }: { id: string; forum?: string | undefined },
  actor: Actor,
): Promise<{ id: string; state: QuestionState }> {
  const [known] = await selectQuestions(deps.db, { id });
  if (!known) throw new DomainError("clinic/not-found");
  return changeClinic(deps, known.clinic, actor, "anybody", async ({ tx, clinic }) => {
    const question = await holdQuestion(tx, id);
    if (!question || (forum !== undefined && clinic.document.forum !== forum))
      throw new DomainError("clinic/not-found");
    if (question.state === "withdrawn") return { id, state: "withdrawn" };
    if (!open.includes(question.state)) throw notPossible(question.state);
    await putAway(tx, question, "withdrawn");
    return { id, state: "withdrawn" };
  });
}

/** Takes the text of a question that is still open, and takes it out of what the session counts as passed on. */
async function putAway(
  tx: Parameters<typeof holdQuestion>[0],
  question: StoredQuestion,
  state: "withdrawn" | "dropped",
): Promise<void> {
  await updateQuestion(tx, question.id, { state, takenBy: null });
  if (question.state === "left") await countOneLess(tx, question);
  await forgetQuestions(tx, [question.id]);
}

/**
 * Takes back every open question of one member of a forum, by the pseudonym that the forum sends. Gives how many there
 * were. For administrators.
 */
export async function forgetMemberQuestions(
  deps: ClinicDeps & Pick<Deps, "db" | "keyring">,
  { forum, member }: { forum: string; member: string },
  actor: Actor,
): Promise<number> {
  if (actor.kind !== "admin") throw new DomainError("access/forbidden");
  let forgotten = 0;
  for (const { slug } of await selectClinics(deps.db, { forum }))
    for (const question of await selectQuestions(deps.db, { clinic: slug, state: open })) {
      if (openQuestion(deps, question)?.member !== member) continue;
      await withdrawQuestion(deps, { id: question.id }, actor);
      forgotten += 1;
    }
  return forgotten;
}

/** Forgets what is older than texts are kept, wherever it stands: nothing that hinders a question keeps it longer. */
export async function forgetOldQuestions(deps: Deps): Promise<void> {
  const { settings } = await deps.register(deps.db);
  const keptSince = new Date(deps.now().getTime() - elapsedMs(settings.keepContent));
  for (const { id } of await selectQuestions(deps.db, { keptSince, limit: 500 }))
    await deps.transaction(async (tx) => {
      const question = await holdQuestion(tx, id);
      if (question && open.includes(question.state)) await putAway(tx, question, "dropped");
      else if (question) await forgetQuestions(tx, [id]);
    });
}
