import type { Logger } from "../contract/adapter.ts";

/** The part of the product's logger that the database room writes to. */
export type DatabaseLogger = Pick<Logger, "info" | "warn" | "error">;

export const silentLogger: DatabaseLogger = { info: () => {}, warn: () => {}, error: () => {} };
