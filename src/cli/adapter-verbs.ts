import type { Command } from "commander";
import type { AdapterCommand } from "../contract/adapter.ts";
import { DomainError } from "../contract/errors.ts";
import { settingsOf } from "../open-core.ts";
import { type Context, UsageError } from "./context.ts";
import { answer } from "./output.ts";

/** The verbs that adapters bring, such as `webhook sign`. An adapter's code is loaded when one of its verbs is used. */
export function addAdapterVerbs(program: Command, context: Context): void {
  for (const [name, load] of Object.entries(context.library)) {
    program
      .command(name)
      .description(`what only ${name} needs; without a verb, the verbs there are`)
      .argument("[verb]")
      .argument("[args...]", "what the verb takes, and --json")
      .allowUnknownOption()
      .passThroughOptions()
      .helpOption(false)
      .action(async (verb: string | undefined, args: string[]) => {
        const settings = () => settingsOf(context.config(), name);
        const commands = (await load()).createCommands?.({ now: context.now, settings }) ?? [];
        await runVerb(context, { adapter: name, commands }, verb, args);
      });
  }
}

interface Offer {
  adapter: string;
  commands: readonly AdapterCommand[];
}

async function runVerb(
  context: Context,
  offer: Offer,
  verb: string | undefined,
  args: readonly string[],
): Promise<void> {
  if (verb === undefined || verb === "--help" || verb === "-h") {
    context.print(verbsOf(offer));
    return;
  }
  const command = offer.commands.find(({ name }) => name === verb);
  if (!command) throw new UsageError(`${offer.adapter} has no verb "${verb}".\n${verbsOf(offer)}`);
  if (args.includes("--help") || args.includes("-h")) {
    context.print(`Usage: fingerpost ${offer.adapter} ${verb} ${command.summary}`);
    return;
  }
  const json = args.includes("--json");
  const { text, json: value } = await run(
    command,
    args.filter((arg) => arg !== "--json"),
  );
  answer(context, { json }, value ?? { text }, text);
}

/** What an adapter refuses of its arguments is wrong usage. */
async function run(command: AdapterCommand, args: readonly string[]) {
  try {
    return await command.run(args);
  } catch (error) {
    const isRefusedByNode =
      error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
    const isRefused = error instanceof DomainError && error.code === "request/invalid";
    if (isRefusedByNode || isRefused) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

function verbsOf({ adapter, commands }: Offer): string {
  if (commands.length === 0) return `${adapter} has no verbs of its own.`;
  const lines = commands.map(({ name, summary }) => `  fingerpost ${adapter} ${name} ${summary}`);
  return ["Verbs:", ...lines].join("\n");
}
