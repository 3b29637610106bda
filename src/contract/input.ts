import type { z } from "zod";
import { DomainError, type InputError } from "./errors.ts";

type Issue = z.core.$ZodIssue;

/**
 * An input as its schema has it, or `DomainError("request/invalid")` with every mistake. No value is repeated in it.
 * `at` is the JSON pointer of the input itself where it is a part of something, such as `/query`.
 */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  at = "",
): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new DomainError("request/invalid", { errors: inputErrors(parsed.error.issues, at) });
}

/** The mistakes zod found, each with its JSON pointer and what to do. An unknown key is a mistake of its own. */
export function inputErrors(issues: readonly Issue[], at = ""): InputError[] {
  return issues.flatMap((issue) => {
    const pointer = at + pointerTo(issue.path);
    if (issue.code !== "unrecognized_keys") return [{ pointer, detail: issue.message, ...hintFor(issue) }];
    return issue.keys.map((key) => ({
      pointer: pointer + pointerTo([key]),
      detail: "This key is not known here.",
      hint: "Remove it, or check its spelling.",
    }));
  });
}

/** A path as a JSON pointer (RFC 6901). */
export function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

function hintFor(issue: Issue): { hint?: string } {
  switch (issue.code) {
    case "invalid_type":
      return { hint: `Send ${nounOf(issue.expected)}.` };
    case "invalid_value":
      return { hint: `One of: ${issue.values.map(String).join(", ")}.` };
    case "too_small":
      return { hint: `At least ${issue.minimum}${unitOf(issue.origin)}.` };
    case "too_big":
      return { hint: `At most ${issue.maximum}${unitOf(issue.origin)}.` };
    case "invalid_format":
      return { hint: formatHints[issue.format] ?? "Check how it is written." };
    case "custom":
      return typeof issue.params?.hint === "string" ? { hint: issue.params.hint } : {};
    default:
      return {};
  }
}

const formatHints: Record<string, string> = {
  url: "Send a whole address that begins with http:// or https://.",
  datetime: "Send a time with its zone, such as 2026-12-01T09:00:00Z.",
  date: "Send a date, such as 2026-12-01.",
  uuid: "Send the id as it was given to you.",
};

function nounOf(type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function unitOf(origin: string): string {
  if (origin === "string") return " characters";
  return origin === "array" || origin === "set" ? " entries" : "";
}
