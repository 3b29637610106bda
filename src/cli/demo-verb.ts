import type { Command } from "commander";
import type { Context } from "./context.ts";

/** `demo`: the main job, seen. Loaded when it is asked for, because no other verb needs any of it. */
export function addDemoVerb(program: Command, context: Context): void {
  program
    .command("demo")
    .description("one day of referrals on a throwaway instance, step by step")
    .option(
      "--once",
      "end afterwards instead of staying up, with code 0 only if every step did what it should",
    )
    .action(async ({ once = false }: { once?: boolean }) => {
      const { runDemo } = await import("../demo/index.ts");
      context.setExitCode(await runDemo({ once, out: context.print, color: context.hasColors }));
    });
}
