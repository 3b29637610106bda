import { randomBytes } from "node:crypto";
import { adapters } from "../../adapters/index.ts";
import { run, type Surroundings } from "../../src/cli/run.ts";
import { readConfig } from "../../src/config.ts";
import { silentLogger } from "../../src/db/logger.ts";
import { openCore } from "../../src/main.ts";

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

export interface Commands {
  /** Runs one command as `fingerpost` would, without a process of its own. */
  (args: readonly string[], input?: string): Promise<Ran>;
  /** Runs it and gives what it printed as JSON. */
  json(args: readonly string[], input?: string): Promise<unknown>;
}

const logger = { ...silentLogger, debug: () => {} };

/** Commands with an environment of their own. */
export function createCommands(variables: Record<string, string>): Commands {
  const env = {
    NODE_ENV: "test",
    ENCRYPTION_KEY: randomBytes(32).toString("hex"),
    ...variables,
  };
  async function command(args: readonly string[], input = ""): Promise<Ran> {
    const out: string[] = [];
    const err: string[] = [];
    const surroundings: Surroundings = {
      config: () => readConfig(env),
      logger: () => logger,
      library: adapters,
      async withCore(work) {
        const core = await openCore({ config: readConfig(env), logger }, "command");
        try {
          return await work(core);
        } finally {
          await core.close();
        }
      },
      serve: async () => {},
      now: () => new Date(),
      print: (words) => void out.push(`${words}\n`),
      write: (piece) => void out.push(piece),
      remark: (words) => void err.push(`${words}\n`),
      readInput: async () => input,
      isTerminal: false,
      hasColors: false,
      showStacks: false,
    };
    const code = await run(args, surroundings);
    return { code, stdout: out.join(""), stderr: err.join("") };
  }
  return Object.assign(command, {
    async json(args: readonly string[], input?: string): Promise<unknown> {
      const ran = await command([...args, "--json"], input);
      if (ran.code !== 0) throw new Error(`fingerpost ${args.join(" ")}: ${ran.stderr}`);
      return JSON.parse(ran.stdout);
    },
  });
}
