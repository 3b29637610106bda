import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createWorld, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** What people do, with bodies that may or may not fit the moment. */
const deeds = [
  ["advisor:amal.h", "claim", {}],
  ["advisor:bea.k", "claim", {}],
  ["advisor:amal.h", "release", {}],
  ["advisor:lee.d", "transfer", { to: "bea.k" }],
  ["advisor:amal.h", "decline", { reason: "not-ours", likelyOwner: "jabs" }],
  ["advisor:jo.v", "decline", { reason: "no-capacity" }],
  ["person:sam.t", "reroute", { pool: "uc", because: "it is theirs" }],
  ["advisor:amal.h", "ask", { text: "Which month?" }],
  ["advisor:amal.h", "reply", { text: "Here is what to do." }],
  ["advisor:bea.k", "reply", { text: "Here is what to do next." }],
  ["advisor:amal.h", "resolve", { result: "helped" }],
  ["advisor:amal.h", "close", { disposition: "insufficient_information", result: "unknown" }],
  ["advisor:amal.h", "note", { text: "a thought" }],
  ["forum:parents", "member-answer", { text: "In May.", saidBy: "moderator" }],
  ["forum:parents", "follow-up", { text: "And now?", saidBy: "moderator" }],
  ["forum:parents", "feedback", { result: "not_helped", saidBy: "moderator" }],
  ["forum:parents", "feedback", { result: "helped", saidBy: "moderator" }],
  ["forum:parents", "reopen", { reason: "It is not over." }],
  ["forum:parents", "divert", { reason: "Please look at this one." }],
  ["person:safe.one", "acknowledge", {}],
  ["person:safe.one", "stand-down", { reason: "a false alarm" }],
] as const;
const passing = ["settle", "PT1H", "P2D"] as const;
const ms = { settle: 0, PT1H: 3_600_000, P2D: 2 * 86_400_000 };

test("random days on a real instance: no fault, one owner, outcomes whole, versions without a gap, deliveries in order", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...deeds, ...passing), { minLength: 5, maxLength: 25 }),
      async (day) => {
        const { body } = await world.refer("parents");
        const { reference } = body;
        for (const deed of day) {
          if (typeof deed === "string") {
            await world.pass(ms[deed]);
            continue;
          }
          const { status } = await world.as(deed[0], reference, deed[1], deed[2]);
          expect(status, JSON.stringify(deed)).toBeLessThan(500);
        }
        await world.settle();
        const row = await world.db.prisma.referral.findUniqueOrThrow({
          where: { reference },
          include: { events: { where: { seq: { not: null } }, orderBy: { seq: "asc" } }, replies: true },
        });
        const isHeld = ["claimed", "waiting_member", "waiting_clearance", "replied"].includes(row.state);
        if (isHeld) expect(row.ownerId, row.state).not.toBeNull();
        if (["offered", "triage", "diverted"].includes(row.state)) expect(row.ownerId).toBeNull();
        if (row.state === "resolved") expect([row.disposition, row.result, row.saidBy]).not.toContain(null);
        if (row.state === "closed") expect(row.result).not.toBe("helped");
        expect(row.events.map(({ seq }) => seq)).toEqual(row.events.map((_, at) => at + 1));
        expect(row.version).toBe(row.events.length);
        expect(row.replies.filter(({ state }) => state === "queued").length).toBeLessThanOrEqual(1);
        const heard = world.callbacks
          .filter(({ data }) => data.reference === reference)
          .map(({ data }) => data.sequence);
        expect(heard).toEqual([...heard].sort((a, b) => a - b));
      },
    ),
    { numRuns: 15 },
  );
}, 120_000);

test("timers that fell due while every instance was down fire exactly once", async () => {
  await world.nextMonday();
  const references: string[] = [];
  for (let at = 0; at < 20; at += 1) references.push((await world.refer("parents")).body.reference);
  world.clock.advance(3 * 3_600_000);
  await Promise.all([world.instance.turnClock(), world.instance.turnClock(), world.instance.turnClock()]);
  for (const reference of references) {
    const { history } = await world.show(reference);
    const escalations = history.filter(({ type }: { type: string }) => /escalat/.test(type));
    expect(escalations.length, reference).toBe(1);
  }
});
