import { randomBytes } from "node:crypto";
import type { Adapter } from "../../src/contract/adapter.ts";
import type { NoticeType } from "../../src/contract/notice.ts";
import { createManualClock } from "../../src/db/index.ts";
import type { DeliveryMetrics } from "../../src/delivery/delivery.ts";
import {
  createDeliveryWorker,
  type DeliveryRow,
  type DeliveryWorkerOptions,
  deliveriesOf,
  enqueueDelivery,
  type NoticeBuilder,
  type Settlers,
} from "../../src/delivery/index.ts";
import type { Deps } from "../../src/deps.ts";
import { createInstanceKey, createKeyring } from "../../src/privacy/keyring.ts";
import { crisisContacts } from "../../src/safety/index.ts";
import type { TestDatabase } from "../support/database.ts";

export const minute = 60_000;
export const hour = 60 * minute;

const silentMetrics: DeliveryMetrics = {
  settled: () => {},
  retried: () => {},
  unknown: () => {},
  alarms: () => {},
  waiting: () => {},
};

/** What the settlers were told, as `what destination#seq`. */
export type Told = string[];

/** An outbox on a real database with a clock moved by hand, and a house around it that only notes what it is told. */
export async function createWorld(database: TestDatabase, start = new Date("2026-11-02T09:00:00Z")) {
  const clock = createManualClock(start);
  const master = randomBytes(32);
  const logged: string[] = [];
  const note = (message: string) => void logged.push(message);
  const deps: Deps = {
    now: clock.now,
    db: database.prisma,
    transaction: database.transaction,
    register: () => Promise.reject(new Error("The outbox reads no register.")),
    keyring: createKeyring([master], createInstanceKey(master)),
    contacts: crisisContacts,
    adapters: { known: new Set(), carries: () => undefined },
    nudge: () => {},
    logger: { debug: () => {}, info: () => {}, warn: note, error: note },
    baseUrl: "http://127.0.0.1:3000",
  };
  const told: Told = [];
  const of = (row: { destination: string; seq: number }) => `${row.destination}#${row.seq}`;
  const settlers: Settlers = {
    delivered: async (_tx, row) => void told.push(`delivered ${of(row)}`),
    failed: async (_tx, row, state) => void told.push(`${state} ${of(row)}`),
    cancelled: async (_tx, row) => void told.push(`cancelled ${of(row)}`),
    replayed: async (_tx, row) => void told.push(`replayed ${of(row)}`),
    stopped: async (_tx, destination) => void told.push(`stopped ${destination}`),
    alarmed: async (_tx, alarm) => void told.push(`alarmed ${alarm.destination}`),
    recovered: async (_tx, at) => void told.push(`recovered ${at.destination}`),
  };
  const build: NoticeBuilder = async (_tx, row: DeliveryRow) => ({
    notice: {
      audience: "forum",
      type: "redact",
      data: { reference: row.referralId ?? row.id, externalId: null, sequence: row.sequence },
    },
    address: {},
  });

  await database.prisma.forum.upsert({
    where: { slug: "parents" },
    create: { slug: "parents", position: 1, document: {} },
    update: {},
  });

  return {
    clock,
    deps,
    told,
    logged,
    settlers,
    build,

    async referral(): Promise<string> {
      const row = await database.prisma.referral.create({
        data: {
          reference: `FP-${randomBytes(6).toString("hex")}`,
          forumSlug: "parents",
          state: "offered",
          consentBasis: "member-agreed",
          language: "en",
          urgency: "normal",
          routing: {},
          submittedAt: clock.now(),
          stateSince: clock.now(),
        },
      });
      return row.id;
    },

    /** Writes deliveries as a use case does: the referral's row is taken first. */
    async enqueue(
      referralId: string | null,
      destination: string,
      count = 1,
      adapter = "chaos",
      notice: NoticeType = "redact",
    ) {
      return database.transaction(async (tx) => {
        if (referralId !== null) {
          await tx.referral.update({ where: { id: referralId }, data: { version: { increment: 1 } } });
        }
        const ids: string[] = [];
        for (let done = 0; done < count; done += 1) {
          ids.push(await enqueueDelivery(tx, { referralId, adapter, destination, notice, now: clock.now() }));
        }
        return ids;
      });
    },

    worker(adapters: readonly Adapter[], options: Partial<DeliveryWorkerOptions> = {}) {
      return createDeliveryWorker({
        deps,
        adapters: new Map(adapters.map((adapter) => [adapter.name, adapter])),
        build,
        settlers,
        metrics: silentMetrics,
        random: () => 0.5,
        instance: "test",
        ...options,
      });
    },

    states: async (referralId: string) =>
      (await deliveriesOf(database.prisma, referralId)).map((row) => row.state),

    rows: () => database.prisma.delivery.findMany({ orderBy: [{ createdAt: "asc" }, { seq: "asc" }] }),

    events: () => database.prisma.event.findMany({ where: { referralId: null }, orderBy: { id: "asc" } }),
  };
}

export type World = Awaited<ReturnType<typeof createWorld>>;

/** Rounds until nothing is due. Answers how many attempts were made. */
export async function drain(worker: { tick(): Promise<number> }): Promise<number> {
  let attempts = 0;
  for (let taken = await worker.tick(); taken > 0; taken = await worker.tick()) attempts += taken;
  return attempts;
}
