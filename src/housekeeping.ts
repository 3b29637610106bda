import type { Logger } from "./contract/adapter.ts";

/** Work that comes round: what it is called, how often, and what it does. */
export interface Chore {
  name: string;
  everyMs: number;
  work(): Promise<unknown>;
}

export interface Housekeeping {
  start(): void;
  /** Ends after the round under way. */
  stop(): Promise<void>;
}

/** Does each chore again and again, one round at a time; a round that fails is logged and tried again next time. */
export function createHousekeeping(chores: readonly Chore[], logger: Logger): Housekeeping {
  const timers = new Set<NodeJS.Timeout>();
  const rounds = new Set<Promise<void>>();
  let isStopped = false;

  async function round(chore: Chore): Promise<void> {
    try {
      await chore.work();
    } catch (error) {
      logger.error("a chore failed", { timer: chore.name }, error);
    }
  }
  function plan(chore: Chore): void {
    if (isStopped) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      const running = round(chore).finally(() => {
        rounds.delete(running);
        plan(chore);
      });
      rounds.add(running);
    }, chore.everyMs);
    timers.add(timer);
  }
  return {
    start() {
      for (const chore of chores) plan(chore);
    },
    async stop() {
      isStopped = true;
      for (const timer of timers) clearTimeout(timer);
      await Promise.all(rounds);
    },
  };
}
