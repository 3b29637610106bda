import type { ForumNotice } from "./vocabulary.ts";

/** A department and pool as the public sees them: names, never a person. */
export interface From {
  department: string;
  pool: string;
}

export interface Verify {
  code: string;
  url: string;
}

/** What every notice about a referral says. `post` is the address of the post that was referred. */
export interface NoticeBase {
  reference: string;
  externalId: string | null;
  post: string | null;
  state: string;
  /** Number within this referral and destination, from 1, without gaps for what was sent. */
  sequence: number;
  /** The member's own page: consent, what was passed on, withdraw, did it help. */
  memberLink: string;
  language: string;
  /** A test that the forum's operator asked for: about no referral and no person. */
  test?: true;
}

/** What a forum is told. Never a civil servant's name, never a department's note. */
export interface ForumMessage {
  audience: "forum";
  type: Exclude<ForumNotice, "ping" | "redact">;
  data: NoticeBase & {
    because?: string;
    pool?: { slug: string; name: string };
    /** `consent_requested`: the words to show the member. */
    ask?: string;
    /** `question`, `replied` and `corrected`: CommonMark without HTML, http(s) links only, ≤ 10,000 characters. */
    text?: string;
    questionId?: string;
    replyId?: string;
    from?: From;
    verify?: Verify;
    outcome?: { disposition: string; result: string; saidBy: string };
    signpost?: { text: string; url: string };
    mergedInto?: string;
    reason?: string;
  };
}

/** The present state of one referral, for the place where its pool works. A second card updates the first. */
export interface CardMessage {
  audience: "pool";
  type: "card";
  data: NoticeBase & {
    title: string | null;
    excerpt: string | null;
    forum: { slug: string; name: string };
    pool: { slug: string; name: string } | null;
    topic: string | null;
    urgency: string;
    because: string;
    masked: string[];
    /** Formal matters that the post seems to be, such as a complaint, and where each belongs. */
    doors: { door: string; says: string }[];
    clock: string | null;
    dueAt: string | null;
    owner: { id: string; slackUserId: string | null } | null;
    claimedAt: string | null;
    /**
     * While it is offered by a pool with a rota: who is on duty on the day on which this is written, as YYYY-MM-DD in the
     * pool's zone. Say the day, for a card may stand longer. For the pool alone.
     */
    onDuty?: { day: string; advisors: { id: string; slackUserId: string | null }[] };
    /** Why the card changes now, as an event's type. */
    event: string;
    hidden: boolean;
    /** The adapter's own verbs that make sense now, such as `claim` and `decline`. */
    verbs: string[];
  };
}

/** A line for the private thread of a referral: what a member answered, who approved, what the forum reported. */
export interface ThreadMessage {
  audience: "pool";
  type: "message";
  data: NoticeBase & {
    event: string;
    text: string | null;
    byRole: string;
    for?: { id: string; slackUserId: string | null };
  };
}

/** A call for somebody outside the pool: triage, safeguarding, a lead, the administrator. */
export interface AlertMessage {
  audience: "alert";
  type: "alert";
  data: {
    alert: string;
    text: string;
    reference: string | null;
    link: string | null;
    dueAt: string | null;
    to: { id: string; slackUserId: string | null; email: string | null }[];
    sequence: number;
    /** In which language they are told; English where it is absent. */
    language?: "en" | "cy";
    /** The pool whose leads are told, by name, and what waits there in the morning. */
    pool?: string;
    digest?: Digest;
  };
}

/** How many referrals a pool has in each state, how many of all are late, and those that are due first. */
export interface Digest {
  waiting: { state: string; count: number }[];
  late: number;
  first: { reference: string; state: string; dueAt: string | null }[];
}

/** Blank everything that was shown about this referral. */
export interface RedactMessage {
  audience: "forum" | "pool";
  type: "redact";
  data: {
    reference: string;
    externalId: string | null;
    sequence: number;
    /** For a forum: where the referral stands, and the member's page, which says what is left of it. */
    state?: string;
    memberLink?: string;
  };
}

export interface PingMessage {
  audience: "forum";
  type: "ping";
  data: { forum: string; sequence: number };
}

/** What a forum's members may read of a clinic's session: `text` is ready to post, in the forum's language. */
export interface ClinicMessage {
  audience: "announcement";
  type: "clinic";
  data: {
    news: "announced" | "reminder" | "changed" | "cancelled";
    clinic: string;
    title: string;
    forum: string;
    from: From;
    startsAt: string;
    endsAt: string;
    language: string;
    text: string;
    url: string;
    calendar: string;
    /** Where on the forum it happens, where its plan says so: a platform with channels announces it there. */
    thread?: string | null;
    sequence: number;
  };
}

export type Notice =
  | ForumMessage
  | CardMessage
  | ThreadMessage
  | AlertMessage
  | RedactMessage
  | PingMessage
  | ClinicMessage;
export type NoticeType = Notice["type"];
