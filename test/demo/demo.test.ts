import { expect, test } from "vitest";
import { type DemoOptions, runDemo } from "../../src/demo/index.ts";

const timeoutMs = 120_000;

const headings = [
  "Monday, before nine: setting up",
  "Monday morning: one post, one answer",
  "Monday, late morning: each to the right desk",
  "Monday lunchtime: not ours, and nobody at home",
  "Monday afternoon: with care",
  "Monday, before five: no rule, and no server",
  "Tuesday morning: what the night left over",
  "Tuesday, eleven o'clock: what can be said about it",
  "Tuesday, later: what to try by yourself",
];

async function watch(options: Partial<DemoOptions> = {}): Promise<{ code: number; lines: string[] }> {
  const lines: string[] = [];
  const out = (line: string) => void lines.push(line);
  const code = await runDemo({ once: true, color: false, ...options, out });
  return { code, lines };
}

/** A product in which everybody who claims is told that they have it. */
const everybodyWins: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  if (!String(input).endsWith("/claim") || response.status !== 409) return response;
  return new Response(await response.text(), { status: 200, headers: response.headers });
};

test(
  "the demo plays every part of its day, each step does what it should, and it fits 80 columns without colours",
  async () => {
    const { code, lines } = await watch();
    const steps = lines.filter((line) => /^\d\d:\d\d {2}/.test(line));
    expect(steps.filter((line) => !line.includes(" ✓ "))).toEqual([]);
    expect(code).toBe(0);
    expect(lines.flatMap((line) => (/ ─+$/.test(line) ? [line.replace(/ ─+$/, "")] : []))).toEqual(headings);
    expect(steps.length).toBeGreaterThan(55);
    expect(lines.filter((line) => [...line].length > 80)).toEqual([]);
    expect(lines.filter((line) => line.includes("\u001b"))).toEqual([]);
  },
  timeoutMs,
);

test(
  "a product that lets two advisors win one claim is shown as such, with exit code 1, and the other parts are still played",
  async () => {
    const { code, lines } = await watch({ fetch: everybodyWins });
    const broken = lines.findIndex((line) => line.includes(" ✗ "));
    expect(lines[broken]).toContain("both claim it at the same moment");
    expect(lines.slice(broken + 1, broken + 3).map((line) => line.trim())).toEqual([
      "expected: one winner",
      "got: 2 winners",
    ]);
    expect(code).toBe(1);
    expect(lines.join("\n")).toContain(headings.at(-1) ?? "");
  },
  timeoutMs,
);

test(
  "what it says to try works as printed, and an interruption ends it in order",
  async () => {
    const lines: string[] = [];
    const answers: number[] = [];
    const out = (line: string) => {
      lines.push(line);
      if (!line.startsWith("It stays up until")) return;
      const printed = lines.join("\n");
      const address = /^export FP=(\S+)$/m.exec(printed)?.[1] ?? "";
      const key = /^export KEY="Authorization: (Bearer \S+)"$/m.exec(printed)?.[1] ?? "";
      const commands = printed.split("\n\n").flatMap((part) => (part.includes("\ncurl ") ? [part] : []));
      Promise.all(commands.map((command) => send(command, address, key)))
        .then((statuses) => answers.push(...statuses))
        .finally(() => process.emit("SIGINT"));
    };
    expect(await runDemo({ once: false, color: false, out })).toBe(0);
    expect(answers).toEqual([200, 200, 200, 201]);
  },
  timeoutMs,
);

/** Sends what a printed `curl` command would. */
async function send(command: string, address: string, key: string): Promise<number> {
  const path = /\$FP(\/[^\s"]+)/.exec(command)?.[1] ?? "";
  const body = /-d '([^']*)'/.exec(command)?.[1];
  const headers = [...command.matchAll(/-H "?([\w-]+): ?([\w/-]+)"?/g)].map(([, name = "", value = ""]) => [
    name,
    value,
  ]);
  const response = await fetch(`${address}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { ...Object.fromEntries(headers), authorization: key },
    ...(body === undefined ? {} : { body }),
  });
  return response.status;
}
