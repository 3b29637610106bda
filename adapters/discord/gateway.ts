import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { AdapterDeps } from "../../src/contract/adapter.ts";
import { type Deleted, type Heard, type Hopeless, type Opening, Told } from "./gateway-words.ts";

/** How the gateway is kept open, in milliseconds. */
export interface Pace {
  /** How often it is looked at, and the lease renewed. */
  lookMs: number;
  /** How long a lease holds that nobody renews: then another instance takes over. */
  leaseMs: number;
  /** The first pause before it is opened again; each further one is twice as long. */
  firstPauseMs: number;
  longestPauseMs: number;
  /** Open for this long, it counts as well again. */
  wellMs: number;
  /** Without a sign of life for this long, the process is ended. */
  silentMs: number;
}

const usual: Pace = {
  lookMs: 5_000,
  leaseMs: 20_000,
  firstPauseMs: 1_000,
  longestPauseMs: 5 * 60_000,
  wellMs: 60_000,
  silentMs: 45_000,
};

export interface GatewayEvents {
  interaction(interaction: unknown): void;
  heard(heard: Heard): void;
  /** A session has begun: what happened before it is not told of. */
  opened?(): void;
  deleted(deleted: Deleted): void;
}

/** The process as it is in the sources and as it is built. */
const here = import.meta.url;
const isSource = here.endsWith(".ts");
const processFile = fileURLToPath(new URL(`./gateway-process.${isSource ? "ts" : "js"}`, here));

const sentences: Record<Hopeless, string> = {
  "token-refused":
    "Discord refuses the token, so the gateway stays closed: set DISCORD_TOKEN anew and start the server again.",
  "intents-refused": "Discord refuses the intents, so the gateway stays closed. Run `fingerpost doctor`.",
  "gateway-refused": "Discord refuses this version of the gateway, so it stays closed. Update Fingerpost.",
};

/**
 * Keeps the gateway open in a process of its own, on one of all instances at a time: whoever holds the lease. A process that
 * ends is started again after a pause that grows; what Discord refuses for good is said once and not tried again.
 */
export function createGateway(
  deps: Pick<AdapterDeps, "memory" | "logger" | "settings">,
  events: GatewayEvents,
  pace: Partial<Pace> = {},
) {
  const { lookMs, leaseMs, firstPauseMs, longestPauseMs, wellMs, silentMs } = { ...usual, ...pace };
  const { memory, logger, settings } = deps;
  let child: ChildProcess | null = null;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> = Promise.resolve();
  let isStopping = false;
  let hopeless: Hopeless | null = null;
  let failures = 0;
  let startAfter = 0;
  let readyAt: number | null = null;
  let lastHeld = Number.NEGATIVE_INFINITY;
  let lastSign = 0;

  const lookIn = (ms: number): void => {
    clearTimeout(timer);
    if (!isStopping) timer = setTimeout(() => void look(), ms).unref();
  };

  function look(): Promise<void> {
    looking = lookOnce().catch((error: unknown) => {
      logger.error("The gateway could not be looked after.", { adapter: "discord" }, error);
    });
    return looking.finally(() => lookIn(child === null ? Math.min(lookMs, pauseLeft()) : lookMs));
  }
  const pauseLeft = (): number => Math.max(50, startAfter - performance.now());

  async function lookOnce(): Promise<void> {
    const mayHold = await holds();
    if (isStopping) return;
    if (!mayHold) {
      end();
      return;
    }
    if (child !== null) {
      if (performance.now() - lastSign > silentMs) child.kill("SIGKILL");
      return;
    }
    if (hopeless === null && performance.now() >= startAfter) begin();
  }

  /** Whether this instance has the lease. Where that cannot be known, it has what it had until the lease runs out. */
  async function holds(): Promise<boolean> {
    try {
      if (!(await memory.lease("gateway", leaseMs))) return false;
      lastHeld = performance.now();
      return true;
    } catch {
      return performance.now() - lastHeld < leaseMs - lookMs;
    }
  }

  function begin(): void {
    const execArgv = isSource ? ["--import", "tsx"] : [];
    const started = fork(processFile, [], { execArgv, stdio: ["ignore", "ignore", "ignore", "ipc"] });
    child = started;
    readyAt = null;
    lastSign = performance.now();
    started.on("message", (message) => hear(Told.safeParse(message).data));
    started.on("error", () => {});
    started.once("exit", (code, signal) => {
      if (child === started) gone(code, signal);
    });
    const opening: Opening = { type: "open", token: settings.token ?? "", apiUrl: settings.apiUrl ?? null };
    started.send(opening, () => {});
  }

  function hear(told: Told | undefined): void {
    lastSign = performance.now();
    if (told === undefined || isStopping) return;
    if (told.type === "ready") {
      readyAt = performance.now();
      logger.info("The gateway is open.", { adapter: "discord" });
      events.opened?.();
    }
    if (told.type === "interaction") events.interaction(told.interaction);
    if (told.type === "heard") events.heard(told.heard);
    if (told.type === "deleted") events.deleted(told.deleted);
    if (told.type === "hopeless") {
      hopeless = told.reason;
      logger.error(sentences[told.reason], { adapter: "discord", code: told.reason });
    }
  }

  function gone(code: number | null, signal: NodeJS.Signals | null): void {
    child = null;
    if (isStopping || hopeless !== null) return;
    const wasWell = readyAt !== null && performance.now() - readyAt > wellMs;
    failures = wasWell ? 1 : failures + 1;
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failures - 1, 20));
    startAfter = performance.now() + pauseMs;
    const status = code === null ? {} : { status: code };
    logger.warn("The gateway's process has ended; it is started again.", {
      adapter: "discord",
      count: failures,
      ...status,
      ...(signal === null ? {} : { signal }),
    });
    lookIn(pauseMs);
  }

  function end(): void {
    const ending = child;
    child = null;
    ending?.removeAllListeners("message");
    ending?.kill("SIGTERM");
  }

  return {
    start(): void {
      void look();
    },
    /** Closes the gateway and gives the lease back, so that another instance need not wait for it to run out. */
    async stop(): Promise<void> {
      isStopping = true;
      clearTimeout(timer);
      await looking;
      const held = child !== null;
      end();
      if (held) await memory.lease("gateway", 1).catch(() => false);
    },
    /** The process that holds the gateway, while there is one. */
    pid: (): number | null => child?.pid ?? null,
  };
}
export type Gateway = ReturnType<typeof createGateway>;
