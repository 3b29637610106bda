import { z } from "zod";

/** What an instance answered: its status and the body, parsed where it is JSON. */
export interface Answer {
  status: number;
  body: unknown;
}

/** A step that did not do what it should, in words for whoever watches. */
export class Unexpected extends Error {
  readonly expected: string;
  readonly got: string;

  constructor(expected: string, got: string) {
    super(`Expected ${expected}, got ${got}`);
    this.name = "Unexpected";
    this.expected = expected;
    this.got = got;
  }
}

/** The parts of a referral that the demo looks at. */
export const Referral = z.object({
  reference: z.string(),
  state: z.string(),
  pool: z.object({ slug: z.string(), name: z.string() }).nullable(),
  routing: z.object({ because: z.string() }),
  next: z.object({ owner: z.string(), clock: z.string().nullable() }),
  post: z.looseObject({ excerpt: z.string() }).nullish(),
  replies: z.array(
    z.object({ id: z.string(), state: z.string(), text: z.string().nullable(), url: z.string().nullable() }),
  ),
  outcome: z.object({ result: z.string().nullable(), saidBy: z.string().nullable() }).nullable(),
  history: z.array(z.looseObject({ type: z.string() })),
  masked: z.array(z.string()),
  advice: z.array(z.object({ text: z.string(), phone: z.string(), hours: z.string() })).optional(),
});
export type Referral = z.infer<typeof Referral>;

const Problem = z.looseObject({ code: z.string(), detail: z.string().optional() });
export type Problem = z.infer<typeof Problem>;

/** Holds that something is so; otherwise the step has failed. */
export function check(holds: boolean, expected: string, got: unknown): asserts holds {
  if (!holds) throw new Unexpected(expected, typeof got === "string" ? got : JSON.stringify(got ?? null));
}

/** An answer in short: the status, with the code and words of a refusal. */
export function inShort({ status, body }: Answer): string {
  const problem = Problem.safeParse(body);
  if (!problem.success) return String(status);
  return `${status} ${problem.data.code}${problem.data.detail ? `: ${problem.data.detail}` : ""}`;
}

/** The body of an answer with this status, in this shape. */
export function bodyOf<T>(answer: Answer, status: number, shape: z.ZodType<T>): T {
  check(answer.status === status, `the answer ${status}`, inShort(answer));
  const parsed = shape.safeParse(answer.body);
  if (!parsed.success)
    throw new Unexpected("the documented body", parsed.error.issues[0]?.message ?? "another");
  return parsed.data;
}

/** The referral of an answer, which has to be in one state. */
export function referralOf(answer: Answer, status: number, state: string): Referral {
  const referral = bodyOf(answer, status, Referral);
  check(referral.state === state, `a referral that is ${state}`, `one that is ${referral.state}`);
  return referral;
}

/** The refusal of an answer, which has to have one code. */
export function refusalOf(answer: Answer, status: number, code: string): Problem {
  const expected = `the refusal ${status} ${code}`;
  check(answer.status === status, expected, inShort(answer));
  const problem = Problem.safeParse(answer.body);
  check(problem.success && problem.data.code === code, expected, inShort(answer));
  return problem.data;
}
