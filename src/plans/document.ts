import { z } from "zod";
import { InterventionModel, Language } from "../contract/vocabulary.ts";
import { Day, Slug, textOf } from "../register/fields.ts";

/** A line, such as a title or a role. */
export const Line = textOf(200);
/** Some paragraphs of plain text. */
export const Prose = textOf(4_000);

/** Words that a code in the address of a page stands for: `reply-within-a-day`. */
const Code = Slug;

const withCodes = <Item extends z.ZodObject<{ code: z.ZodType<string> }>>(item: Item, max: number) =>
  z
    .array(item)
    .min(1)
    .max(max)
    .refine((items) => new Set(items.map(({ code }) => code)).size === items.length, {
      error: "The same code stands here twice.",
    });

export const Objective = z.strictObject({
  code: Code,
  text: Prose,
  indicator: Line,
  baseline: Line,
  target: Line,
  date: Day,
});
export type Objective = z.infer<typeof Objective>;

/** How soon somebody answers, in words, by the urgency of a referral. */
const ResponseTimes = z.strictObject({
  normal: Line.optional(),
  soon: Line.optional(),
  urgent: Line.optional(),
});

export const Commitment = z.strictObject({
  code: Code,
  text: Prose,
  who: Line,
  hours: Line.optional(),
  responseTimes: ResponseTimes.optional(),
  clinics: Line.optional(),
});
export type Commitment = z.infer<typeof Commitment>;

const PlanForum = z.strictObject({ forum: Slug, why: Prose, intervention: InterventionModel });
const Risk = z.strictObject({ risk: Prose, response: Prose });

/**
 * What a department says it will do with forums. Every part is public text; people stand in it by their roles only.
 * `reviewDue` is the last day on which the plan counts as looked after, `reportDue` that of its first progress report.
 */
export const PlanDocument = z
  .strictObject({
    title: Line,
    language: Language.default("en"),
    summary: Prose,
    effectiveFrom: Day,
    reviewDue: Day,
    reportDue: Day,
    owner: Line,
    objectives: withCodes(Objective, 50),
    forums: z.array(PlanForum).max(500),
    commitments: withCodes(Commitment, 100),
    changing: z.array(Prose).max(50),
    outOfScope: z.array(Prose).max(50),
    escalation: Prose,
    guidance: Prose,
    dataProtection: Prose,
    resources: Prose,
    risks: z.array(Risk).max(50),
  })
  .refine((plan) => plan.reviewDue > plan.effectiveFrom, {
    path: ["reviewDue"],
    error: "The review is due before the plan takes effect.",
  })
  .refine((plan) => new Set(plan.forums.map(({ forum }) => forum)).size === plan.forums.length, {
    path: ["forums"],
    error: "The same forum stands here twice.",
  });
export type PlanDocument = z.infer<typeof PlanDocument>;

export const decisions = ["accepted", "partly", "no"] as const;
export const Decision = z.enum(decisions);
export type Decision = z.infer<typeof Decision>;

/**
 * What somebody answered, and what was done about it. `forum` is null for anybody else. An objection is held open until
 * the forum that raised it lifts it.
 */
export const Response = z.strictObject({
  id: z.int().min(1),
  forum: Slug.nullable(),
  said: Prose,
  on: Day,
  objection: z.boolean(),
  liftedOn: Day.nullable(),
  decision: Decision.nullable(),
  did: Prose.nullable(),
});
export type Response = z.infer<typeof Response>;

export const Consultation = z
  .strictObject({
    opens: Day,
    closes: Day,
    invited: z.array(Slug).max(500),
    responses: z.array(Response).max(500),
  })
  .refine((asked) => asked.closes >= asked.opens, {
    path: ["closes"],
    error: "The consultation closes before it opens.",
  });
export type Consultation = z.infer<typeof Consultation>;

export const verdicts = ["met", "partly", "not"] as const;
export const Verdict = z.enum(verdicts);
export type Verdict = z.infer<typeof Verdict>;

/**
 * What a department says of a period, beside the figures. `commitments` and `indicators` name the codes of the plan that
 * was in force; the report says of each what became of it.
 */
export const ReportDocument = z
  .strictObject({
    period: Slug,
    language: Language.default("en"),
    from: Day,
    to: Day,
    summary: Prose,
    commitments: withCodes(z.strictObject({ code: Code, verdict: Verdict, evidence: Prose }), 100),
    indicators: withCodes(z.strictObject({ code: Code, value: Line, note: Prose.optional() }), 50),
    insights: z.array(z.strictObject({ learned: Prose, changed: Prose })).max(50),
    notDone: z.array(z.strictObject({ what: Prose, why: Prose })).max(50),
    signedOffBy: Line,
    nextDue: Day,
  })
  .refine((report) => report.to >= report.from, {
    path: ["to"],
    error: "The period ends before it begins.",
  })
  .refine((report) => report.nextDue > report.to, {
    path: ["nextDue"],
    error: "The next report is due before this period ends.",
  });
export type ReportDocument = z.infer<typeof ReportDocument>;

/**
 * Figures of a period. Counts and times are as they were published with the quarters; clinics, and where there are no
 * `quarters` everything, as they were at `takenAt`. Null: withheld, or there is nothing to tell from.
 * `quarters`: the published quarters that they are sums of. None: the period is not made of whole ones, so there are no
 * figures. Absent: a report that came from elsewhere with its own.
 */
export const ReportFigures = z.strictObject({
  takenAt: z.string(),
  quarters: z
    .array(z.string().regex(/^\d{4}-Q[1-4]$/))
    .max(400)
    .optional(),
  received: z.int().nullable(),
  answered: z.int().nullable(),
  helped: z.int().nullable(),
  open: z.int().nullable(),
  firstReplyMedian: z.int().nullable(),
  firstReplyP90: z.int().nullable(),
  resolutionMedian: z.int().nullable(),
  resolutionP90: z.int().nullable(),
  clinicsPlanned: z.int(),
  clinicsHeld: z.int(),
});
export type ReportFigures = z.infer<typeof ReportFigures>;
