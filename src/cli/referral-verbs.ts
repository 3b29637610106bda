import type { Command } from "commander";
import { explainReferral, replayDraft } from "../referrals/index.ts";
import { readRegisterText } from "../register/index.ts";
import { type Context, commandLine } from "./context.ts";
import { answer, tableOf, withProgress } from "./output.ts";
import { textOf } from "./register-verbs.ts";

interface ExplainOptions {
  forum: string;
  topic?: string;
  json?: boolean;
}

/** `explain` and `replay`: where referrals go, and where they would go. */
export function addReferralVerbs(program: Command, context: Context): void {
  program
    .command("explain")
    .description("say where a text would go and why, without submitting it")
    .argument("<text...>", "the text of the post")
    .requiredOption("--forum <slug>", "the forum it stands on")
    .option("--topic <code>", "the topic a moderator chose")
    .option("--json", "print the answer as JSON")
    .action((words: string[], options: ExplainOptions) => explain(context, words.join(" "), options));

  program
    .command("replay")
    .description("say which past referrals a draft of the rules would have sent elsewhere")
    .argument("<file>", "a register with `rules`, or a list of rules; - reads standard input")
    .option("--json", "print the answer as JSON")
    .action((file: string, options: { json?: boolean }) => replay(context, file, options));
}

async function explain(context: Context, text: string, options: ExplainOptions): Promise<void> {
  const { forum, topic } = options;
  const found = await context.withCore(({ deps }) =>
    explainReferral(deps, { forum, text, topic }, commandLine),
  );
  const { decision, suggestions, considered, to, accepted } = found;
  const lines = [
    to === "diverted" ? "safeguarding" : (decision.pool ?? "triage"),
    `  ${decision.because}`,
    `  Rule ${decision.rule}, of ${considered.length} considered.`,
    ...(accepted ? [] : ["  This forum has not agreed to take referrals, so one would be refused."]),
    ...(suggestions.length === 0
      ? []
      : ["", "Topics to offer:", ...suggestions.map((s) => `  ${s.code}  ${s.title}`)]),
  ];
  answer(context, options, found, lines.join("\n"));
}

async function replay(context: Context, file: string, options: { json?: boolean }): Promise<void> {
  const draft = readRegisterText(await textOf(context, file));
  const found = await withProgress(context, "Replaying", (tell) =>
    context.withCore(({ deps }) => replayDraft(deps, draft, (judged) => tell(`${judged} referrals`))),
  );
  const moved = found.moved.map(({ reference, from, to, rule }) => [
    reference,
    from ?? "triage",
    to ?? "triage",
    String(rule),
  ]);
  const lines = [
    ...(moved.length === 0 ? [] : [tableOf(["referral", "went to", "would go to", "rule"], moved), ""]),
    ...(found.notJudged.length === 0
      ? []
      : [
          tableOf(
            ["referral", "not judged"],
            found.notJudged.map((one) => [one.reference, one.because]),
          ),
          "",
        ]),
    `${found.moved.length} would go elsewhere, ${found.unchanged} where they went, ${found.notJudged.length} not judged.`,
  ];
  answer(context, options, found, lines.join("\n"));
}
