import { stringify } from "yaml";
import type { PlanDocument } from "../plans/index.ts";
import { readRegisterText } from "../register/index.ts";

export type Values = Readonly<Record<string, string>>;

/** How each part of a plan is written in a form: on a line, in a box, one on each line, or as a list in YAML. */
export const planFields = [
  { name: "title", kind: "line" },
  { name: "language", kind: "language" },
  { name: "summary", kind: "prose" },
  { name: "effectiveFrom", kind: "day" },
  { name: "reviewDue", kind: "day" },
  { name: "reportDue", kind: "day" },
  { name: "owner", kind: "line" },
  { name: "objectives", kind: "list" },
  { name: "commitments", kind: "list" },
  { name: "forums", kind: "list" },
  { name: "changing", kind: "lines" },
  { name: "outOfScope", kind: "lines" },
  { name: "escalation", kind: "prose" },
  { name: "guidance", kind: "prose" },
  { name: "dataProtection", kind: "prose" },
  { name: "resources", kind: "prose" },
  { name: "risks", kind: "list" },
] as const satisfies { name: keyof PlanDocument; kind: string }[];

/** A list as YAML; an empty one as nothing. */
export const toYaml = (value: unknown): string =>
  Array.isArray(value) && value.length === 0 ? "" : stringify(value, { lineWidth: 0 }).trimEnd();

/** What a YAML box says; nothing is an empty list. Refuses what is no YAML (`register/invalid`, with its line). */
export const fromYaml = (text: string): unknown => (text.trim() === "" ? [] : readRegisterText(text));

/** A plan as the fields of a form; empty fields for none. */
export function planToValues(plan: PlanDocument | null): Values {
  return Object.fromEntries(
    planFields.map(({ name, kind }) => {
      const value = plan?.[name];
      if (value === undefined) return [name, ""];
      if (kind === "lines") return [name, (value as string[]).join("\n")];
      return [name, kind === "list" ? toYaml(value) : String(value)];
    }),
  );
}

/** The lines of a box that say something. */
export const linesOf = (text: string | undefined): string[] =>
  (text ?? "")
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** What a form says, as a document to be validated. Browsers send line breaks as CR LF. */
export function valuesToPlan(values: Values): unknown {
  return Object.fromEntries(
    planFields.map(({ name, kind }) => {
      const text = (values[name] ?? "").replace(/\r\n/g, "\n");
      if (kind === "lines") return [name, linesOf(text)];
      if (kind === "list") return [name, fromYaml(text)];
      return [name, kind === "language" && text === "" ? "en" : text];
    }),
  );
}
