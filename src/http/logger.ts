import { type DestinationStream, pino } from "pino";
import type { LogFields, Logger } from "../contract/adapter.ts";

const maxLength = 200;

/** The fields that reach the log. Whatever else an object carries at run time is left out. */
const allowed: Record<keyof LogFields, true> = {
  adapter: true,
  address: true,
  attempt: true,
  code: true,
  count: true,
  delivery: true,
  destination: true,
  durationMs: true,
  event: true,
  forum: true,
  instance: true,
  method: true,
  migration: true,
  notice: true,
  outcome: true,
  pool: true,
  reference: true,
  requestId: true,
  route: true,
  signal: true,
  state: true,
  status: true,
  timer: true,
  version: true,
};

/**
 * The product's logger: one JSON object a line, a static message and fields of the list above, texts cut at 200
 * characters. Of an error it writes its name, its code and where it was thrown, never its message.
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  const log = destination === undefined ? pino(options) : pino(options, destination);
  return {
    debug: (message, fields) => log.debug(pick(fields), message),
    info: (message, fields) => log.info(pick(fields), message),
    warn: (message, fields) => log.warn(pick(fields), message),
    error: (message, fields, error) =>
      log.error({ ...pick(fields), ...(error === undefined ? {} : { error: describe(error) }) }, message),
  };
}

function pick(fields: LogFields | undefined): Record<string, string | number> {
  const picked: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(fields ?? {})) {
    if (!(name in allowed)) continue;
    if (typeof value === "number") picked[name] = value;
    if (typeof value === "string") picked[name] = value.slice(0, maxLength);
  }
  return picked;
}

/** Messages of errors are left out: a database repeats values in them, a provider its whole answer. */
function describe(error: unknown, depth = 0): object {
  if (!(error instanceof Error)) return { name: typeof error };
  const stack = error.stack ?? "";
  const messageAt = stack.indexOf(error.message);
  const frames = messageAt < 0 ? [] : stack.slice(messageAt + error.message.length).split("\n");
  return {
    name: error.name,
    ...("code" in error && typeof error.code === "string" ? { code: error.code.slice(0, maxLength) } : {}),
    at: frames.slice(1, 9).map((line) => line.trim()),
    ...(error.cause === undefined || depth === 4 ? {} : { cause: describe(error.cause, depth + 1) }),
  };
}
