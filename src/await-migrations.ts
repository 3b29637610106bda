import { setTimeout as wait } from "node:timers/promises";
import type { Config } from "./config.ts";
import type { Logger } from "./contract/adapter.ts";
import { buildWaitingApp } from "./http/waiting.ts";
import { databaseChecks } from "./readiness.ts";

const askEveryMs = 500;

/**
 * Answers the health addresses until another process has migrated the database, then frees the port and returns. Ends with
 * an `AbortError` when the process is told to stop meanwhile.
 */
export async function awaitMigrations(
  { config, logger }: { config: Config; logger: Logger },
  pending: () => Promise<string[]>,
  signal: AbortSignal,
): Promise<void> {
  const app = buildWaitingApp(() => databaseChecks(pending));
  try {
    const address = await app.listen({ host: config.host, port: config.port });
    logger.warn("waiting for `fingerpost migrate`, because MIGRATE=false", { address });
    // A database that is away for a moment is asked again, as it would be by a server at work.
    while ((await pending().catch(() => [""])).length > 0) await wait(askEveryMs, undefined, { signal });
  } finally {
    await app.close();
  }
}
