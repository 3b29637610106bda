import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import {
  type Applied,
  applyRegister,
  changeRows,
  readRegisterText,
  summariseChanges,
} from "../register/index.ts";
import { type Context, commandLine } from "./context.ts";
import { mistakeLines } from "./describe-error.ts";
import { answer, tableOf } from "./output.ts";

/** `apply`: the register as a document. */
export function addRegisterVerbs(program: Command, context: Context): void {
  program
    .command("apply")
    .description("make the register say what a file says, after showing what would change")
    .argument("<file>", "YAML or JSON; - reads standard input")
    .option("--dry-run", "only show what would change")
    .option("--json", "print the answer as JSON")
    .action((file: string, options: ApplyOptions) => apply(context, file, options));
}

interface ApplyOptions {
  dryRun?: boolean;
  json?: boolean;
}

async function apply(context: Context, file: string, options: ApplyOptions): Promise<void> {
  const document = readRegisterText(await textOf(context, file));
  await context.withCore(async ({ deps }) => {
    const plan = await applyRegister(deps, { document, dryRun: true }, commandLine);
    if (!options.json) context.print(planInWords(plan));
    if (options.dryRun || plan.changes.length === 0) {
      if (options.json) answer(context, options, plan, "");
      else context.print(options.dryRun ? "A dry run: nothing was changed." : "Nothing to change.");
      return;
    }
    const done = await applyRegister(deps, { document }, commandLine);
    answer(context, options, done, `Applied as version ${done.version}.`);
  });
}

function planInWords({ changes, warnings }: Applied): string {
  const table =
    changes.length === 0 ? [] : [tableOf(["", "", "what", "name", "details"], changeRows(changes)), ""];
  const remarks = warnings.length === 0 ? [] : ["Warnings:", ...warnings.flatMap(mistakeLines), ""];
  return [...table, ...remarks, `Plan: ${summariseChanges(changes)}.`].join("\n");
}

export async function textOf(context: Context, file: string): Promise<string> {
  return file === "-" ? context.readInput() : readFile(file, "utf8");
}
