import type { Command } from "commander";
import { type AuditEnd, exportAudit } from "../audit/index.ts";
import { listErasures, listReferrals } from "../referrals/index.ts";
import { exportRegister, toYaml } from "../register/index.ts";
import { type Context, commandLine } from "./context.ts";

/** `export register`, `export referrals`, `export audit`, `export erasures`. */
export function addExportVerbs(program: Command, context: Context): void {
  const all = program.command("export").description("what this instance holds, on standard output");

  all
    .command("register")
    .description("the register in force, which `apply` takes back unchanged")
    .option("--json", "as JSON instead of YAML")
    .action((options: { json?: boolean }) =>
      context.withCore(async ({ deps }) => {
        const content = exportRegister(await deps.register(deps.db));
        context.print(options.json ? JSON.stringify(content, null, 2) : toYaml(content).trimEnd());
      }),
    );

  all
    .command("referrals")
    .description("every referral with its history, without what people wrote: one JSON object on each line")
    .option("--json", "one JSON list instead")
    .action((options: { json?: boolean }) => exportReferrals(context, options));

  all
    .command("audit")
    .description("every event and the ends of its chains: one JSON object on each line")
    .option("--verify", "follow the chains and say up to which event they hold")
    .option("--json", "one JSON list instead")
    .action((options: { verify?: boolean; json?: boolean }) => audit(context, options));

  all
    .command("erasures")
    .description("what was erased, without content, for `restore --erasures`: one JSON object on each line")
    .option("--json", "one JSON list instead")
    .action((options: { json?: boolean }) =>
      context.withCore(async ({ deps }) => {
        const all = await listErasures(deps);
        if (options.json) context.print(JSON.stringify(all, null, 2));
        else for (const erasure of all) context.print(JSON.stringify(erasure));
      }),
    );
}

async function exportReferrals(context: Context, options: { json?: boolean }): Promise<void> {
  await context.withCore(async ({ deps }) => {
    const all: unknown[] = [];
    for (let cursor: string | undefined; ; ) {
      const query = cursor === undefined ? { limit: 100 } : { limit: 100, cursor };
      const { items, nextCursor } = await listReferrals(deps, query, commandLine);
      if (options.json) all.push(...items);
      else for (const item of items) context.print(JSON.stringify(item));
      if (nextCursor === null) break;
      cursor = nextCursor;
    }
    if (options.json) context.print(JSON.stringify(all, null, 2));
  });
}

async function audit(context: Context, options: { verify?: boolean; json?: boolean }): Promise<void> {
  const { verify = false, json = false } = options;
  await context.withCore(async ({ deps }) => {
    // An audit may not fit into memory: the list is written as it is read.
    let before = "[\n";
    for await (const line of exportAudit(deps, { verify })) {
      if (json) context.write(`${before}${JSON.stringify(line)}`);
      else context.print(JSON.stringify(line));
      before = ",\n";
      if (verify && "heads" in line) tellVerdict(context, line);
    }
    if (json) context.print("\n]");
  });
}

function tellVerdict(context: Context, { chains = [], unsealed, ok }: AuditEnd): void {
  for (const { chain, events, upTo, brokenAt } of chains) {
    const name = chain === "" ? "without a department" : chain;
    const until = upTo === null ? "" : `, the last ${upTo.id} of ${upTo.at}`;
    const verdict = brokenAt === undefined ? "holds" : `is ${brokenAt.why} at position ${brokenAt.position}`;
    context.remark(`The chain ${name} ${verdict}: ${events} events hold${until}.`);
  }
  if (unsealed > 0) context.remark(`${unsealed} events are not sealed yet.`);
  if (ok === false) context.setExitCode(1);
}
