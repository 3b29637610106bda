import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../src/db/index.ts";

/** A fenced block of a page: `sh` is run, `text` is what must have been printed. */
export interface Block {
  /** `main`, or the name of a terminal of its own. */
  terminal: string;
  kind: "sh" | "text";
  content: string;
}

/** The blocks of a page in their order; others than `sh` and `text` are for reading only. */
export function blocksOf(page: string): Block[] {
  const text = readFileSync(join(packageRoot(), "docs", page), "utf8");
  return [...text.matchAll(/^```(sh|text)(?: (\w+))?\n(.*?)^```$/gms)].map(
    ([, kind, terminal = "main", content = ""]) => ({
      kind: kind === "sh" ? "sh" : "text",
      terminal,
      content: content.trimEnd(),
    }),
  );
}

/** What a page says was printed, as an expression: `…` stands for anything, also for nothing. */
export function patternOf(documented: string): RegExp {
  const escaped = documented.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^\\s*${escaped.join("[\\s\\S]*?").trim()}\\s*$`);
}
