import { spawn } from "node:child_process";
import { once } from "node:events";

/** One bash that goes on living, as a person's terminal does. */
export interface Terminal {
  /** Runs a block to its end and answers what it printed, both streams together. */
  run(block: string): Promise<string>;
  /** Starts a block that does not end. */
  start(block: string): void;
  /** Waits until all that was printed so far fits; throws with what was printed when it never does. */
  printed(pattern: RegExp): Promise<void>;
  close(): Promise<void>;
}

const patienceMs = 60_000;

export function openTerminal(cwd: string, env: Record<string, string>): Terminal {
  // A group of its own: what a block started must not outlive its terminal.
  const child = spawn("bash", ["--noprofile", "--norc"], { cwd, env, detached: true });
  const exited = once(child, "exit");
  let output = "";
  let wake = () => {};
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (piece: string) => {
      output += piece;
      wake();
    });
  let blocks = 0;

  async function until(holds: () => boolean): Promise<void> {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      wake();
    }, patienceMs);
    while (!holds() && !isLate)
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    clearTimeout(timer);
    if (!holds()) throw new Error(`Not printed within ${patienceMs} ms. So far:\n${output}`);
  }

  return {
    async run(block) {
      const from = output.length;
      const mark = `--- block ${++blocks} has ended ---`;
      child.stdin.write(`${block}\nprintf '%s\\n' '${mark}'\n`);
      await until(() => output.includes(mark, from));
      return output.slice(from, output.indexOf(mark, from));
    },
    start: (block) => void child.stdin.write(`${block}\n`),
    printed: (pattern) => until(() => pattern.test(output)),
    async close() {
      if (child.exitCode !== null || child.pid === undefined) return;
      child.stdin.end();
      process.kill(-child.pid, "SIGTERM");
      await exited;
    },
  };
}
