import type { Actor } from "../contract/actor.ts";
import type { ReferralBody } from "../contract/bodies.ts";
import type { Advice, ReferralView } from "../contract/core-api.ts";
import { DomainError } from "../contract/errors.ts";
import { type Language, type MaskedCode, maskedCodes, type State } from "../contract/vocabulary.ts";
import { newDelivery, newId } from "../delivery/index.ts";
import type { Deps } from "../deps.ts";
import { takeRandom } from "../privacy/index.ts";
import { maskText } from "../privacy/mask.ts";
import { keepsReferrals, type Register, type RegisteredForum, takesReferrals } from "../register/model.ts";
import { adviceFor, findSafetyWording } from "../safety/index.ts";
import { clocksFor } from "./clocks.ts";
import type { EventRecord, Referral, ReferralContent } from "./model.ts";
import { forumNotice, noticesAfter, placesFor } from "./notices.ts";
import { place } from "./placing.ts";
import { createReference } from "./reference.ts";
import { viewpointOf } from "./roles.ts";
import { chainOf } from "./step.ts";
import type { BirthRows } from "./store/births.ts";
import { viewReferral } from "./view.ts";

type BirthDeps = Pick<Deps, "now" | "keyring" | "adapters" | "baseUrl" | "contacts">;

/** A referral that was decided on and is not yet written: its rows, and what its moderator will be told. */
export interface Birth {
  rows: BirthRows;
  view: ReferralView;
  /** Words for the moderator, where the text needs care. */
  advice: Advice[];
}

/** What a forum sent, and who proved to be it. */
export interface Request {
  forum: string;
  body: ReferralBody;
  actor: Actor;
  /** The clinic it comes from: taken also where a forum agreed to nothing but clinics. */
  fromClinic?: string;
  /** Safety wording was found in what came with it, beside the body. */
  isGrave?: boolean;
}

/**
 * Decides on a new referral from a forum, without asking the database: safety wording is read first, then the intervention
 * model, then consent, then it is routed. Everything that identifies is masked, and what is left is sealed. What it
 * decides holds while the register it was given does. Refuses a forum that agreed no referrals and a consent the forum
 * does not take, both with the advice.
 */
export function prepareBirth(
  deps: BirthDeps,
  register: Register,
  { forum: slug, body, actor, fromClinic, isGrave }: Request,
): Birth {
  const now = deps.now();
  const forum = register.forums.get(slug);
  if (!forum) throw new DomainError("forum/not-found");
  const language = body.language ?? forum.language;
  const found = findSafetyWording([body.title, body.excerpt, body.note].filter(Boolean).join("\n"), language);
  const advice =
    found || body.concern
      ? adviceFor(
          { concern: found?.code ?? "concern", language, ...(body.nation ? { nation: body.nation } : {}) },
          deps.contacts,
        )
      : [];
  if (!(fromClinic ? keepsReferrals(forum) : takesReferrals(forum))) {
    throw new DomainError("forum/no-intervention", { fields: advice.length > 0 ? { advice } : {} });
  }
  const asksMember = mustAskMember(forum, body, advice);
  const { content, masked } = maskContent(body);
  const placed = placeBody(register, forum, body, {
    content,
    language,
    clinic: fromClinic ?? null,
    flags: [...(found || isGrave ? ["safety"] : []), ...(body.concern ? ["concern"] : [])],
    now,
  });
  const state: State = asksMember ? "awaiting_consent" : placed.to;
  const because = asksMember ? "The member is asked first." : placed.routing.because;
  const born = { forum, body, actor, language, state, placed, content, masked, because, now };
  return { ...layOut(deps, register, born), advice };
}

function mustAskMember(forum: RegisteredForum, body: ReferralBody, advice: readonly Advice[]): boolean {
  if (body.consent === "not-needed" && forum.consent !== "none-needed") {
    throw new DomainError("forum/consent-not-allowed", {
      detail: "This forum does not do without the member's agreement: send member-agreed or ask-member.",
      fields: advice.length > 0 ? { advice } : {},
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

function placeBody(
  register: Register,
  forum: RegisteredForum,
  body: ReferralBody,
  read: { content: ReferralContent; language: Language; clinic: string | null; flags: string[]; now: Date },
) {
  const { content, language, clinic, flags, now } = read;
  const question = {
    forum: forum.slug,
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
    clinic,
    flags,
    triedPools: [],
  };
  return place(register, question, now);
}

interface Born extends Omit<Request, "forum"> {
  forum: RegisteredForum;
  language: Language;
  state: State;
  placed: ReturnType<typeof place>;
  content: ReferralContent;
  masked: MaskedCode[];
  because: string;
  now: Date;
}

function layOut(deps: BirthDeps, register: Register, born: Born): Omit<Birth, "advice"> {
  const { forum, content, now, because, actor } = born;
  const { key, wrapped, keyId } = deps.keyring.createContentKey();
  const { referral, timers } = bringForth(register, born);
  const event: EventRecord = {
    seq: referral.version,
    type: referral.state === "awaiting_consent" ? "referral.consent_requested" : `referral.${referral.state}`,
    at: now,
    actorRole: "moderator",
    actorId: null,
    actedBy: "actedBy" in actor ? (actor.actedBy ?? null) : null,
    stateFrom: null,
    stateTo: referral.state,
    poolSlug: referral.poolSlug,
    because,
    data: {},
    textId: null,
  };
  const view = viewReferral(
    {
      referral,
      history: [event],
      replies: [],
      texts: [],
      content,
      key: null,
      register,
      baseUrl: deps.baseUrl,
      memberToken: deps.keyring.token("member", referral.id),
    },
    viewpointOf(actor, referral, register),
  );
  const rows: BirthRows = {
    referral,
    content: key.seal(JSON.stringify(content)),
    memberHash: content.member === null ? null : deps.keyring.hash(`member:${forum.slug}`, content.member),
    key: { wrapped, keyId },
    event: { ...event, chain: chainOf(register, referral.poolSlug) },
    timers,
    deliveries: deliveriesFor(deps, register, referral, event),
    ratePerMinute: forum.ratePerMinute,
  };
  return { rows, view };
}

/** Written out in full: spreading forty members costs more than routing the referral. */
function bringForth(register: Register, born: Born) {
  const { forum, body, state, placed, now } = born;
  const poolSlug = state === "offered" ? placed.pool : null;
  const { set, timers } = clocksFor(
    {
      state,
      poolSlug,
      claimDueAt: null,
      replyDueAt: null,
      resolveDueAt: null,
      firstRepliedAt: null,
      submittedAt: now,
      consentedAt: null,
      stateSince: now,
    },
    state,
    now,
    register,
  );
  const referral: Referral = {
    id: newId(now),
    reference: createReference(takeRandom(7)),
    forumSlug: forum.slug,
    poolSlug,
    state,
    version: 1,
    sealed: null,
    externalId: body.externalId ?? null,
    consentBasis: body.consent,
    topic: placed.topic,
    topicGuessed: placed.guessed,
    language: born.language,
    urgency: body.urgency,
    nation: body.nation ?? null,
    audience: body.audience,
    masked: born.masked,
    routing: placed.routing,
    triedPools: [],
    ownerId: null,
    lastOwnerId: null,
    escalation: 0,
    everDiverted: state === "diverted",
    mergedIntoId: null,
    stateBeforeMerge: null,
    clock: set.clock,
    dueAt: set.dueAt,
    claimDueAt: set.claimDueAt,
    replyDueAt: set.replyDueAt,
    resolveDueAt: set.resolveDueAt,
    submittedAt: now,
    consentedAt: null,
    firstOfferedAt: state === "offered" ? now : null,
    firstClaimedAt: null,
    claimedAt: null,
    firstRepliedAt: null,
    acknowledgedAt: null,
    stateSince: now,
    finishedAt: null,
    resolvedAt: null,
    postDeletedAt: null,
    erasedAt: null,
    proposedDisposition: null,
    disposition: null,
    result: null,
    saidBy: null,
    insight: null,
    feedback: [],
  };
  return { referral, timers };
}

function deliveriesFor(deps: BirthDeps, register: Register, referral: Referral, event: EventRecord) {
  const isAsked = referral.state === "awaiting_consent";
  const told = isAsked
    ? forumNotice(referral, "referral.consent_requested", {})
    : forumNotice(
        referral,
        `referral.${referral.state}` as "referral.offered",
        {},
        event.because ?? undefined,
      );
  const pools = referral.poolSlug === null ? [] : [referral.poolSlug];
  return [told, ...noticesAfter(referral, pools, event.type, null)]
    .flatMap((notice) => placesFor(register, deps.adapters, notice))
    .map((place) => newDelivery({ ...place, referralId: referral.id, now: event.at }));
}
