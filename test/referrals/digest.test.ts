import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderAlert } from "../../adapters/email/render.ts";
import type { DeliveryRow } from "../../src/delivery/index.ts";
import { createNoticeBuilder, sendDigests } from "../../src/referrals/index.ts";
import { exampleRegister } from "../support/example-register.ts";
import { createWorld, dayMs, hourMs, type World } from "../support/world.ts";

/** A Sunday: nobody is at work before 09:00 of the next day in London. */
const sunday = new Date("2026-06-14T12:00:00Z");
const at = (time: string) => new Date(`2026-06-${time}Z`);

describe("what waits is told to a pool's leads in the morning", () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld({ start: sunday });
    const { pools, advisors } = exampleRegister("http://unused.example");
    const far = {
      timezone: "America/New_York",
      division: "england-and-wales",
      weekly: { "mon-fri": "08:00-12:00" },
    };
    const night = {
      timezone: "Europe/London",
      division: "england-and-wales",
      weekly: { "mon-sun": "00:00-24:00" },
    };
    await world.apply({
      pools: pools.map((pool) =>
        pool.slug === "jabs"
          ? { ...pool, hours: far }
          : pool.slug === "cleared"
            ? { ...pool, hours: night }
            : pool,
      ),
      advisors: advisors.map((one) => ({ ...one, role: "lead", email: `${one.id}@example.gov.uk` })),
    });
    await world.refer("parents");
    await world.refer("parents", { topic: "vaccination", excerpt: "Which jab is due?" });
  });
  afterAll(() => world.close());

  const digests = async () =>
    (
      await world.db.prisma.delivery.findMany({
        where: { notice: "alert", destination: { startsWith: "pool:" } },
      })
    ).map(({ adapter, destination, data }) => ({
      adapter,
      destination,
      event: (data as { event: string }).event,
    }));
  const look = async (now: Date, done = new Map<string, string>()) => {
    world.clock.set(now);
    await sendDigests(world.instance.deps, done);
    return digests();
  };
  const toUc = { adapter: "email", destination: "pool:uc", event: "pool.digest" };
  const toJabs = { ...toUc, destination: "pool:jabs" };

  test("not on a day without service, and not before the pool opens", async () => {
    expect(await look(at("14T13:00:00"))).toEqual([]);
    expect(await look(at("15T07:59:00"))).toEqual([]);
  });

  test("at its first open moment, once, on however many instances; a pool with nothing waiting is silent", async () => {
    world.clock.set(at("15T08:00:30"));
    await Promise.all([0, 1, 2].map(() => sendDigests(world.instance.deps, new Map())));
    expect(await look(at("15T08:01:00"))).toEqual([toUc]);
  });

  test("each pool by the clock of its own zone", async () => {
    expect(await look(at("15T11:59:00"))).toEqual([toUc]);
    expect(await look(at("15T12:00:00"))).toEqual([toUc, toJabs]);
  });

  test("and again the next morning, also where the server came up late", async () => {
    expect(await look(new Date(at("15T15:00:00").getTime() + dayMs - 2 * hourMs))).toHaveLength(4);
  });

  test("the mail says how many wait, how many are late and which come first, and nothing that was written", async () => {
    const { deps } = world.instance;
    const row: DeliveryRow = {
      id: "019a0000-0000-7000-8000-000000000001",
      referralId: null,
      adapter: "email",
      destination: "pool:uc",
      notice: "alert",
      seq: 1,
      sequence: 1,
      data: { event: "pool.digest" },
      attempt: 1,
      step: 0,
      uncertain: false,
      createdAt: deps.now(),
      countedFrom: deps.now(),
      failingSince: null,
      remembered: null,
    };
    const built = await createNoticeBuilder(deps)(deps.db, row);
    const data = "notice" in built && built.notice.type === "alert" ? built.notice.data : null;
    expect(data?.to.map(({ email }) => email)).toContain("amal.h@example.gov.uk");
    const { subject, text } = data ? renderAlert(data) : { subject: "", text: "" };
    expect(subject).toBe("Universal Credit specialists: 1 waiting, 1 late");
    expect(text).toMatch(/FP-[0-9A-Z]{4}-[0-9A-Z]{4}: offered, due 15 June 2026 at 11:00/);
    expect(text).not.toContain("advance payment");
  });
});
