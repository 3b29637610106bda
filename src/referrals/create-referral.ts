import { randomBytes } from "node:crypto";
import type { Actor } from "../contract/actor.ts";
import type { ReferralBody } from "../contract/bodies.ts";
import type { Advice } from "../contract/core-api.ts";
import { DomainError } from "../contract/errors.ts";
import { type Language, type MaskedCode, maskedCodes, type State } from "../contract/vocabulary.ts";
import type { Tx } from "../db/index.ts";
import { newId } from "../delivery/index.ts";
import type { Deps } from "../deps.ts";
import { maskText } from "../privacy/mask.ts";
import { type RegisteredForum, takesReferrals } from "../register/model.ts";
import { adviceFor, crisisContacts, findSafetyWording } from "../safety/index.ts";
import { clocksFor } from "./clocks.ts";
import type { Referral, ReferralContent } from "./model.ts";
import { tellAfterwards, tellForum } from "./notices.ts";
import { place } from "./placing.ts";
import { createReference } from "./reference.ts";
import { chainOf } from "./step.ts";
import { takeRateToken } from "./store/rate.ts";
import { appendEvent, setTimers } from "./store/records.ts";
import { findReferralById, insertReferral } from "./store/referrals.ts";
import { beginTurn, type Turn } from "./turn.ts";

/** A referral as it was born, with the words for the moderator where its text needs care. */
export interface Birth {
  turn: Turn;
  advice: Advice[];
}

/**
 * Takes a new referral from a forum, inside a transaction: safety wording is read first, then the intervention model,
 * then consent, then it is routed. Everything that identifies is masked before anything is kept. Refuses a forum that
 * agreed no referrals (with the advice), a consent the forum does not take, and more than its rate.
 */
export async function createReferral(
  deps: Deps,
  tx: Tx,
  forumSlug: string,
  body: ReferralBody,
  actor: Actor,
): Promise<Birth> {
  const now = deps.now();
  const register = await deps.register(tx);
  const forum = register.forums.get(forumSlug);
  if (!forum) throw new DomainError("forum/not-found");
  const language = body.language ?? forum.language;
  const found = findSafetyWording([body.title, body.excerpt, body.note].filter(Boolean).join("\n"), language);
  const advice =
    found || body.concern
      ? adviceFor(
          { concern: found?.code ?? "concern", language, ...(body.nation ? { nation: body.nation } : {}) },
          crisisContacts,
        )
      : [];
  if (!takesReferrals(forum)) {
    throw new DomainError("forum/no-intervention", { fields: advice.length > 0 ? { advice } : {} });
  }
  const asksMember = mustAskMember(forum, body);
  await takeRateToken(tx, forumSlug, forum.ratePerMinute, now);

  const { content, masked } = maskContent(body);
  const flags = [...(found ? ["safety"] : []), ...(body.concern ? ["concern"] : [])];
  const placed = place(
    register,
    {
      forum: forumSlug,
      title: content.title,
      excerpt: content.excerpt,
      language,
      urgency: body.urgency,
      board: body.board ?? null,
      // A topic that nobody set up says nothing, and its text could hold anything.
      topic: body.topic !== undefined && register.topics.has(body.topic) ? body.topic : null,
      nation: body.nation ?? null,
      area: body.area ?? null,
      audience: body.audience,
      flags,
      triedPools: [],
    },
    now,
  );
  const state: State = asksMember ? "awaiting_consent" : placed.to;
  const referral = await insert(deps, tx, { forum, body, language, state, placed, content, masked, now });
  const turn = await beginTurn(deps, tx, referral, actor, now);
  const because = asksMember ? "The member is asked first." : placed.routing.because;
  await recordBirth(turn, state, because);
  turn.advice = advice;
  return { turn, advice };
}

function mustAskMember(forum: RegisteredForum, body: ReferralBody): boolean {
  if (body.consent === "not-needed" && forum.consent !== "none-needed") {
    throw new DomainError("forum/consent-not-allowed", {
      detail: "This forum does not do without the member's agreement: send member-agreed or ask-member.",
    });
  }
  return forum.consent === "member" || body.consent === "ask-member";
}

function maskContent(body: ReferralBody): { content: ReferralContent; masked: MaskedCode[] } {
  const found = new Set<MaskedCode>();
  const mask = (typed: string) => {
    const { text, masked } = maskText(typed);
    for (const code of masked) found.add(code);
    return text;
  };
  const content: ReferralContent = {
    title: body.title === undefined ? null : mask(body.title),
    excerpt: mask(body.excerpt),
    url: body.url,
    note: body.note === undefined ? null : mask(body.note),
    member: body.member ?? null,
    moderator: body.moderator,
    area: body.area === undefined ? null : mask(body.area),
  };
  return { content, masked: maskedCodes.filter((code) => found.has(code)) };
}

interface Insertion {
  forum: RegisteredForum;
  body: ReferralBody;
  language: Language;
  state: State;
  placed: ReturnType<typeof place>;
  content: ReferralContent;
  masked: MaskedCode[];
  now: Date;
}

async function insert(deps: Deps, tx: Tx, born: Insertion): Promise<Referral> {
  const { forum, body, state, placed, content, now } = born;
  const { key, wrapped, keyId } = deps.keyring.createContentKey();
  const id = newId(now);
  const poolSlug = state === "offered" ? placed.pool : null;
  const unborn = {
    claimDueAt: null,
    replyDueAt: null,
    resolveDueAt: null,
    firstRepliedAt: null,
    consentedAt: null,
  };
  const times = { submittedAt: now, stateSince: now };
  const clocks = clocksFor({ ...unborn, ...times, state, poolSlug }, state, now, await deps.register(tx));
  await insertReferral(
    tx,
    {
      id,
      reference: createReference(randomBytes(7)),
      forumSlug: forum.slug,
      poolSlug,
      state,
      content: key.seal(JSON.stringify(content)),
      externalId: body.externalId ?? null,
      memberHash: content.member === null ? null : deps.keyring.hash(`member:${forum.slug}`, content.member),
      consentBasis: body.consent,
      topic: placed.topic,
      topicGuessed: placed.guessed,
      language: born.language,
      urgency: body.urgency,
      nation: body.nation ?? null,
      audience: body.audience,
      masked: born.masked,
      routing: { ...placed.routing } as object,
      everDiverted: state === "diverted",
      ...times,
      ...clocks.set,
      firstOfferedAt: state === "offered" ? now : null,
    },
    { wrapped, keyId },
  );
  const referral = await findReferralById(tx, id, false);
  if (!referral) throw new Error("A referral that was just written is not there.");
  await setTimers(tx, id, clocks.timers);
  return referral;
}

async function recordBirth(turn: Turn, state: State, because: string): Promise<void> {
  const { tx, referral, register, now, actor } = turn;
  const type = state === "awaiting_consent" ? "referral.consent_requested" : `referral.${state}`;
  turn.lastEvent = type;
  await appendEvent(tx, {
    referralId: referral.id,
    seq: referral.version,
    type,
    at: now,
    actorRole: "moderator",
    actorId: null,
    actedBy: "actedBy" in actor ? (actor.actedBy ?? null) : null,
    stateFrom: null,
    stateTo: state,
    poolSlug: referral.poolSlug,
    because,
    data: {},
    textId: null,
    chain: chainOf(register, referral.poolSlug),
  });
  if (state === "awaiting_consent") await tellForum(turn, "referral.consent_requested", {});
  else await tellForum(turn, `referral.${state}` as "referral.offered", {}, because);
  await tellAfterwards(turn, null);
}
