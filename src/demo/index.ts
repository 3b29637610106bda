import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { readConfig } from "../config.ts";
import type { Logger } from "../contract/adapter.ts";
import { createManualClock, type ManualClock, startThrowawayCluster } from "../db/index.ts";
import { type Instance, startInstance } from "../main.ts";
import { byHand } from "./acts/by-hand.ts";
import { figures } from "./acts/figures.ts";
import { mainJob } from "./acts/main-job.ts";
import { nextDay } from "./acts/next-day.ts";
import { opening } from "./acts/opening.ts";
import { rightDesk } from "./acts/right-desk.ts";
import { serverDown } from "./acts/server-down.ts";
import { withCare } from "./acts/with-care.ts";
import { startForumServer } from "./forum-server.ts";
import { createNarrator, type Narrator } from "./narrator.ts";
import { readSample } from "./sample.ts";
import { type Act, type Count, playActs } from "./scene.ts";
import { createStage, type Stage } from "./stage.ts";
import { printNext, tryAll } from "./what-next.ts";

export interface DemoOptions {
  /** True: ends after the story. False: stays up until it is interrupted. */
  once: boolean;
  out(line: string): void;
  /** Whether `out` leads to a terminal that shows colours. Then the steps also come a little apart, unless `once`. */
  color: boolean;
  /** How the story reaches the instance; a test brings one that lies. */
  fetch?: typeof fetch;
}

/** A Monday in service hours, after every agreement of the sample and before Christmas. */
const start = new Date("2026-11-23T08:00:00Z");
const paceMs = 180;
const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

const story = (): readonly Act[] => {
  const threads = { jab: "", student: "" };
  return [
    opening,
    mainJob,
    rightDesk(threads),
    serverDown,
    withCare(threads),
    byHand,
    nextDay(threads),
    figures,
  ];
};

/**
 * Shows the main job on a throwaway instance: one day of referrals through the real HTTP interface, on a clock of its own,
 * printed as it happens; then it stays up until it is interrupted, unless `once`. Gives the exit code: 0 when every step did
 * what it should, 1 when one did not or the story was interrupted. Leaves nothing behind.
 */
export async function runDemo(options: DemoOptions): Promise<number> {
  const narrator = createNarrator(options.out, options.color);
  const interruption = listenForInterruption();
  const opened: (() => Promise<unknown>)[] = [];
  try {
    const played = tell(options, narrator, opened, interruption.signal);
    const code = await Promise.race([played, interruption.happened.then(() => 1)]);
    // What is still under way finds everything closed below.
    played.catch(() => {});
    return code;
  } finally {
    for (const close of opened.reverse()) await close().catch(() => {});
    interruption.forget();
  }
}

async function tell(
  options: DemoOptions,
  narrator: Narrator,
  opened: (() => Promise<unknown>)[],
  interrupted: AbortSignal,
): Promise<number> {
  narrator.plain();
  narrator.paragraph(
    "Fingerpost, shown on a day of its own. A PostgreSQL for this day alone starts now and is removed at the end; nothing else is needed.",
  );
  const { stage, instance, clock } = await build(options, opened);
  const pause = () => (options.color && !options.once ? wait(paceMs) : Promise.resolve());
  const count = await playActs(story(), { stage, narrator, pause });
  const failures = await tryAll(stage);
  for (const failure of failures) narrator.failure("the commands below to work", failure);
  sumUp(count, narrator);
  const code = count.failed + failures.length === 0 ? 0 : 1;
  narrator.plain();
  if (options.once) {
    narrator.paragraph("`npm run demo` without --once stays up, for a look around by yourself.");
    return code;
  }
  printNext(stage, narrator);
  narrator.plain();
  narrator.paragraph("It stays up until you press Ctrl-C. Its clock goes on from Tuesday, eleven o'clock.");
  await stayUp(instance, clock, interrupted);
  return code;
}

function sumUp({ steps, failed }: Count, narrator: Narrator): void {
  narrator.plain();
  const verdict = failed === 0 ? "all did what they should" : `${failed} did not do what they should`;
  narrator.paragraph(`${steps} steps, ${verdict}.`);
}

async function build(
  options: DemoOptions,
  opened: (() => Promise<unknown>)[],
): Promise<{ stage: Stage; instance: Instance; clock: ManualClock }> {
  const cluster = await startThrowawayCluster();
  opened.push(() => cluster.close());
  const clock = createManualClock(start);
  const forums = await startForumServer(() => clock.now());
  opened.push(() => forums.close());
  const adminKey = `demo-${randomBytes(16).toString("hex")}`;
  const config = readConfig({
    DATABASE_URL: cluster.url,
    PORT: "0",
    LOG_LEVEL: "silent",
    ADMIN_API_KEY: adminKey,
    ENCRYPTION_KEY: randomBytes(32).toString("hex"),
    EGRESS_ALLOW_PRIVATE: "1",
  });
  // The same spread of attempts every time, so that the story has the same times every time.
  const random = () => 0.5;
  const instance = await startInstance({ config, logger: silent, clock, random, background: false });
  opened.push(() => instance.stop());
  const sample = await readSample(forums.address);
  const stage = createStage({ instance, clock, forums, sample, adminKey, fetch: options.fetch ?? fetch });
  return { stage, instance, clock };
}

const beatMs = 1_000;

/** Lets the clock go by itself and does what comes round, until the interruption. */
async function stayUp(instance: Instance, clock: ManualClock, interrupted: AbortSignal): Promise<void> {
  instance.worker.start();
  while (!interrupted.aborted) {
    await wait(beatMs, undefined, { signal: interrupted }).catch(() => {});
    clock.advance(beatMs);
    await instance.turnClock().catch(() => {});
  }
}

/** The first interruption ends the demo in order; whoever presses twice ends it at once. */
function listenForInterruption() {
  const controller = new AbortController();
  const interrupt = () => controller.abort();
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  return {
    signal: controller.signal,
    happened: new Promise<void>((resolve) => controller.signal.addEventListener("abort", () => resolve())),
    forget: () => process.off("SIGINT", interrupt).off("SIGTERM", interrupt),
  };
}
