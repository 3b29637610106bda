import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageRoot } from "../../src/db/index.ts";
import { build, cliFile } from "../cli/process.ts";
import { type Block, blocksOf, patternOf } from "./page.ts";
import { openTerminal, type Terminal } from "./terminal.ts";

const root = packageRoot();

/** A folder like a checkout after `npm ci`, whose `npm start` and `npx fingerpost` run what was built. */
function makeCheckout(): string {
  const folder = mkdtempSync(join(tmpdir(), "fingerpost-page-"));
  const packages = join(folder, "node_modules");
  mkdirSync(join(packages, ".bin"), { recursive: true });
  const script = `#!/bin/sh\nexec "${process.execPath}" "${cliFile}" "$@"\n`;
  writeFileSync(join(packages, ".bin", "fingerpost"), script, { mode: 0o755 });
  symlinkSync(join(root, "node_modules", "standardwebhooks"), join(packages, "standardwebhooks"));
  symlinkSync(join(root, "examples"), join(folder, "examples"));
  const manifest = { name: "checkout", private: true, scripts: { start: "fingerpost serve" } };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  return folder;
}

async function freePort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const at = server.address();
  await new Promise((resolve) => server.close(resolve));
  return String(typeof at === "object" && at ? at.port : 0);
}

describe("docs/getting-started.md", () => {
  const folder = makeCheckout();
  const terminals = new Map<string, Terminal>();
  let env: Record<string, string>;

  beforeAll(async () => {
    await build();
    env = {
      PATH: process.env.PATH ?? "",
      HOME: folder,
      PORT: await freePort(),
      FORUM_PORT: await freePort(),
      npm_config_update_notifier: "false",
      npm_config_loglevel: "error",
    };
  }, 200_000);
  afterAll(async () => {
    for (const terminal of terminals.values()) await terminal.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function terminalOf({ terminal: name }: Block): Terminal {
    const terminal = terminals.get(name) ?? openTerminal(folder, env);
    terminals.set(name, terminal);
    return terminal;
  }

  test("leads from an empty machine to a resolved referral, printing what the page says", async () => {
    let printed = "";
    /** What a terminal of its own must have printed so far, block after block. */
    const soFar = new Map<string, string>();
    for (const block of blocksOf("getting-started.md")) {
      const terminal = terminalOf(block);
      const isMain = block.terminal === "main";
      if (block.kind === "sh" && isMain) printed = await terminal.run(block.content);
      else if (block.kind === "sh") terminal.start(block.content);
      else if (isMain) expect(printed).toMatch(patternOf(block.content));
      else {
        const all = `${soFar.get(block.terminal) ?? ""}${block.content}…`;
        soFar.set(block.terminal, all);
        await terminal.printed(patternOf(all));
      }
    }
  }, 240_000);

  test("says what nearly every command prints, so that the test above means something", () => {
    const blocks = blocksOf("getting-started.md");
    expect(blocks.filter(({ kind }) => kind === "text").length).toBeGreaterThan(13);
  });
});
