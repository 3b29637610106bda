import type { Command } from "commander";
import { examine, type Finding } from "../doctor/index.ts";
import type { Context } from "./context.ts";
import { answer } from "./output.ts";

const signs: Record<Finding["state"], string> = { well: "ok     ", warning: "warning", broken: "broken " };

/** `doctor`: what an instance needs, whether it has it, and how to mend it. */
export function addDoctorVerb(program: Command, context: Context): void {
  program
    .command("doctor")
    .description("check everything this instance needs, and say how to fix what is wrong")
    .option("--json", "print the findings as JSON")
    .action(async (options: { json?: boolean }) => {
      const parts = { config: context.config(), logger: context.logger(), library: context.library };
      const findings = await examine(parts, { node: process.versions.node, now: context.now });
      answer(context, options, findings, findings.flatMap(linesOf).join("\n"));
      if (findings.some(({ state }) => state === "broken")) context.setExitCode(1);
    });
}

function linesOf({ name, state, detail, mend }: Finding): string[] {
  const line = `${signs[state]}  ${name}: ${detail}`;
  return mend === undefined ? [line] : [line, `           ${mend}`];
}
