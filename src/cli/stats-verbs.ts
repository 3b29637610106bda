import { pipeline } from "node:stream/promises";
import { type Command, InvalidArgumentError, Option } from "commander";
import {
  compareStats,
  queryStats,
  rebuildStats,
  type Stats,
  statsRows,
  streamCsv,
  summarise,
} from "../stats/index.ts";
import { type Context, commandLine } from "./context.ts";
import { answer, tableOf, withProgress } from "./output.ts";

interface StatsOptions {
  from?: string;
  to?: string;
  by?: string[];
  json?: boolean;
  csv?: boolean;
  compare?: boolean;
}

/** `stats`: the figures of a period, and `stats rebuild`. */
export function addStatsVerbs(program: Command, context: Context): void {
  const figures = program
    .command("stats")
    .description("the figures of a period; the last 30 days when nothing is said")
    .option("--from <time>", "a day or a time (ISO 8601)")
    .option("--to <time>", "a day, which belongs to the period, or a time")
    .option("--by <names>", "forum,pool,department,topic,language,state,outcome,month", readNames)
    .option("--json", "every figure, as JSON")
    .addOption(
      new Option("--compare", "beside them the figures of the period before, as long").conflicts("csv"),
    )
    .addOption(new Option("--csv", "every figure, as a table for a spreadsheet").conflicts("json"))
    .action((options: StatsOptions) => stats(context, options));

  figures
    .command("rebuild")
    .description("make the sums of the figures anew, with the service hours and targets now in force")
    .option("--json", "print how many referrals were read, as JSON")
    .action(async (_options, command: Command) => {
      const referrals = await withProgress(context, "Rebuilding", (tell) =>
        context.withCore(({ deps }) => rebuildStats(deps, (done) => tell(`${done} referrals`))),
      );
      // The option stands on the command above as well, which takes it first.
      answer(context, command.optsWithGlobals(), { referrals }, "The sums are made anew.");
    });
}

function readNames(text: string): string[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.includes("")) throw new InvalidArgumentError("Separate the names with commas.");
  return names;
}

async function stats(context: Context, options: StatsOptions): Promise<void> {
  const { from, to, by, json, csv } = options;
  if (options.compare) {
    const both = await context.withCore(({ deps }) => compareStats(deps, { from, to, by }, commandLine));
    answer(context, { json }, both, `${inWords(both)}\n\nThe period before:\n\n${inWords(both.before)}`);
    return;
  }
  const found = await context.withCore(({ deps }) => queryStats(deps, { from, to, by }, commandLine));
  if (!csv) {
    answer(context, { json }, found, inWords(found));
    return;
  }
  await pipeline(streamCsv(found), async (rows) => {
    for await (const row of rows) context.write(String(row));
  });
}

/** Sentences for the whole, a table where it is broken down. */
function inWords(found: Stats): string {
  if (found.by.length === 0) return summarise(found);
  const [head = [], ...rows] = statsRows(found);
  const period = `Referrals submitted from ${found.from} to ${found.to}.`;
  return [period, "", tableOf(head, rows), "", ...found.notes].join("\n").trimEnd();
}
