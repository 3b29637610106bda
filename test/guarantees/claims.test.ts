import { describe, expect, test } from "vitest";
import { createArena, judge } from "./claim-race.ts";
import { withoutCondition } from "./fixtures/rewrite-statements.ts";

const long = process.env.TEST_LONG === "1";
const referrals = long ? 500 : 40;

describe("claims over four processes", () => {
  test(`${referrals} referrals × 48 claimants: one winner each, every loser is told who and when, lost races are counted`, async () => {
    const arena = await createArena({ processes: 4, claimants: 48 });
    try {
      const race = await arena.race(referrals);
      expect(judge(arena.claimants, race)).toEqual({ notWonOnce: [], uninformed: [] });
      const { prisma } = arena.db;
      expect(await prisma.event.count({ where: { type: "referral.claimed" } })).toBe(referrals);
      expect(await prisma.referral.count({ where: { state: "claimed", version: 2 } })).toBe(referrals);
      expect(await prisma.lostClaim.count()).toBe(referrals * 47);
      for (const { reference, ownerId } of await prisma.referral.findMany()) {
        const winner = race.get(reference)?.findIndex(({ status }) => status === 200) ?? -1;
        expect(ownerId).toBe(arena.claimants[winner]);
      }
    } finally {
      await arena.close();
    }
  }, 900_000);

  test("a product that reads and then writes does not pass the same check", async () => {
    const arena = await createArena({ processes: 4, claimants: 24, mutant: true });
    try {
      // Nothing else may save it: no two events of a referral have one number.
      await arena.db.prisma.$executeRaw`DROP INDEX event_referral_id_seq_key`;
      const { notWonOnce } = judge(arena.claimants, await arena.race(10));
      expect(notWonOnce).not.toEqual([]);
    } finally {
      await arena.close();
    }
  }, 120_000);

  test("the fault is in the statement that the product sends", () => {
    const sql = `UPDATE "public"."referral" SET "state" = $1 WHERE ("public"."referral"."id" = $2 AND "public"."referral"."state" = $3 AND "public"."referral"."version" = $4)`;
    expect(withoutCondition(sql)).not.toBe(sql);
    expect(withoutCondition(sql)).not.toMatch(/"version" =/);
  });
});
