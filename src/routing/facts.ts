import type { Language, Nation, Urgency } from "../contract/vocabulary.ts";
import type { RuleField } from "./rules.ts";
import { foldPhrase, type PhraseFinder } from "./words.ts";

/** Why a pool takes nothing at the moment. `not-agreed`: the forum has agreed no referrals to its department. */
export type UnavailableReason = "pool-closed" | "no-active-advisor" | "not-agreed";

/** What is known of a referral when it is routed. `text` (title and excerpt) is read for words and never kept. */
export interface RoutingInputs {
  forum: string;
  text: string;
  language: Language;
  urgency: Urgency;
  board?: string | null | undefined;
  topic?: string | null | undefined;
  /** The topic is a guess of `createTopicIndex`, not a moderator's choice. */
  topicGuessed?: boolean | undefined;
  nation?: Nation | null | undefined;
  area?: string | null | undefined;
  audience?: readonly string[] | undefined;
  flags?: readonly string[] | undefined;
  /** The clinic whose question this was, by its slug. */
  clinic?: string | null | undefined;
  /** Pools that had this referral before: never offered to them again in silence. */
  triedPools?: readonly string[] | undefined;
  unavailable?: ReadonlyMap<string, UnavailableReason> | undefined;
}

/** The inputs of a decision as codes: kept with it, holds no text and no place name. */
export type RoutingCodes = {
  forum: string;
  board: string | null;
  topic: string | null;
  topicGuessed: boolean;
  nation: Nation | null;
  /** Whether an area was given. Which one is content of the referral, and goes with it. */
  areaGiven: boolean;
  audience: string[];
  language: Language;
  urgency: Urgency;
  flags: string[];
  clinic: string | null;
  /** Words of the rules, folded, that the text contained. */
  words: string[];
  triedPools: string[];
};

/** For each field that a rule may ask about, the values that this referral has. */
export type Facts = Readonly<Record<RuleField, readonly string[]>>;

const none: readonly string[] = [];

function one(value: string | null | undefined): readonly string[] {
  return value ? [value] : none;
}

/** An area in the forms a rule may name: whole, and each part between commas ("Leeds, West Yorkshire"). */
function areaNames(area: string | null | undefined): readonly string[] {
  if (!area) return none;
  return area.includes(",") ? [area, ...area.split(",")].map(foldPhrase) : [foldPhrase(area)];
}

export function factsOf(inputs: RoutingInputs, findWords: PhraseFinder | null): Facts {
  return {
    forum: one(inputs.forum),
    board: inputs.board ? [foldPhrase(inputs.board)] : none,
    topic: one(inputs.topic),
    words: findWords ? findWords(inputs.text) : none,
    nation: one(inputs.nation),
    area: areaNames(inputs.area),
    audience: inputs.audience ?? none,
    language: one(inputs.language),
    urgency: one(inputs.urgency),
    flag: inputs.flags ?? none,
    clinic: one(inputs.clinic),
  };
}

export function codesOf(inputs: RoutingInputs, facts: Facts): RoutingCodes {
  return {
    forum: inputs.forum,
    board: inputs.board ?? null,
    topic: inputs.topic ?? null,
    topicGuessed: inputs.topic ? (inputs.topicGuessed ?? false) : false,
    nation: inputs.nation ?? null,
    areaGiven: Boolean(inputs.area),
    audience: [...facts.audience],
    language: inputs.language,
    urgency: inputs.urgency,
    flags: [...facts.flag],
    clinic: inputs.clinic ?? null,
    words: [...facts.words],
    triedPools: [...(inputs.triedPools ?? none)],
  };
}
