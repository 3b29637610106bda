import { z } from "zod";
import { Language } from "../contract/vocabulary.ts";
import { Day, Slug, textOf, WebAddress } from "../register/fields.ts";

/** The published summary of a session. */
export const Summary = textOf(10_000);

/** What a clock on a London wall shows: `2026-12-02T19:00`. */
const WallTime = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/, {
  error: "Write the time in London as 2026-12-02T19:00.",
});

/** Parts of a recurrence (RFC 5545, section 3.3.10) that a clinic may have: whole days, at most one session on each. */
const parts: Readonly<Record<string, RegExp>> = {
  FREQ: /^(DAILY|WEEKLY|MONTHLY|YEARLY)$/,
  INTERVAL: /^[1-9]\d?$/,
  COUNT: /^[1-9]\d{0,2}$/,
  UNTIL: /^\d{8}T\d{6}Z$/,
  BYDAY: /^([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)(,([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)){0,6}$/,
  BYMONTHDAY: /^(-?[1-9]\d?)(,-?[1-9]\d?){0,30}$/,
  BYMONTH: /^([1-9]|1[0-2])(,([1-9]|1[0-2])){0,11}$/,
  BYSETPOS: /^-?[1-5]$/,
  WKST: /^(MO|SU)$/,
};

function isRecurrence(text: string): boolean {
  const pairs = text.split(";").map((pair) => pair.split("="));
  const names = pairs.map(([name]) => name ?? "");
  const wellFormed = pairs.every(
    ([name = "", value = "", ...rest]) => rest.length === 0 && parts[name]?.test(value) === true,
  );
  const isOnce = new Set(names).size === names.length;
  return wellFormed && isOnce && names[0] === "FREQ" && !(names.includes("COUNT") && names.includes("UNTIL"));
}

/**
 * Sessions of one pool on one forum: at `startsAt`, and again by `recurrence` (an RRULE without its name) except on the days
 * of `except`. Times are those of London's clocks, through every change of them. Questions are taken `questionsDays` days
 * before each session. `thread` is where on the forum it happens. With `publicQuestions`, which need it, anybody
 * may ask on the clinic's page.
 */
export const ClinicDocument = z.strictObject({
  pool: Slug,
  forum: Slug,
  title: textOf(200),
  description: textOf(4_000),
  language: Language.default("en"),
  startsAt: WallTime,
  minutes: z.int().min(15).max(480),
  recurrence: z
    .string()
    .max(300)
    .refine(isRecurrence, {
      error: "This is no recurrence that a clinic can have.",
      params: { hint: "Such as FREQ=WEEKLY;BYDAY=WE;COUNT=6. UNTIL is written as 20261231T235959Z." },
    })
    .nullable()
    .default(null),
  except: z.array(Day).max(100).default([]),
  questionsDays: z.int().min(0).max(60).default(7),
  thread: WebAddress.nullable().default(null),
  publicQuestions: z.boolean().default(false),
});
export type ClinicDocument = z.infer<typeof ClinicDocument>;

export const sessionStates = ["planned", "open", "finished", "cancelled"] as const;
export type SessionState = (typeof sessionStates)[number];

/** `waiting` and `taken` are in the queue; `left` waits to become a referral, which `referred` is; the others have gone. */
export const questionStates = [
  "waiting",
  "taken",
  "answered",
  "left",
  "referred",
  "dropped",
  "withdrawn",
] as const;
export type QuestionState = (typeof questionStates)[number];

export interface Clinic {
  slug: string;
  document: ClinicDocument;
  sequence: number;
  createdAt: Date;
  changedAt: Date;
  cancelledAt: Date | null;
}

/** What became of a session. */
export interface Session {
  clinic: string;
  startsAt: Date;
  state: SessionState;
  announcedAt: Date | null;
  remindedAt: Date | null;
  openedAt: Date | null;
  finishedAt: Date | null;
  cancelledAt: Date | null;
  answered: number;
  leftOver: number;
  summary: string | null;
}

export const endOf = (startsAt: Date, { minutes }: Pick<ClinicDocument, "minutes">): Date =>
  new Date(startsAt.getTime() + minutes * 60_000);

const dayMs = 24 * 60 * 60_000;

/** From when on questions are taken for a session. */
export const questionsFrom = (
  startsAt: Date,
  { questionsDays }: Pick<ClinicDocument, "questionsDays">,
): Date => new Date(startsAt.getTime() - questionsDays * dayMs);
