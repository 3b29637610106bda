import { z } from "zod";
import type { Database } from "./client.ts";

export interface Clock {
  now(): Date;
}

export interface DatabaseClock extends Clock {
  stop(): void;
}

export interface ManualClock extends Clock {
  set(time: Date): void;
  advance(ms: number): void;
}

const measureEveryMs = 60_000;
const Reading = z.tuple([z.object({ time: z.date() })]);

/**
 * A clock that agrees with the database's, so that several instances agree with each other: this machine's clock plus the
 * difference to the database's, measured now and every minute. A measurement that fails leaves the last one in force.
 */
export async function createDatabaseClock(
  db: Pick<Database, "prisma">,
  local: () => number = Date.now,
): Promise<DatabaseClock> {
  let offsetMs = await measureOffset(db, local);
  const timer = setInterval(() => {
    measureOffset(db, local).then(
      (measured) => {
        offsetMs = measured;
      },
      () => {},
    );
  }, measureEveryMs);
  timer.unref();
  return { now: () => new Date(local() + offsetMs), stop: () => clearInterval(timer) };
}

/** The answer is taken to have been made halfway between question and arrival. */
async function measureOffset(db: Pick<Database, "prisma">, local: () => number): Promise<number> {
  const askedAt = local();
  const [{ time }] = Reading.parse(await db.prisma.$queryRaw`SELECT clock_timestamp() AS time`);
  const arrivedAt = local();
  return Math.round(time.getTime() - (askedAt + arrivedAt) / 2);
}

/** A clock that stands still until it is moved by hand, for tests and the demo. */
export function createManualClock(start: Date): ManualClock {
  let timeMs = start.getTime();
  return {
    now: () => new Date(timeMs),
    set: (time) => {
      timeMs = time.getTime();
    },
    advance: (ms) => {
      timeMs += ms;
    },
  };
}
