import { Command, CommanderError } from "commander";
import { DomainError } from "../contract/errors.ts";
import { version } from "../version.ts";
import { type Context, UsageError } from "./context.ts";
import { describeError } from "./describe-error.ts";
import { addVerbs } from "./verbs.ts";

const done = 0;
const failed = 1;
const wrongUsage = 2;

/** What the process brings; the exit code is worked out here. */
export type Surroundings = Omit<Context, "setExitCode"> & {
  /** Whether whoever asks wants to see where an error was thrown. */
  showStacks: boolean;
};

/** Also what a use case says of an option's value, such as a name of no figure. A document that is wrong is no usage. */
const wrongValues: readonly string[] = [
  "request/invalid",
  "stats/period-invalid",
] satisfies DomainError["code"][];
const isWrongUsage = (error: unknown): boolean =>
  error instanceof UsageError || (error instanceof DomainError && wrongValues.includes(error.code));

/** Runs one verb and answers the exit code: 0 done, 1 failed, 2 wrong usage. Says on stderr what went wrong. */
export async function run(args: readonly string[], surroundings: Surroundings): Promise<number> {
  let exitCode = done;
  const context: Context = {
    ...surroundings,
    setExitCode: (code) => {
      exitCode = code;
    },
  };
  const program = new Command("fingerpost")
    .description("Takes questions from peer-support forums to the government team that can answer them.")
    .version(version)
    .showHelpAfterError("(--help shows how it is used)")
    .configureOutput({
      writeOut: context.write,
      writeErr: (text) => context.remark(text.trimEnd()),
    })
    .exitOverride();
  addVerbs(program, context);
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    // Commander has said it already, or printed the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? done : wrongUsage;
    const stack = surroundings.showStacks && error instanceof Error ? `\n${error.stack}` : "";
    context.remark(`${describeError(error)}${stack}`);
    return isWrongUsage(error) ? wrongUsage : failed;
  }
}
