import type { Sent } from "../contract/adapter.ts";
import type { Notice } from "../contract/notice.ts";
import type { DeliveryState } from "../contract/vocabulary.ts";
import type { Tx } from "../db/index.ts";

/** One row of the outbox as its builder and its settlers see it, while a worker holds its lease. */
export interface DeliveryRow {
  id: string;
  referralId: string | null;
  adapter: string;
  /** `forum:<slug>`, `pool:<slug>` or `alert:<name>`. */
  destination: string;
  /** The notice's type as it was planned. */
  notice: string;
  seq: number;
  /** `sequence` of the notice: its number among what was not cancelled at this destination, from 1. */
  sequence: number;
  data: Readonly<Record<string, unknown>>;
  /** The fence: a result counts only while the row is at this attempt. */
  attempt: number;
  step: number;
  /** An earlier send may have been applied: its lease ran out, or its answer never came. */
  uncertain: boolean;
  createdAt: Date;
  /** When it was written, or last replayed by an administrator: five days after this it is parked. */
  countedFrom: Date;
  failingSince: Date | null;
  /** What the last delivery of this referral to this destination asked to remember, sealed. */
  remembered: Uint8Array | null;
}

/** What the outbox stores of a delivery, for those who ask about it. */
export interface StoredDelivery {
  id: string;
  referralId: string | null;
  adapter: string;
  destination: string;
  notice: string;
  seq: number;
  data: Readonly<Record<string, unknown>>;
  state: DeliveryState;
  attempt: number;
  nextAt: Date;
  lastError: string | null;
  createdAt: Date;
  settledAt: Date | null;
}

/**
 * Reads the present state and register and says what is to be sent, and to which entry of the register; or that nothing
 * is to be sent any more, with a reason as a code. Runs outside a transaction and writes nothing.
 */
export type NoticeBuilder = (
  tx: Tx,
  row: DeliveryRow,
) => Promise<{ notice: Notice; address: Readonly<Record<string, unknown>> } | { cancel: string }>;

export type DeliveredResult = Extract<Sent, { outcome: "delivered" }>;

export interface DestinationAlarm {
  adapter: string;
  destination: string;
  /** The delivery that has failed for longest. */
  deliveryId: string;
  failingSince: Date;
  lastError: string | null;
}

/**
 * What the rest of the house does when a delivery ends, in the transaction that ends it and after the fence held. The
 * referral's row is locked before; a throw rolls everything back and the attempt becomes `unknown`.
 */
export interface Settlers {
  delivered(tx: Tx, row: DeliveryRow, result: DeliveredResult, now: Date): Promise<void>;
  failed(tx: Tx, row: DeliveryRow, state: "refused" | "parked", reason: string, now: Date): Promise<void>;
  /** Its builder said that nothing is to be sent any more, for this reason. */
  cancelled(tx: Tx, row: DeliveryRow, reason: string, now: Date): Promise<void>;
  /** An administrator sends it again: what `failed` had marked is on its way once more. */
  replayed(tx: Tx, row: StoredDelivery, now: Date): Promise<void>;
  /** The destination wants no more of anything, such as a forum that answered 410. */
  stopped(tx: Tx, destination: string, now: Date): Promise<void>;
  /** Once for a destination where nothing has arrived for an hour; the event row is written already. */
  alarmed(tx: Tx, alarm: DestinationAlarm, now: Date): Promise<void>;
  recovered(tx: Tx, destination: { adapter: string; destination: string }, now: Date): Promise<void>;
}

/** Counts for whoever watches; labels are names of adapters, never of forums. */
export interface DeliveryMetrics {
  settled(adapter: string, outcome: "delivered" | "refused" | "parked" | "cancelled"): void;
  retried(adapter: string): void;
  unknown(adapter: string): void;
  alarms(open: number): void;
  waiting(count: number, oldestAgeMs: number): void;
}
