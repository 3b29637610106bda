import type { ThrowawayCluster } from "../../src/db/index.ts";

/** One row of the table: what was measured, ours beside the floor, and the target. */
export interface Line {
  what: string;
  ours: string;
  /** What ours is held against; "–" where the target is a figure of its own. */
  floor: string;
  ratio?: number;
  target: string;
  /** Whether the target was met; null for what only informs. */
  holds: boolean | null;
  /** Everything measured, for `bench-results.json`. */
  detail?: Readonly<Record<string, unknown>>;
}

export interface BenchContext {
  /** A short form that shows that the benchmark works; what it prints is no measurement. */
  quick: boolean;
  /** Pairs of runs, ours and the floor in turn. */
  pairs: number;
  /**
   * A PostgreSQL of this benchmark's own, as durable as in production, which goes when it ends. In the short form it is
   * shared, and only the database is its own.
   */
  cluster(settings?: Readonly<Record<string, string>>): Promise<ThrowawayCluster>;
  /** Called when the benchmark has ended, whatever happened; the last one given is called first. */
  finally(close: () => Promise<unknown> | unknown): void;
  /** Progress, for whoever waits. */
  say(line: string): void;
}

/** A benchmark that can run alone and ends within nine minutes. */
export interface Bench {
  name: string;
  /** What is compared with what, in one sentence. */
  about: string;
  run(context: BenchContext): Promise<Line[]>;
}

/** Gives a benchmark its type. */
export const defineBench = (bench: Bench): Bench => bench;
