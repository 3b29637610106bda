import type { Adapter, Delivery, Found, Sent } from "../contract/adapter.ts";
import type { Deps } from "../deps.ts";
import type { DeliveredResult, DeliveryRow, NoticeBuilder } from "./delivery.ts";
import type { Verdict } from "./model.ts";

/** What came of one attempt: the verdict that is stored, and what the settlers need beside it. */
export type Attempt =
  | { verdict: Exclude<Verdict, { outcome: "delivered" }>; stop?: boolean }
  | { verdict: { outcome: "delivered" }; result: DeliveredResult };

export interface AttemptParts {
  deps: Deps;
  adapters: ReadonlyMap<string, Adapter>;
  build: NoticeBuilder;
  sendTimeoutMs: number;
}

/** An adapter that does not answer when its signal says stop is left alone after this. */
const graceMs = 1_000;

/**
 * Builds the notice from the present state and sends it once; where an earlier send may have been applied it is looked up
 * first, unless the platform drops a second one. `onSend` is called before anything can leave. Never throws.
 */
export async function attemptDelivery(
  parts: AttemptParts,
  row: DeliveryRow,
  signal: AbortSignal,
  onSend: () => void,
): Promise<Attempt> {
  const { deps, adapters } = parts;
  const adapter = adapters.get(row.adapter);
  if (!adapter) return { verdict: { outcome: row.uncertain ? "unknown" : "retry", reason: "adapter-off" } };
  try {
    const built = await parts.build(deps.db, row);
    if ("cancel" in built) return { verdict: { outcome: "cancelled", reason: built.cancel } };
    const delivery: Delivery = {
      id: row.id,
      attempt: row.attempt,
      uncertain: row.uncertain,
      destination: row.destination,
      address: built.address,
      notice: built.notice,
      remembered: row.remembered === null ? undefined : JSON.parse(deps.keyring.openSecret(row.remembered)),
      createdAt: row.createdAt,
    };
    onSend();
    return await send(parts, adapter, delivery, row.uncertain, signal);
  } catch (error) {
    const fields = { delivery: row.id, adapter: row.adapter, notice: row.notice };
    deps.logger.error("A delivery could not be built.", fields, error);
    // What may have been applied before stays so until it has been looked up.
    return { verdict: { outcome: row.uncertain ? "unknown" : "retry", reason: "not-built" } };
  }
}

async function send(
  parts: AttemptParts,
  adapter: Adapter,
  delivery: Delivery,
  isUncertain: boolean,
  signal: AbortSignal,
): Promise<Attempt> {
  if (isUncertain && !adapter.capabilities.dedupes) {
    const found = await bounded<Found>(parts, delivery, signal, async (bound) =>
      adapter.find ? adapter.find(delivery, bound) : { outcome: "unknown", reason: "no-look-up" },
    );
    if (found.outcome === "delivered") return { verdict: { outcome: "delivered" }, result: found };
    if (found.outcome === "unknown") return { verdict: found };
  }
  const sent = await bounded<Sent>(parts, delivery, signal, (bound) => adapter.deliver(delivery, bound));
  return attemptOf(sent);
}

function attemptOf(sent: Sent): Attempt {
  if (sent.outcome === "delivered") return { verdict: { outcome: "delivered" }, result: sent };
  if (sent.outcome === "refused") {
    return { verdict: { outcome: "refused", reason: sent.reason }, stop: sent.stop ?? false };
  }
  return { verdict: sent };
}

/** Runs one call of an adapter within its time. What is not answered, and a throw, which is a bug, leave it unknown. */
async function bounded<T>(
  parts: AttemptParts,
  delivery: Delivery,
  signal: AbortSignal,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T | { outcome: "unknown"; reason: string }> {
  const bound = AbortSignal.any([signal, AbortSignal.timeout(parts.sendTimeoutMs)]);
  let timer: NodeJS.Timeout | undefined;
  const silent = new Promise<{ outcome: "unknown"; reason: string }>((resolve) => {
    bound.addEventListener(
      "abort",
      () => {
        timer = setTimeout(() => resolve({ outcome: "unknown", reason: "no-answer" }), graceMs);
      },
      { once: true },
    );
  });
  try {
    return await Promise.race([call(bound), silent]);
  } catch (error) {
    const { id, destination, attempt } = delivery;
    parts.deps.logger.error("An adapter failed.", { delivery: id, destination, attempt }, error);
    return { outcome: "unknown", reason: "adapter-failed" };
  } finally {
    clearTimeout(timer);
  }
}
