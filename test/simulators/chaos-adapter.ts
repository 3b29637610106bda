import type { Adapter, Delivery, Found, Sent } from "../../src/contract/adapter.ts";
import type { NoticeType } from "../../src/contract/notice.ts";

/** What the far side does with one send. */
export type Fate =
  | "applied"
  | "applied-then-silent"
  | "lost-then-silent"
  | "applied-then-throws"
  | "hangs"
  | Exclude<Sent, { outcome: "delivered" }>;

export interface Received {
  id: string;
  destination: string;
  reference: string;
  sequence: number;
}

export interface ChaosOptions {
  name?: string;
  /** True: the far side drops what it has seen by its id. False: it is looked up with `find`. */
  dedupes?: boolean;
  notices?: readonly NoticeType[];
  fate?: (delivery: Delivery) => Fate;
  /** What a look-up answers, where that is not the truth. */
  found?: (delivery: Delivery) => Found | undefined;
  remember?: (delivery: Delivery) => unknown;
}

/** A far side in memory whose mood is told to it: it keeps what it received, in order, and counts how often it was asked. */
export function createChaosAdapter(options: ChaosOptions = {}) {
  const { name = "chaos", dedupes = true, notices = ["redact"] } = options;
  const received: Received[] = [];
  const sends: Delivery[] = [];
  const lookups: Delivery[] = [];
  let duplicates = 0;
  const has = (delivery: Delivery) => received.some((one) => one.id === delivery.id);

  const apply = (delivery: Delivery): void => {
    if (has(delivery)) {
      duplicates += 1;
      if (dedupes) return;
    }
    const { data } = delivery.notice;
    const reference = "reference" in data && data.reference !== null ? data.reference : "none";
    received.push({ id: delivery.id, destination: delivery.destination, reference, sequence: data.sequence });
  };

  const deliver = async (delivery: Delivery, signal: AbortSignal): Promise<Sent> => {
    sends.push(delivery);
    const fate = options.fate?.(delivery) ?? "applied";
    if (typeof fate === "object") return fate;
    if (fate === "hangs") return new Promise((resolve) => onAbort(signal, () => resolve(silence)));
    if (fate !== "lost-then-silent") apply(delivery);
    if (fate === "applied-then-throws") throw new Error("The adapter is broken.");
    if (fate !== "applied") return silence;
    const remember = options.remember?.(delivery);
    return remember === undefined ? { outcome: "delivered" } : { outcome: "delivered", remember };
  };

  const find = async (delivery: Delivery): Promise<Found> => {
    lookups.push(delivery);
    return options.found?.(delivery) ?? { outcome: has(delivery) ? "delivered" : "absent" };
  };

  const capabilities = {
    notices,
    textLength: 10_000,
    dedupes,
  };
  const adapter: Adapter = dedupes ? { name, capabilities, deliver } : { name, capabilities, deliver, find };
  return { adapter, received, sends, lookups, duplicates: () => duplicates };
}

const silence = { outcome: "unknown", reason: "silent" } as const;

function onAbort(signal: AbortSignal, act: () => void): void {
  if (signal.aborted) act();
  else signal.addEventListener("abort", act, { once: true });
}
