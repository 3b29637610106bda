import { samplePlan } from "../plans/sample-plan.ts";

const at = "2026-06-01T09:00:00Z";
/** Numbers begin here, so that none is the 49 that a template would make of a hostile string. */
export const firstNumber = 101;

/** The same text in each field of a document that takes any. */
const everywhere = (text: string) => ({
  title: text,
  summary: text,
  owner: text,
  objectives: [{ code: "a", text, indicator: text, baseline: text, target: text, date: "2026-12-31" }],
  forums: [{ forum: "parents", why: text, intervention: "referral" }],
  commitments: [
    {
      code: "a",
      text,
      who: text,
      hours: text,
      responseTimes: { normal: text, soon: text, urgent: text },
      clinics: text,
    },
  ],
  changing: [text],
  outOfScope: [text],
  escalation: text,
  guidance: text,
  dataProtection: text,
  resources: text,
  risks: [{ risk: text, response: text }],
});

/**
 * The record of one department, `dwp`, that says each of these texts in every field that takes any: a version of its plan
 * and a revision of its report for each, and as many clinics, all with the forum `parents`.
 */
export function hostileRecord(texts: readonly string[]) {
  const figures = Object.fromEntries(
    [
      "received",
      "answered",
      "helped",
      "open",
      "firstReplyMedian",
      "firstReplyP90",
      "resolutionMedian",
      "resolutionP90",
    ].map((name) => [name, null]),
  );
  const versions = texts.map((text, index) => ({
    version: index + firstNumber,
    status: index === texts.length - 1 ? "published" : "withdrawn",
    because: text,
    createdAt: at,
    openedAt: at,
    publishedAt: index === texts.length - 1 ? at : null,
    document: samplePlan(everywhere(text)),
    consultation: {
      opens: "2026-05-01",
      closes: "2026-05-02",
      invited: ["parents"],
      responses: [
        {
          id: 1,
          forum: "parents",
          said: text,
          on: "2026-05-01",
          objection: true,
          liftedOn: null,
          decision: "no",
          did: text,
        },
      ],
    },
  }));
  const reports = texts.map((text, index) => ({
    revision: index + firstNumber,
    plan: firstNumber,
    publishedAt: at,
    notice: text,
    figures: { takenAt: at, clinicsPlanned: 0, clinicsHeld: 0, ...figures },
    document: {
      period: "hostile",
      from: "2026-05-01",
      to: "2026-05-31",
      summary: text,
      commitments: [{ code: "a", verdict: "met", evidence: text }],
      indicators: [{ code: "a", value: text, note: text }],
      insights: [{ learned: text, changed: text }],
      notDone: [{ what: text, why: text }],
      signedOffBy: text,
      nextDue: "2026-12-31",
    },
  }));
  const clinics = texts.map((text, index) => ({
    slug: `hostile-${index + firstNumber}`,
    document: {
      pool: "uc",
      forum: "parents",
      title: text,
      description: text,
      startsAt: "2026-06-10T11:00",
      minutes: 60,
      recurrence: "FREQ=WEEKLY;COUNT=2",
      thread: `https://parents.example/?q=${encodeURIComponent(text)}#"><script>`,
    },
    held: [
      {
        startsAt: "2026-06-10T10:00:00Z",
        finishedAt: "2026-06-10T11:00:00Z",
        answered: 1,
        leftOver: 0,
        summary: text,
      },
    ],
  }));
  return { plans: [{ department: "dwp", versions, reports }], clinics };
}
