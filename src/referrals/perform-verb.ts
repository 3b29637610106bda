import type { Actor } from "../contract/actor.ts";
import type { Advice, ReferralView } from "../contract/core-api.ts";
import { DomainError } from "../contract/errors.ts";
import { inputErrors } from "../contract/input.ts";
import { maskedCodes, type State } from "../contract/vocabulary.ts";
import type { Tx } from "../db/index.ts";
import type { Deps } from "../deps.ts";
import { type Answer, answerOnce } from "../idempotency/index.ts";
import type { Register } from "../register/model.ts";
import type { Referral } from "./model.ts";
import { tellAfterwards } from "./notices.ts";
import { freeOrigins } from "./origins.ts";
import { heedRefusedText, keepRefusedText } from "./refused-texts.ts";
import { scopesOf } from "./roles.ts";
import { makeView } from "./show-referral.ts";
import { countLostClaim, findReferral } from "./store/referrals.ts";
import { beginTurn, ChangedMeanwhile, type Turn } from "./turn.ts";
import type { Call, Verb } from "./verb.ts";
import { heedWording } from "./wording.ts";

export interface Answered {
  status: 200 | 202;
  body: ReferralView & { delivery?: { id: string; state: string }; advice?: Advice[] };
}

/** What is kept under the key of a request: the answer of a verb, or what a lost race was refused with. */
type Kept = Answer<Answered["status"] | 409, unknown>;

const attempts = 5;

/** Ends a turn: diverts where wording was found, frees what was merged into it, and tells everybody who shows it. */
export async function endTurn(turn: Turn, stateBefore: State | null): Promise<void> {
  await heedWording(turn, stateBefore);
  await freeOrigins(turn, stateBefore);
  await tellAfterwards(turn, stateBefore);
}

/** The body as the verb takes it, or a refusal that points at each mistake; an outcome's parts have a code of their own. */
export function parseBody<Body>(verb: Pick<Verb<Body>, "name" | "body">, body: unknown): Body {
  const parsed = verb.body.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const errors = inputErrors(parsed.error.issues);
  const isOutcome = verb.name === "resolve" || verb.name === "close";
  const about = isOutcome && errors.some((error) => /^\/(result|disposition)$/.test(error.pointer));
  throw new DomainError(about ? "outcome/incomplete" : "request/invalid", { errors });
}

/**
 * Performs one verb on one referral in one transaction and answers with the referral. Whoever may not see it gets
 * `referral/not-found`. A text whose step is refused is kept for seven days as its author's own, and read for safety
 * wording where a forum or a member sent it: the refusal then carries the advice.
 */
export async function performVerb<Body>(deps: Deps, verb: Verb<Body>, call: Call): Promise<Answered> {
  const body = await readBody(deps, verb, call);
  const done = await verb.atOnce?.(deps, call);
  if (done) {
    deps.nudge();
    return { status: verb.answers, body: done };
  }
  await call.proof?.renew();
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await deps.transaction((tx) => performOnce(deps, tx, verb, body, call));
        deps.nudge();
        return answered(answer);
      } catch (error) {
        if (!(error instanceof ChangedMeanwhile) || attempt === attempts) throw error;
      }
    }
  } catch (error) {
    if (error instanceof ChangedMeanwhile) throw new DomainError("referral/changed");
    if (!(error instanceof DomainError)) throw error;
    await countLostRace(deps, call, error);
    throw await keepTyped(deps, verb.name, body, call, error);
  }
}

/** The body as the verb takes it. What is typed in one that it does not take is not lost either. */
async function readBody<Body>(deps: Deps, verb: Verb<Body>, call: Call): Promise<Body> {
  try {
    return parseBody(verb, call.body);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    await call.proof?.renew();
    throw await keepTyped(deps, verb.name, call.body, call, error);
  }
}

/** Keeps and reads what was typed for a step that is refused; answers the refusal. */
async function keepTyped(
  deps: Deps,
  verb: string,
  body: unknown,
  call: Call,
  refusal: DomainError,
): Promise<DomainError> {
  await keepRefusedText(deps, verb, body, call);
  return heedRefusedText(deps, body, call, refusal);
}

/** The verb's answer. A repeat of a claim that lost is refused as the first was, whoever has the referral by now. */
function answered({ status, body }: Kept): Answered {
  if (status === 409)
    throw new DomainError("referral/already-claimed", { fields: body as DomainError["fields"] });
  return { status, body: body as Answered["body"] };
}

async function performOnce<Body>(
  deps: Deps,
  tx: Tx,
  verb: Verb<Body>,
  body: Body,
  call: Call,
): Promise<Kept> {
  return answerOnce<Kept["status"], unknown>(deps, tx, call.once, async () => {
    const register = await deps.register(tx);
    const referral = await findReferral(
      tx,
      call.reference,
      scopesOf(call.actor, register),
      verb.races !== true,
    );
    if (!referral) throw new DomainError("referral/not-found");
    if (call.version !== undefined && call.version !== referral.version) {
      throw new DomainError("referral/changed", {
        fields: { state: referral.state, version: referral.version },
      });
    }
    const turn = await actInTurn(deps, tx, verb, body, referral, call.actor, register);
    const view = await makeView(deps, tx, turn.referral, call.actor, turn.register);
    const answer: Answered["body"] = {
      ...view,
      // As an intake does: who typed learns what was masked.
      masked: maskedCodes.filter((code) => view.masked.includes(code) || turn.masked.has(code)),
      ...(turn.awaited ? { delivery: turn.awaited } : {}),
      ...(turn.advice.length > 0 ? { advice: turn.advice } : {}),
    };
    return { status: verb.answers, body: answer, referralId: referral.id };
  });
}

/** Runs a verb on a referral that was read in this transaction. */
export async function actInTurn<Body>(
  deps: Deps,
  tx: Tx,
  verb: Verb<Body>,
  body: Body,
  referral: Referral,
  actor: Actor,
  register?: Register,
): Promise<Turn> {
  const turn = await beginTurn(deps, tx, referral, actor, deps.now(), register);
  await verb.act(turn, body);
  await endTurn(turn, referral.state);
  return turn;
}

/** Counts a race that an advisor of the pool lost, once for a request and its repeats. */
async function countLostRace(deps: Deps, call: Call, refusal: DomainError): Promise<void> {
  const { actor } = call;
  if (refusal.code !== "referral/already-claimed") return;
  if (actor.kind !== "advisor" && actor.kind !== "person") return;
  const now = deps.now();
  await deps.transaction((tx) =>
    answerOnce<Kept["status"], unknown>(deps, tx, call.once, async () => {
      const advisor = actor.kind === "advisor" ? (await deps.register(tx)).advisors.get(actor.id) : undefined;
      const pools = advisor?.pools ?? [];
      const referralId = await countLostClaim(tx, call.reference, { id: actor.id, pools }, now);
      return { status: 409, body: refusal.fields, ...(referralId === null ? {} : { referralId }) };
    }),
  );
}
