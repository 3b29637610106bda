import type { Config } from "../config.ts";
import type { Actor } from "../contract/actor.ts";
import type { AdapterLibrary, Logger } from "../contract/adapter.ts";
import type { Core } from "../open-core.ts";

/** What every verb is given: the parts of the process that only the entrance may touch. */
export interface Context {
  /** The environment, checked when a verb asks for it, so that help needs none. Throws `ConfigError`. */
  config(): Config;
  logger(): Logger;
  library: AdapterLibrary;
  /** Opens the core for one verb, beside a running server or alone, and closes it. */
  withCore<T>(work: (core: Core) => Promise<T>): Promise<T>;
  serve(config: Config): Promise<void>;
  /** The machine's own clock. */
  now(): Date;
  /** Writes to stdout: what a verb was asked for. */
  print(text: string): void;
  /** Writes a piece to stdout as it is. */
  write(piece: string): void;
  /** Writes to stderr: what a person may want to know beside it. */
  remark(text: string): void;
  readInput(): Promise<string>;
  /** Whether a person watches stdout. */
  isTerminal: boolean;
  /** Whether stdout is a terminal that shows colours; where NO_COLOR is set, none does. */
  hasColors: boolean;
  /** Ends the process with this code when the verb is done. */
  setExitCode(code: number): void;
}

/** Whoever can run a command on this machine administers the instance. Stands in the audit. */
export const commandLine: Actor = { kind: "admin", keyId: "command-line" };

/** A wrong way to call a verb, found after the options were read: exit code 2. */
export class UsageError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "UsageError";
  }
}
