import type { State } from "../../src/contract/vocabulary.ts";
import type { World } from "../support/world.ts";

/** Where a referral stands, and what a body may have to name. */
export interface Scene {
  reference: string;
  draft: string;
  reply: string;
  /** Another open referral of the same pool. */
  other: string;
}

/** The register of the tests, with everybody who might try: strangers, forums' operators and people without a say. */
export const withEverybody = <Register extends { people: object[]; advisors: object[]; pools: object[] }>(
  register: Register,
) => ({
  ...register,
  people: [
    ...register.people,
    { id: "clear.uc", name: "Clear U.", roles: ["clearer:uc"] },
    { id: "ada.min", name: "Ada M.", roles: ["administrator"] },
    { id: "otto.y", name: "Otto Y.", roles: ["operator:young"] },
    { id: "pub.l", name: "Pub L.", roles: ["publisher"] },
    { id: "enga.d", name: "Enga D.", roles: ["engagement:dwp"] },
    { id: "man.a", name: "Man A.", roles: ["manager"] },
    { id: "man.d", name: "Man D.", roles: ["manager:dwp"] },
  ],
});

const owner = ["advisor:amal.h"];
const lead = ["advisor:lee.d"];
const advisors = [...owner, ...lead, "advisor:bea.k"];
const clearer = ["person:clear.uc"];
const triage = ["person:sam.t"];
const safeguarding = ["person:safe.one"];
const moderator = ["forum:parents"];
const operator = ["operator:parents", "person:olive.p"];

/** Everybody with a key of their own; the referrals of the scenes belong to forum `parents` and pool `uc`. */
export const actors = [
  ...advisors,
  ...clearer,
  ...triage,
  ...safeguarding,
  ...moderator,
  ...operator,
  "advisor:noor.s",
  "advisor:jo.v",
  "person:cleo.c",
  "person:aud.it",
  "person:ada.min",
  "person:otto.y",
  "person:pub.l",
  "person:enga.d",
  "person:man.a",
  "person:man.d",
  "forum:young",
  "operator:young",
  "manager",
  "manager:dwp",
  "admin",
];

/** One of each kind, for steps that nobody may take where the referral stands. */
export const oneOfEach = [
  ...owner,
  ...lead,
  ...triage,
  ...safeguarding,
  ...moderator,
  "operator:parents",
  "advisor:noor.s",
  "person:pub.l",
  "admin",
];

const everywhere = [...moderator, ...operator, ...triage, "person:aud.it", "person:ada.min", "admin"];
const withPool = [...advisors, ...clearer];
const poolless: readonly State[] = ["awaiting_consent", "diverted", "triage"];

/** Who sees the referral of a scene, as the domain says and by no rule of the product's own code. */
export function sees(actor: string, state: State): boolean {
  if (everywhere.includes(actor)) return true;
  if (safeguarding.includes(actor)) return state === "diverted";
  return withPool.includes(actor) && !poolless.includes(state);
}

/** Managers count what happens and open no referral: their keys do not fit these routes at all. */
export const isKeptOut = (actor: string): boolean => actor === "manager" || actor.startsWith("manager:");

export interface VerbCase {
  verb: string;
  /** A body that is right for this actor; `state` is where the referral stands. */
  body(scene: Scene, actor: string, state: State): Record<string, unknown>;
  /** Who may, and where: the table of states, written out by hand from the domain. */
  by: Partial<Record<State, readonly string[]>>;
}

const inStates = (
  states: readonly State[],
  who: readonly string[],
): Partial<Record<State, readonly string[]>> => Object.fromEntries(states.map((state) => [state, who]));

const waiting = ["waiting_member", "waiting_clearance"] as const;
const held = ["claimed", ...waiting, "replied"] as const;
const withPools = ["offered", ...held] as const;
const open = ["awaiting_consent", "diverted", "triage", ...withPools] as const;
const ended = ["resolved", "closed"] as const;
const poolAndEnds = [...withPools, ...ended, "withdrawn", "merged"] as const;

const closings: Partial<Record<State, object>> = {
  diverted: { disposition: "diverted_urgent", result: "unknown" },
  triage: {
    disposition: "signposted",
    result: "unknown",
    signpost: { text: "Ask your council.", url: "https://www.gov.uk/find-local-council" },
  },
  offered: { disposition: "no_capacity", result: "unknown", because: "Nobody is free this week." },
};
const closing = { disposition: "insufficient_information", result: "unknown" };
const speaker = (actor: string) => (actor.startsWith("forum:") ? "moderator" : "advisor");

/** Every verb with an address of its own. */
export const verbCases: readonly VerbCase[] = [
  { verb: "consent", body: () => ({ given: true, saidBy: "moderator" }), by: { awaiting_consent: [] } },
  { verb: "claim", body: () => ({}), by: { offered: advisors } },
  { verb: "release", body: () => ({ reason: "back" }), by: inStates(held, [...owner, ...lead]) },
  { verb: "transfer", body: () => ({ to: "bea.k" }), by: inStates(held, [...owner, ...lead]) },
  {
    verb: "decline",
    body: () => ({ reason: "not-ours" }),
    by: { offered: advisors, claimed: [...owner, ...lead] },
  },
  {
    verb: "reroute",
    body: () => ({ pool: "uc-second", because: "theirs" }),
    by: { triage, offered: lead },
  },
  {
    verb: "divert",
    body: () => ({ reason: "I am worried about this." }),
    by: {
      ...inStates(withPools, [...advisors, ...triage, ...moderator]),
      ...inStates(poolless, [...triage, ...moderator]),
    },
  },
  { verb: "acknowledge", body: () => ({}), by: { diverted: safeguarding } },
  { verb: "stand-down", body: () => ({ reason: "a false alarm" }), by: { diverted: safeguarding } },
  {
    verb: "note",
    body: () => ({ text: "Rang the office." }),
    by: {
      ...inStates(poolAndEnds, [...advisors, ...clearer, ...triage]),
      ...inStates(["awaiting_consent", "triage"], triage),
      diverted: [...triage, ...safeguarding],
    },
  },
  { verb: "ask", body: () => ({ text: "Since when?" }), by: { claimed: owner } },
  {
    verb: "member-answer",
    body: () => ({ text: "Since May.", saidBy: "moderator" }),
    by: { waiting_member: moderator },
  },
  {
    verb: "follow-up",
    body: () => ({ text: "It has not come.", saidBy: "moderator" }),
    by: inStates(["replied", ...ended], moderator),
  },
  {
    verb: "draft",
    body: () => ({ text: "Ask for an advance." }),
    by: { claimed: owner, ...inStates(["replied", ...ended], [...owner, ...lead]) },
  },
  { verb: "recall", body: ({ draft }) => ({ draft }), by: { waiting_clearance: owner } },
  {
    verb: "reassign-clearance",
    body: ({ draft }) => ({ draft, clearer: "lee.d" }),
    by: { waiting_clearance: [...owner, ...lead] },
  },
  {
    verb: "review",
    body: ({ draft }) => ({ draft, decision: "approve" }),
    by: { waiting_clearance: clearer },
  },
  {
    verb: "reply",
    body: () => ({ text: "Ask for an advance." }),
    by: { claimed: [...owner, ...lead], replied: [...owner, ...lead] },
  },
  {
    verb: "correct",
    body: ({ reply }) => ({ reply, text: "Ask for an advance today." }),
    by: inStates(["replied", ...ended], [...owner, ...lead]),
  },
  {
    verb: "retract",
    body: ({ reply }) => ({ reply, reason: "wrong" }),
    by: inStates(["replied", ...ended], [...owner, ...lead]),
  },
  {
    verb: "resolve",
    body: (_scene, actor) => ({
      disposition: "answered_in_public",
      result: "helped",
      saidBy: speaker(actor),
    }),
    by: { replied: [...owner, ...lead, ...moderator] },
  },
  {
    verb: "close",
    body: (_scene, _actor, state) => ({ ...(closings[state] ?? closing) }),
    by: {
      ...inStates(["claimed", ...waiting], owner),
      offered: [...lead, ...triage],
      triage,
      diverted: safeguarding,
    },
  },
  { verb: "withdraw", body: () => ({}), by: inStates([...open, "merged"], [...moderator, ...operator]) },
  {
    verb: "merge",
    body: ({ other }) => ({ into: other }),
    by: { ...inStates(withPools, [...triage, ...lead]), triage },
  },
  { verb: "split", body: () => ({}), by: { merged: [...triage, ...lead] } },
  { verb: "reopen", body: () => ({ reason: "It came back." }), by: inStates(ended, moderator) },
  {
    verb: "feedback",
    body: () => ({ result: "partly_helped", saidBy: "moderator" }),
    by: inStates(["replied", ...ended], moderator),
  },
];

async function must(answer: Promise<{ status: number; body: { reference: string } }>): Promise<string> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`A scene could not be set: ${JSON.stringify(body)}`);
  return body.reference;
}

/** Brings a new referral into a state by what people do, over HTTP. Owned by amal.h wherever somebody owns it. */
export async function reach(world: World, state: State): Promise<Scene> {
  const other = await must(world.refer("parents"));
  const reference = await must(world.refer("parents", births[state] ?? {}));
  const act = (who: string, verb: string, body: object = {}) => must(world.as(who, reference, verb, body));
  const claim = () => act("advisor:amal.h", "claim");
  const reply = async () => {
    await claim();
    await act("advisor:amal.h", "reply", { text: "Ask your work coach." });
    await world.settle();
  };
  switch (state) {
    case "claimed":
      await claim();
      break;
    case "waiting_member":
      await claim();
      await act("advisor:amal.h", "ask", { text: "Since when?" });
      await world.settle();
      break;
    case "waiting_clearance":
      await claim();
      await act("advisor:amal.h", "draft", { text: "Ask for an advance.", clearer: "clear.uc" });
      break;
    case "replied":
      await reply();
      break;
    case "resolved":
      await reply();
      await act("advisor:amal.h", "resolve", { result: "helped" });
      break;
    case "closed":
      await reply();
      await act("forum:parents", "feedback", { result: "not_helped", saidBy: "moderator" });
      await act("advisor:amal.h", "close", closing);
      break;
    case "withdrawn":
      await act("forum:parents", "withdraw");
      break;
    case "merged":
      await act("person:sam.t", "merge", { into: other });
  }
  const shown = await world.show(reference);
  if (shown.state !== state) throw new Error(`The scene ${state} came out as ${shown.state}.`);
  const [first] = shown.replies;
  return { reference, draft: first?.id ?? "none", reply: first?.id ?? "none", other };
}

const births: Partial<Record<State, Record<string, unknown>>> = {
  awaiting_consent: { consent: "ask-member" },
  diverted: { concern: true },
  triage: { topic: undefined, excerpt: "Where do I sit on the train to Aberdeen?" },
};
