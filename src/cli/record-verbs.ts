import type { Command } from "commander";
import { stringify } from "yaml";
import { ClinicFile, clinicsFromCsv, clinicsToCsv, exportClinics, importClinics } from "../clinics/index.ts";
import { parseInput } from "../contract/input.ts";
import {
  exportPlans,
  importPlans,
  planHistory,
  plansFromCsv,
  plansToCsv,
  RecordFile,
} from "../plans/index.ts";
import { readRegisterText } from "../register/index.ts";
import { type Context, commandLine } from "./context.ts";
import { answer, answerList } from "./output.ts";
import { textOf } from "./register-verbs.ts";

interface Options {
  json?: boolean;
  csv?: boolean;
  drafts?: boolean;
}

const fileHelp = "YAML or JSON, or a table that ends in .csv; - reads standard input";

/** `plans` and `clinics`: the public record as files. */
export function addRecordVerbs(program: Command, context: Context): void {
  addPlanVerbs(program, context);
  addClinicVerbs(program, context);
}

/** A file with the parts of a record, of which a verb takes its own. */
async function partOf(context: Context, file: string, part: "plans" | "clinics"): Promise<unknown> {
  const text = await textOf(context, file);
  if (file.endsWith(".csv")) return part === "plans" ? plansFromCsv(text) : clinicsFromCsv(text);
  const whole = readRegisterText(text);
  const isRecord = typeof whole === "object" && whole !== null && part in whole;
  return isRecord ? { [part]: Object.entries(whole).find(([name]) => name === part)?.[1] } : whole;
}

function print(context: Context, options: Options, value: object, csv: () => string): void {
  if (options.csv) context.write(csv());
  else
    context.print(
      options.json ? JSON.stringify(value, null, 2) : stringify(value, { lineWidth: 110 }).trimEnd(),
    );
}

function addPlanVerbs(program: Command, context: Context): void {
  const plans = program.command("plans").description("engagement plans and progress reports of departments");

  plans
    .command("export")
    .description("every plan and report with what became of it, which `plans import` takes back")
    .option("--json", "as JSON instead of YAML")
    .option("--csv", "as a table, one value in each line")
    .option("--drafts", "also what the public may not see")
    .action(async (options: Options) => {
      const file = await context.withCore(({ deps }) =>
        exportPlans(deps, { drafts: options.drafts === true }),
      );
      print(context, options, file, () => plansToCsv(file));
    });

  plans
    .command("import")
    .description("take over plans and reports that are not there yet; what is there never changes")
    .argument("<file>", fileHelp)
    .option("--json", "print what was added as JSON")
    .action(async (file: string, options: Options) => {
      const record = parseInput(RecordFile, await partOf(context, file, "plans"));
      const added = await context.withCore(({ deps }) => importPlans(deps, record, commandLine));
      answer(context, options, added, `Added: ${added.versions} versions, ${added.reports} reports.`);
    });

  plans
    .command("history")
    .description("what was done to a department's plans and reports")
    .argument("<department>", "its slug")
    .option("--json", "print it as JSON")
    .action(async (department: string, options: Options) => {
      const events = await context.withCore(({ deps }) => planHistory(deps, department));
      answerList(context, options, events, {
        head: ["when", "what", "by", "which"],
        row: ({ at, type, role, data }) => [
          at.toISOString(),
          type,
          role,
          String(data.version ?? `${data.period} ${data.revision}`),
        ],
        none: "Nothing was done to it.",
      });
    });
}

function addClinicVerbs(program: Command, context: Context): void {
  const clinics = program.command("clinics").description("sessions of advisors on forums");

  clinics
    .command("export")
    .description("every clinic, which `clinics import` takes back")
    .option("--json", "as JSON instead of YAML")
    .option("--csv", "as a table, one clinic in each line, without what came of them")
    .action(async (options: Options) => {
      const file = await context.withCore(({ deps }) => exportClinics(deps));
      print(context, options, file, () => clinicsToCsv(file));
    });

  clinics
    .command("import")
    .description("plan clinics, or change them, as a file has them")
    .argument("<file>", fileHelp)
    .option("--json", "print what was done as JSON")
    .action(async (file: string, options: Options) => {
      const record = parseInput(ClinicFile, await partOf(context, file, "clinics"));
      const done = await context.withCore(({ deps }) => importClinics(deps, record, commandLine));
      answer(
        context,
        options,
        done,
        `In the file: ${done.clinics} clinics; added: ${done.sessions} past sessions.`,
      );
    });
}
