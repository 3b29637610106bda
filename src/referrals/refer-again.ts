import type { ReferralBody } from "../contract/bodies.ts";
import type { Role } from "../contract/vocabulary.ts";
import { createReferral } from "./create-referral.ts";
import type { Referral } from "./model.ts";
import { tellAfterwards, tellPool } from "./notices.ts";
import { findTransition } from "./states.ts";
import { refuseStep, report, type StepDetails } from "./step.ts";
import { findText, readHistory, readTexts } from "./store/records.ts";
import { findReferralById, linkReferral } from "./store/referrals.ts";
import { contentOf, keep, keyOf } from "./texts.ts";
import { beginTurn, type Turn } from "./turn.ts";

/**
 * After the window the same post is a new referral, linked to the old, routed and clocked anew. What was typed goes with
 * it, and so does what was known: its board, a moderator's concern, that the post was deleted. It is diverted where the
 * typed text has safety wording, or the old one ended with safeguarding.
 */
export async function referAgain(turn: Turn, details: StepDetails): Promise<void> {
  const { referral, tx, deps, actor, roles } = turn;
  const verdict = findTransition("reopen", referral.state, "triage", roles);
  if (!verdict.ok) refuseStep(turn, "reopen", verdict.because);
  const role = verdict.row.by.find((candidate) => roles.has(candidate)) ?? "moderator";
  const { clinic } = referral.routing.inputs;
  const born = await createReferral(deps, tx, {
    forum: referral.forumSlug,
    body: await bodyAgain(turn),
    actor,
    ...(typeof clinic === "string" ? { fromClinic: clinic } : {}),
    isGrave: turn.found !== null,
  });
  if (turn.advice.length === 0) turn.advice = born.advice;
  const { id, reference } = born.rows.referral;
  await linkReferral(tx, id, referral.id);
  const next = await findReferralById(tx, id, false);
  if (next) await bringAlong(turn, next, details, role);
  await report(turn, "referral.referred_again", role, { ...details, data: { as: reference } });
}

/**
 * What the forum would send today: the post as it was last read. It was checked when it came; what stands for something
 * masked may have made it longer than an intake takes.
 */
async function bodyAgain(turn: Turn): Promise<ReferralBody> {
  const { referral } = turn;
  const key = keyOf(turn);
  const post = contentOf(turn) ?? { excerpt: "", url: "", moderator: "" };
  const { title, note, member, area, ...content } = {
    title: null,
    note: null,
    member: null,
    area: null,
    ...post,
  };
  const edit = (await readTexts(turn.tx, referral.id)).findLast(
    ({ kind, body }) => kind === "excerpt" && body,
  );
  const { board, flags } = referral.routing.inputs as { board?: string | null; flags?: string[] };
  const topic = referral.topicGuessed ? null : referral.topic;
  const optional = {
    title,
    note,
    member,
    area,
    topic,
    board,
    externalId: referral.externalId,
    nation: referral.nation,
  };
  return {
    ...content,
    ...(edit?.body ? { excerpt: key.open(edit.body) } : {}),
    ...Object.fromEntries(
      Object.entries(optional).filter(([, value]) => value !== null && value !== undefined),
    ),
    consent: referral.consentBasis,
    concern: flags?.includes("concern") === true || (await endedDiverted(turn)),
    urgency: referral.urgency,
    language: referral.language,
    audience: referral.audience,
  } as ReferralBody;
}

async function endedDiverted({ tx, referral }: Turn): Promise<boolean> {
  const history = (await readHistory(tx, [referral.id])).get(referral.id) ?? [];
  return history.findLast(({ stateTo }) => stateTo === referral.state)?.stateFrom === "diverted";
}

/** The typed text, sealed under the new referral's own key, as the first thing in its history. */
async function bringAlong(
  turn: Turn,
  next: Referral,
  { textId, data }: StepDetails,
  role: Role,
): Promise<void> {
  const again = await beginTurn(turn.deps, turn.tx, next, turn.actor, turn.now, turn.register);
  const typed = textId === undefined ? null : await findText(turn.tx, textId);
  const text =
    typed?.body && turn.key ? await keep(again, "follow-up", turn.key.open(typed.body)) : undefined;
  const { postDeletedAt, masked } = turn.referral;
  await report(again, "referral.followed_up", role, {
    ...(text === undefined ? {} : { textId: text }),
    ...(data === undefined ? {} : { data }),
    set: { postDeletedAt, masked },
  });
  if (text !== undefined) await tellPool(again, "referral.followed_up", text, role);
  await tellAfterwards(again, next.state);
}
