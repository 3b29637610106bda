import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sendDigests } from "../../../src/referrals/index.ts";
import { exampleRegister } from "../../support/example-register.ts";
import { adminKey, dayMs, hourMs } from "../../support/world.ts";
import { channel, createDay, type Day, lee } from "./day.ts";

/** What goes wrong in Slack itself, and how a person mends it there. */
const troubles: [string, (day: Day) => void, (day: Day) => void][] = [
  [
    "a revoked token",
    ({ slack }) => slack.setFault(() => "error:token_revoked"),
    ({ slack }) => slack.setFault(() => null),
  ],
  [
    "an archived channel",
    ({ slack }) => void Object.assign(slack.state.channels.get(channel) ?? {}, { archived: true }),
    ({ slack }) => void Object.assign(slack.state.channels.get(channel) ?? {}, { archived: false }),
  ],
  [
    "an app that was removed from its channel",
    ({ slack }) => void slack.state.channels.get(channel)?.members.delete(slack.state.botUser),
    ({ slack }) => void slack.state.channels.get(channel)?.members.add(slack.state.botUser),
  ],
];

describe("when Slack takes nothing", () => {
  let day: Day;
  beforeAll(async () => {
    day = await createDay("http");
    const lead = { id: "lee.d", name: "Lee D.", pools: ["uc", "uc-second"], role: "lead", slackUserId: lee };
    const uc = exampleRegister("http://unused.example").pools.filter(({ slug }) => slug === "uc");
    await day.world.apply({
      // Long enough that nothing is escalated to another pool meanwhile.
      pools: uc.map((pool) => ({ ...pool, slack: { channel }, targets: { claim: "P20D" } })),
      advisors: [{ ...lead, email: "lee@example.gov.uk" }],
    });
  });
  afterAll(async () => {
    await day.close();
  });

  const cards = () => day.ours(channel).filter(({ threadTs }) => threadTs === null).length;
  const toLead = () =>
    day.world.db.prisma.delivery.findMany({ where: { destination: "pool:uc", notice: "alert" } });
  const cardsOf = (state: "waiting" | "parked") =>
    day.world.db.prisma.delivery.findMany({ where: { adapter: "slack", notice: "card", state } });

  test.each(troubles)(
    "%s: the pool's lead is told by mail within two hours, and the card comes once it is mended",
    async (_what, wound, mend) => {
      const [before, told] = [cards(), (await toLead()).length];
      wound(day);
      await day.world.refer("parents");
      await day.world.settle();
      for (let step = 0; step < 4; step += 1) await day.world.pass(hourMs / 2);
      const alerts = await toLead();
      expect(alerts.slice(told).map(({ adapter, state }) => ({ adapter, state }))).toEqual([
        { adapter: "email", state: "delivered" },
      ]);
      expect(cards()).toBe(before);
      mend(day);
      for (let step = 0; step < 8; step += 1) await day.world.pass(hourMs);
      expect(cards()).toBeGreaterThan(before);
      expect(await cardsOf("waiting")).toEqual([]);
    },
  );

  test("what nobody mends in five days is parked, kept, and can be sent from there", async () => {
    const [, wound, mend] = troubles[0] ?? [];
    wound?.(day);
    await day.world.nextMonday();
    await day.world.refer("parents");
    await day.world.settle();
    for (let days = 0; days < 7; days += 1) await day.world.pass(dayMs);
    const [parked] = await cardsOf("parked");
    expect(parked?.lastError).toBe("slack-token-revoked");
    mend?.(day);
    const before = day.ours(channel).length;
    const { status } = await day.world.call("POST", `/v1/deliveries/${parked?.id}/replay`, adminKey, {});
    expect(status).toBe(202);
    for (let step = 0; step < 4; step += 1) await day.world.pass(hourMs);
    expect(day.ours(channel).length).toBeGreaterThan(before);
  });

  test("in the morning the pool's channel tells its leads what waits", async () => {
    await day.world.nextMonday();
    await day.world.refer("parents");
    await day.world.settle();
    await sendDigests(day.world.instance.deps, new Map());
    await day.pass();
    const said = JSON.stringify(day.ours(channel).at(-1));
    expect(said).toContain("This morning: ");
    expect(said).toContain("Offered to this pool: 5");
    expect(said).toContain(`"user_id":"${lee}"`);
    expect(day.slack.state.violations).toEqual([]);
  });
});
