import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type DeliveryState, deliveryStates } from "../../src/contract/vocabulary.ts";
import { parkAfterMs, scheduleMs, settle, waitMs } from "../../src/delivery/model.ts";

const now = new Date("2026-11-02T09:00:00Z");
const fresh = { step: 0, uncertain: false, countedFrom: now, failingSince: null };
const hourMs = 3_600_000;

describe("the schedule", () => {
  test("is the published one, spread by at most a fifth either way", () => {
    const minutes = scheduleMs.map((ms) => ms / 60_000);
    expect(minutes).toEqual([5 / 60, 5, 30, 120, 300, 600, 840, 1200, 1440]);
    fc.assert(
      fc.property(fc.nat({ max: 20 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (step, random) => {
        const base = scheduleMs[step] ?? 24 * hourMs;
        const wait = waitMs(step, random);
        expect(wait).toBeGreaterThanOrEqual(Math.floor(base * 0.8));
        expect(wait).toBeLessThanOrEqual(Math.ceil(base * 1.2));
      }),
    );
  });

  test("gives way to what the other side asks for, up to a day", () => {
    expect(waitMs(4, 0.5, 7_000)).toBe(7_000);
    expect(waitMs(0, 0.5, 0)).toBe(0);
    expect(waitMs(0, 0.5, 90 * hourMs)).toBe(24 * hourMs);
    expect(waitMs(0, 0.5, -5)).toBe(0);
  });

  test("goes on every 24 hours after its last step and parks five days after the delivery was written", () => {
    let at = now;
    let row: Parameters<typeof settle>[0] = fresh;
    const attempts: number[] = [];
    for (;;) {
      const next = settle(row, { outcome: "retry", reason: "status-503" }, at, 0.5);
      attempts.push((at.getTime() - now.getTime()) / hourMs);
      if (next.state === "parked") break;
      row = { ...row, step: next.step, failingSince: next.failingSince };
      at = next.nextAt;
    }
    expect(attempts.length).toBe(12);
    expect(attempts.at(-1)).toBeGreaterThanOrEqual(parkAfterMs / hourMs);
    expect(attempts.at(-2)).toBeLessThan(parkAfterMs / hourMs);
  });
});

describe("a fate that is not known", () => {
  const unknown = { outcome: "unknown", reason: "timed-out" } as const;

  test("takes no step the first time and is due at once", () => {
    expect(settle({ ...fresh, step: 3 }, unknown, now, 0.5)).toMatchObject({
      state: "unknown",
      step: 3,
      nextAt: now,
    });
  });

  test("follows the schedule when it is still not known after looking", () => {
    const next = settle({ ...fresh, step: 1, uncertain: true }, unknown, now, 0.5);
    expect(next).toMatchObject({ state: "unknown", step: 2, nextAt: new Date(now.getTime() + 300_000) });
  });

  test("is parked after five days like every other failure, never dropped", () => {
    const late = new Date(now.getTime() + parkAfterMs);
    expect(settle({ ...fresh, uncertain: true }, unknown, late, 0.5)).toMatchObject({
      state: "parked",
      settledAt: late,
    });
  });
});

describe("a wait whose length is known", () => {
  const asked = { outcome: "retry", reason: "rate-limited", afterMs: 13_000 } as const;

  test("takes no step of the schedule; the platform's own counts as a failure, that of our limit does not", () => {
    const at = new Date(now.getTime() + 13_000);
    expect(settle({ ...fresh, step: 2 }, asked, now, 0.5)).toMatchObject({
      step: 2,
      nextAt: at,
      failingSince: now,
    });
    const early = settle({ ...fresh, step: 2 }, { ...asked, early: true }, now, 0.5);
    expect(early).toMatchObject({ step: 2, nextAt: at, failingSince: null });
    const look = { outcome: "unknown", reason: "rate-limited", afterMs: 13_000, early: true } as const;
    expect(settle({ ...fresh, uncertain: true }, look, now, 0.5)).toMatchObject({ step: 0, nextAt: at });
  });
});

test("the time of the first failure is kept until something arrives", () => {
  const failed = settle(fresh, { outcome: "retry", reason: "status-500" }, now, 0.5);
  expect(failed.failingSince).toEqual(now);
  const later = new Date(now.getTime() + hourMs);
  expect(settle({ ...fresh, ...failed }, { outcome: "retry", reason: "x" }, later, 0).failingSince).toEqual(
    now,
  );
  expect(settle({ ...fresh, ...failed }, { outcome: "delivered" }, later, 0).failingSince).toBeNull();
});

/** States that let the next delivery of the same referral and destination go. */
const settledStates = ["delivered", "refused", "parked", "cancelled"] as const satisfies DeliveryState[];

/**
 * Every move of a delivery: `waiting` until a worker leases it, `unknown` when its fate is to be looked up. A lease that
 * runs out, and a start after a crash, lead to `unknown`; a replay leads back to `waiting`.
 */
const deliveryMoves = {
  waiting: ["leased", "cancelled"],
  leased: ["waiting", "unknown", "delivered", "refused", "parked", "cancelled"],
  unknown: ["leased"],
  delivered: [],
  refused: ["waiting"],
  parked: ["waiting", "unknown"],
  cancelled: [],
} as const satisfies Record<DeliveryState, readonly DeliveryState[]>;

test("every state has its moves, and a settled one leaves only by a replay", () => {
  expect(Object.keys(deliveryMoves).sort()).toEqual([...deliveryStates].sort());
  for (const state of settledStates)
    expect(["", "waiting", "waiting,unknown"]).toContain(deliveryMoves[state].join());
});

test("every result is a move of the table", () => {
  const verdicts = [
    { outcome: "delivered" },
    { outcome: "refused", reason: "r" },
    { outcome: "cancelled", reason: "r" },
    { outcome: "retry", reason: "r" },
    { outcome: "unknown", reason: "r" },
  ] as const;
  fc.assert(
    fc.property(
      fc.constantFrom(...verdicts),
      fc.boolean(),
      fc.nat({ max: 7 * 24 }),
      (verdict, uncertain, hours) => {
        const at = new Date(now.getTime() + hours * hourMs);
        const next = settle({ ...fresh, uncertain }, verdict, at, 0.5);
        expect(deliveryMoves.leased).toContain(next.state);
        expect(next.settledAt !== null).toBe((settledStates as readonly string[]).includes(next.state));
      },
    ),
  );
});
