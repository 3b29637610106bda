import { writeFileSync } from "node:fs";
import Table from "cli-table3";
import type { Line } from "./bench.ts";
import { describeMachine } from "./machine.ts";

export interface Result {
  name: string;
  about: string;
  seconds: number;
  lines: Line[];
}

const verdicts = { true: "holds", false: "MISSED", null: "–" } as const;

/** The results as a table, with a verdict for each line, or without any where the runs were too short for one. */
export function tableOf(results: readonly Result[], withVerdicts: boolean): string {
  const table = new Table({
    head: ["", "ours", "floor", "ratio", "target", ""],
    style: { head: [], border: [] },
  });
  for (const { name, lines } of results) {
    for (const { what, ours, floor, ratio, target, holds } of lines) {
      const verdict = withVerdicts ? verdicts[String(holds) as keyof typeof verdicts] : "short";
      table.push([
        `${name}: ${what}`,
        ours,
        floor,
        ratio === undefined ? "" : ratio.toFixed(2),
        target,
        verdict,
      ]);
    }
  }
  return table.toString();
}

/** Writes what was measured, and on what, for whoever compares runs. */
export function writeResults(file: string, results: readonly Result[], isQuick: boolean): void {
  const at = new Date().toISOString();
  writeFileSync(file, `${JSON.stringify({ at, isQuick, machine: describeMachine(), results }, null, 2)}\n`);
}
