import { LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { DomainError, type InputError } from "../contract/errors.ts";
import { inputErrors, pointerTo } from "../contract/input.ts";
import { RegisterDocument } from "./document.ts";
import { hasOddCharacter, oddCharacter } from "./fields.ts";
import { nearest } from "./references.ts";

const maxDepth = 16;
const maxErrors = 100;

/**
 * A register document as its schema has it. Throws `register/invalid` with up to 100 mistakes, each with its JSON
 * pointer and, where there is one, a hint. Refuses unknown keys, NUL and half surrogate pairs, and more than 16 levels.
 */
export function parseRegister(input: unknown): RegisterDocument {
  const odd = findOddText(input, []);
  if (odd) throw new DomainError("register/invalid", { errors: [odd] });
  const parsed = RegisterDocument.safeParse(input);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.flatMap(withHints);
  throw new DomainError("register/invalid", { errors: errors.slice(0, maxErrors) });
}

/**
 * The value that a text in YAML 1.2 (or JSON, which is a part of it) stands for. Throws `register/invalid` with the line
 * of each mistake; refuses a key that stands twice and more than 100 uses of aliases.
 */
export function readRegisterText(text: string): unknown {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false, merge: true });
  if (document.errors.length > 0) {
    const errors = document.errors.slice(0, maxErrors).map(({ pos, message }) => {
      const { line, col } = lineCounter.linePos(pos[0]);
      return { pointer: "", detail: `Line ${line}, column ${col}: ${message}` };
    });
    throw new DomainError("register/invalid", { errors });
  }
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    const errors = [
      { pointer: "", detail: "The aliases of this YAML cannot be followed.", hint: "Write the values out." },
    ];
    throw new DomainError("register/invalid", { errors, cause });
  }
}

function withHints(issue: z.core.$ZodIssue): InputError[] {
  const hint = issue.code === "custom" ? issue.params?.hint : undefined;
  return inputErrors([issue]).map((error) => ({
    ...error,
    ...(typeof hint === "string" ? { hint } : {}),
    ...(issue.code === "unrecognized_keys" ? spellingHint(issue.path, error) : {}),
  }));
}

const partKeys = Object.keys(RegisterDocument.shape);

/** The nearest key of the top level for one that is not known there. */
function spellingHint(path: readonly PropertyKey[], error: InputError): { hint?: string } {
  const near = path.length === 0 ? nearest(error.pointer.slice(1), partKeys) : null;
  return near === null ? {} : { hint: `Did you mean "${near}"?` };
}

function findOddText(value: unknown, path: PropertyKey[]): InputError | null {
  if (typeof value === "string" && hasOddCharacter(value)) {
    return {
      pointer: pointerTo(path),
      detail: oddCharacter,
      hint: "Type it again.",
    };
  }
  if (typeof value !== "object" || value === null) return null;
  if (path.length >= maxDepth)
    return { pointer: pointerTo(path), detail: `This is nested deeper than ${maxDepth} levels.` };
  for (const [key, inner] of Object.entries(value)) {
    const found = findOddText(key, path) ?? findOddText(inner, [...path, key]);
    if (found) return found;
  }
  return null;
}
