import type { Notice, NoticeBase, NoticeType } from "../../src/contract/notice.ts";

/** Texts that a careless adapter would turn into something: markup, mentions, links, controls, and very much of it. */
export const hostileTexts = [
  "<script>alert(1)</script><img src=x onerror=alert(1)>",
  "@everyone @here <!channel> <@U0123456789> <@&1> <#C1>",
  "[click](javascript:alert(1)) ![](https://tracker.example/x.png) || spoiler || ```code",
  '=HYPERLINK("https://evil.example")',
  "\u202Eright to left\u202C, zero\u200Bwidth, e\u0301, 🏴󠁧󠁢󠁷󠁬󠁳󠁿",
  '"},"data":{"reference":"forged"}',
  "\u2028line\u2029paragraph\u0007bell",
] as const;

/** A person's name and address that stand in parts of a notice which must never leave for a forum. */
export const somebody = "Amal Hussain";
export const somebodysEmail = "amal.hussain@example.gov.uk";

export interface NoticeWish {
  reference?: string;
  sequence?: number;
  text?: string;
}

const baseOf = ({ reference = "FP-7K4M-2QXD", sequence = 1 }: NoticeWish): NoticeBase => ({
  reference,
  externalId: "thread-1",
  post: "https://parents.example/thread/1#post-2",
  state: "offered",
  sequence,
  memberLink: "https://fingerpost.example/m/abc",
  language: "en",
});

/** A notice of each type, complete, with what a person typed set to `text`. */
export function noticeOf(type: NoticeType, wish: NoticeWish = {}): Notice {
  const { text = "You can ask for an advance." } = wish;
  const data = baseOf(wish);
  const pool = { slug: "dwp-universal-credit", name: "Universal Credit specialists" };
  switch (type) {
    case "ping":
      return { audience: "forum", type, data: { forum: "example-parents", sequence: data.sequence } };
    case "redact":
      return {
        audience: "forum",
        type,
        data: { reference: data.reference, externalId: null, sequence: data.sequence },
      };
    case "card":
      return {
        audience: "pool",
        type,
        data: {
          ...data,
          title: text,
          excerpt: text,
          forum: { slug: "example-parents", name: "Example parents' forum" },
          pool,
          topic: "universal-credit",
          urgency: "normal",
          because: "Universal Credit is reserved to DWP in Great Britain",
          masked: ["phone"],
          doors: [],
          clock: "claim",
          dueAt: "2026-11-02T11:00:00.000Z",
          owner: null,
          claimedAt: null,
          event: "referral.offered",
          hidden: false,
          verbs: ["claim", "decline"],
        },
      };
    case "clinic":
      return {
        audience: "announcement",
        type,
        data: {
          news: "announced",
          clinic: "benefits-evening",
          title: text,
          forum: "example-parents",
          from: { department: "Department for Work and Pensions", pool: pool.name },
          startsAt: "2026-12-02T19:00:00.000Z",
          endsAt: "2026-12-02T20:00:00.000Z",
          language: "en",
          text,
          url: "https://fingerpost.example/clinics/benefits-evening",
          calendar: "https://fingerpost.example/clinics/benefits-evening.ics",
          thread: "https://parents.example/clinic",
          sequence: data.sequence,
        },
      };
    case "message":
      return { audience: "pool", type, data: { ...data, event: "member.answered", text, byRole: "member" } };
    case "alert":
      return {
        audience: "alert",
        type,
        data: {
          alert: "triage",
          text,
          reference: data.reference,
          link: "https://fingerpost.example/desk",
          dueAt: null,
          to: [],
          sequence: data.sequence,
        },
      };
    default:
      return {
        audience: "forum",
        type,
        data: {
          ...data,
          because: "Universal Credit is reserved to DWP in Great Britain",
          pool,
          ask: text,
          text,
          questionId: "q-1",
          replyId: "r-1",
          from: { department: "Department for Work and Pensions", pool: pool.name },
          verify: { code: "ABCD-EFGH-JKMN", url: "https://fingerpost.example/verify/ABCD-EFGH-JKMN" },
          outcome: { disposition: "answered_in_public", result: "helped", saidBy: "member" },
          signpost: { text, url: "https://www.gov.uk/" },
          reason: text,
        },
      };
  }
}

/** The same notice with a person in every place where a mistake of the core could leave one. */
export function withSomebody(notice: Notice): Notice {
  const person = { id: "amal.h", name: somebody, email: somebodysEmail };
  const leaky = { owner: person, author: somebody, by: person, note: somebodysEmail, name: somebody };
  const data = { ...notice.data, ...leaky };
  if ("from" in data && data.from) Object.assign(data, { from: { ...data.from, ...leaky } });
  return Object.assign({ ...notice }, { data });
}
