import type { Actor } from "./actor.ts";
import type { ForumEvent, QuestionBody, ReferralBody } from "./bodies.ts";
import type { MaskedCode, Role } from "./vocabulary.ts";

/** Where an input came from: who, and the platform's own id of the event, so that a second delivery changes nothing. */
export interface Inbound {
  actor: Actor;
  eventId: string;
  /** Proves it again from what holds now; called where the register has changed since. Throws where it does not hold. */
  renew?(): Promise<void>;
}

export interface Advice {
  text: string;
  phone: string;
  hours: string;
}

/** A chart as PNG, and in words for whoever does not see it. */
export interface StatsPicture {
  png: Uint8Array;
  words: string;
}

export interface ReplyView {
  id: string;
  state: string;
  text: string | null;
  /** What is to stand there instead, until the forum has it. */
  correction?: string;
  language: string;
  verify: { code: string; url: string };
  deliveredAt: string | null;
  url: string | null;
}

export interface HistoryEntry {
  seq: number;
  type: string;
  at: string;
  by: { role: string; id?: string };
  because?: string;
  [detail: string]: unknown;
}

/** A referral as an answer shows it. Which parts are there depends on who asks. */
export interface ReferralView {
  reference: string;
  state: string;
  version: number;
  forum: { slug: string; name: string };
  pool: { slug: string; name: string } | null;
  externalId: string | null;
  routing: { rule: number; because: string; guessed: boolean };
  next: { owner: string; clock: string | null; dueAt: string | null };
  replies: ReplyView[];
  outcome: {
    disposition: string | null;
    result: string | null;
    saidBy: string | null;
    insight?: string | null;
    feedback: { result: string; saidBy: string; at: string; late?: boolean }[];
  } | null;
  history: HistoryEntry[];
  masked: MaskedCode[];
  /** Referrals merged into this one: they get the same answer. Not shown to a forum. */
  origins?: readonly { reference: string; forum: { slug: string; name: string } }[];
  links: Record<string, string>;
  [part: string]: unknown;
}

/** The answer to a referral: 201 when new, 200 with the same body when the id was known. */
export interface Submitted {
  created: boolean;
  referral: ReferralView & { advice?: Advice[] };
}

/**
 * What became of a question for a clinic: it waits for a session, or it was passed on at once because somebody may be in
 * danger. `link` is the page of whoever asked: how it stands, and how to take it back.
 */
export type Asked =
  | { state: "waiting"; id: string; session: string; link: string }
  | { state: "referred"; reference: string; advice: Advice[]; link: string };

/** What became of a verb; `delivery` is there when the answer waits for the forum. */
export interface Performed {
  referral: ReferralView;
  delivery?: { id: string; state: string };
}

export interface ListQuery {
  /** Handle of the advisor who has claimed them. */
  owner?: string | undefined;
  /** `due`: what falls due first comes first, and there are no further pages. Otherwise the newest. */
  order?: "due" | undefined;
  state?: string | undefined;
  pool?: string | undefined;
  forum?: string | undefined;
  q?: string | undefined;
  /** `reply`, `question` or `consent`: what a forum without a callback still has to collect. */
  waiting?: string | undefined;
  cursor?: string | undefined;
  limit?: number | undefined;
}

export interface Suggestion {
  code: string;
  title: string;
}

/** What a form offers to choose from: the three likeliest topics for a text, best first, then all of them; and the pools. */
export interface Choices {
  likely: Suggestion[];
  topics: Suggestion[];
  pools: { slug: string; name: string; department: string }[];
}

/** A forum, pool or person as an adapter needs it to know who is in front of it. */
export interface ForumEntry {
  slug: string;
  name: string;
  language: string;
  consent: string;
  address: Readonly<Record<string, unknown>>;
}

export interface PersonEntry {
  id: string;
  pools: string[];
  roles: string[];
}

/** A pool or alert, as `pool:<slug>` or `alert:<name>`, and its entry for one adapter. */
export interface Place {
  destination: string;
  name: string;
  address: Readonly<Record<string, unknown>>;
}

/**
 * The handful of verbs through which an adapter reaches the core. The adapter proves that a request is genuine; the
 * core decides whether that actor may. Refusals are thrown as `DomainError`.
 */
export interface CoreApi {
  submitReferral(forum: string, body: ReferralBody, from: Inbound): Promise<Submitted>;
  /** Puts a question down for a clinic of this forum. A repeat of the same event gives the first answer. */
  askQuestion(forum: string, body: QuestionBody, from: Inbound): Promise<Asked>;
  /** Takes back a question that has not been answered, and forgets its text. */
  withdrawQuestion(forum: string, id: string, from: Inbound): Promise<{ id: string; state: string }>;
  reportEvent(forum: string, event: ForumEvent, from: Inbound): Promise<Performed>;
  perform(reference: string, verb: string, body: unknown, from: Inbound): Promise<Performed>;
  /** What an advisor should look at before this reply is sent; `stops` where the forum could not show it. */
  checkReply(
    reference: string,
    text: string,
    actor: Actor,
  ): Promise<{ code: string; says: string; stops: boolean }[]>;
  /** `recorded`: the reading itself goes into the audit, as when somebody opens the full text. */
  viewReferral(reference: string, actor: Actor, reading?: { recorded: boolean }): Promise<ReferralView>;
  listReferrals(
    query: ListQuery,
    actor: Actor,
  ): Promise<{ items: ReferralView[]; nextCursor: string | null }>;
  /** The roles this actor holds for one referral at this moment; refuses who may not see it. */
  rolesOn(reference: string, actor: Actor): Promise<Role[]>;
  /** Handles of a pool's advisors and of those who clear its replies, in the register's order; whether they clear each. */
  colleaguesIn(pool: string): Promise<{ advisors: string[]; clearers: string[]; clearsEveryReply: boolean }>;
  /** Of the pools of an advisor that have a rota: who is on duty today, as handles. */
  dutyOf(advisor: string): Promise<{ pool: string; onDuty: string[] }[]>;
  suggestTopics(text: string): Promise<Suggestion[]>;
  /**
   * At once and without the database, from the register as this instance read it last, so that a modal opens in time.
   * Everything is empty until the register has been read.
   */
  choicesAtHand(text: string): Choices;
  stats(query: { from?: string; to?: string; by?: string[] }, actor: Actor): Promise<unknown>;
  /** The same as a chart of what was received; null where there is nothing to compare, or no typeface to write with. */
  statsPicture(
    query: { from?: string; to?: string; by?: string[] },
    actor: Actor,
    language: string,
  ): Promise<StatsPicture | null>;
  /**
   * The secrets that a forum's signature may be made with at this moment; none for an unknown forum. From `memory`: those
   * of the last reading, without asking the database, for a proof that can be made again (`Inbound.renew`).
   */
  forumSecrets(forum: string, from?: "memory"): Promise<string[]>;
  /** Who a bearer key is; throws `access/unauthenticated`. `as` is an administrator's wish to act for somebody. */
  authenticate(bearer: string, as?: string): Promise<Actor>;
  /** The forum, pool or person whose register entry has this value for this adapter, such as a server's id. */
  findForum(adapter: string, field: string, value: string): Promise<ForumEntry | null>;
  /** The same at once, as `choicesAtHand` is; undefined until the register has been read. */
  forumAtHand(adapter: string, field: string, value: string): ForumEntry | null | undefined;
  /** Every forum of this platform that has not left. */
  listForums(adapter: string): Promise<ForumEntry[]>;
  findPool(adapter: string, field: string, value: string): Promise<{ slug: string; name: string } | null>;
  findPerson(by: "slackUserId" | "email", value: string): Promise<PersonEntry | null>;
  /** Where the government's side is told through this adapter: the pools and alerts with an address of its own. */
  listPlaces(adapter: string): Promise<Place[]>;
  joinForum(adapter: string, code: string, joined: Readonly<Record<string, string>>): Promise<ForumEntry>;
  acknowledgeGuidance(advisor: string, version?: string): Promise<void>;
  guidance(): Promise<{ version: string; text: string }>;
}
