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
import { type Act, playActs } from "./scene.ts";
import { createStage, type Stage } from "./stage.ts";
import { printNext, rehearsal } from "./what-next.ts";

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

function story({ once }: DemoOptions): readonly Act[] {
  const threads = { jab: "", student: "" };
  const days = [
    opening,
    mainJob,
    rightDesk(threads),
    serverDown,
    withCare(threads),
    byHand,
    nextDay(threads),
    figures,
  ];
  return once ? [...days, rehearsal] : days;
}

/**
 * Shows the main job on a throwaway instance: one day of referrals through the real HTTP interface, on a clock of its own,
 * printed as it happens; then it stays up until it is interrupted, unless `once`. Gives the exit code: 0 when every step did
 * what it should, 1 when one did not or the story was interrupted. Leaves nothing behind.
 */
export async function runDemo(options: DemoOptions): Promise<number> {
  const interruption = listenForInterruption();
  const { signal } = interruption;
  // Once it is interrupted, what fails because everything closes is nobody's business.
  const say = createNarrator((line) => (signal.aborted ? undefined : options.out(line)), options.color);
  const opened: Closing[] = [];
  try {
    say.plain();
    say.paragraph(
      "Fingerpost, on a day of its own. A PostgreSQL only for it starts now and is removed at the end.",
    );
    const built = await build(options, opened);
    const code = await Promise.race([tell(options, built.stage, say), interruption.happened.then(() => 1)]);
    if (signal.aborted) options.out("Stopped before the end.");
    else if (!options.once) await stayUp(built, say, signal);
    return code;
  } finally {
    for (const close of opened.reverse()) await close().catch(() => {});
    interruption.forget();
  }
}

type Closing = () => Promise<unknown>;

async function tell(options: DemoOptions, stage: Stage, say: Narrator): Promise<number> {
  const pause = () => (options.color && !options.once ? wait(paceMs) : Promise.resolve());
  const { steps, failed } = await playActs(story(options), { stage, narrator: say, pause });
  say.plain();
  say.paragraph(
    failed === 0
      ? `${steps} steps, and each did what it should.`
      : `${failed} of ${steps} steps did not do what they should; the steps that follow from them were left out.`,
  );
  say.plain();
  if (options.once) say.paragraph("Without --once it stays up, for a look around by yourself.");
  return failed === 0 ? 0 : 1;
}

interface Built {
  stage: Stage;
  instance: Instance;
  clock: ManualClock;
}

async function build(options: DemoOptions, opened: Closing[]): Promise<Built> {
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

/** Says what to try, lets the clock go by itself and does what comes round, until the interruption. */
async function stayUp(
  { stage, instance, clock }: Built,
  say: Narrator,
  interrupted: AbortSignal,
): Promise<void> {
  printNext(stage, say);
  say.plain();
  say.paragraph("It stays up until you press Ctrl-C. Its clock goes on from Tuesday, eleven o'clock.");
  instance.worker.start();
  while (!interrupted.aborted) {
    await wait(beatMs, undefined, { signal: interrupted }).catch(() => {});
    clock.advance(beatMs);
    await instance.turnClock().catch(() => {});
  }
}

/**
 * Hears the first interruption, which ends the demo in order. More of them change nothing: `npm` passes on a Ctrl-C that the
 * terminal has sent to everybody already.
 */
function listenForInterruption() {
  const controller = new AbortController();
  const interrupt = () => controller.abort();
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  return {
    signal: controller.signal,
    happened: new Promise<void>((resolve) => controller.signal.addEventListener("abort", () => resolve())),
    forget: () => process.off("SIGINT", interrupt).off("SIGTERM", interrupt),
  };
}
