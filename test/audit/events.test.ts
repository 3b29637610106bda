import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { adminKey, createWorld, type World } from "../support/world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const events = async (query: string, scope = "person:aud.it") =>
  world.call("GET", `/v1/events${query}`, scope === "admin" ? adminKey : await world.keyFor(scope));

describe("GET /v1/events", () => {
  test("gives an auditor everything that was committed before, oldest first, without gaps or repeats", async () => {
    for (let n = 0; n < 3; n += 1) {
      const { body } = await world.refer("parents");
      await world.as("advisor:amal.h", body.reference, "claim");
    }
    const all: { id: string; type: string; reference: string | null }[] = [];
    let after = "0";
    for (;;) {
      const { status, body } = await events(`?after=${after}&limit=4`);
      expect(status).toBe(200);
      expect(body.items.length).toBeLessThanOrEqual(4);
      all.push(...body.items);
      after = body.after;
      if (body.nextCursor === null) break;
    }
    expect(all.map(({ id }) => id)).toEqual(all.map((_, index) => String(index + 1)));
    expect(all).toHaveLength(await world.db.prisma.event.count());
    expect(all.filter(({ type }) => type === "referral.claimed")).toHaveLength(3);
    const { body } = await world.refer("parents");
    const [next] = (await events(`?after=${after}`)).body.items;
    expect(next).toMatchObject({
      type: "referral.offered",
      reference: body.reference,
      chain: "dwp",
      to: "offered",
    });
  });

  test("gives the same to an administrator, and after the last event nothing and the same place again", async () => {
    const { body } = await events("?limit=1000", "admin");
    expect(body.items.length).toBeGreaterThan(0);
    const end = await events(`?after=${body.after}`);
    expect(end.body).toEqual({ items: [], after: body.after, nextCursor: null });
  });

  test.each(["person:sam.t", "person:olive.p"])("is refused to %s, who is no auditor", async (scope) => {
    expect(await events("", scope)).toMatchObject({ status: 403, body: { code: "access/forbidden" } });
  });

  test.each(["advisor:amal.h", "forum:parents", "manager"])("is refused to the key of %s", async (scope) => {
    expect((await events("", scope)).status).toBe(403);
  });

  test.each(["?after=x", "?after=-1", "?limit=0", "?limit=1001", "?other=1"])("refuses %s", async (query) => {
    expect(await events(query)).toMatchObject({ status: 422, body: { code: "request/invalid" } });
  });

  test("has each reading of a referral by an administrator or an auditor, and by nobody else", async () => {
    const { body } = await world.refer("parents");
    const { after } = (await events("?limit=1000")).body;
    for (const scope of ["person:aud.it", "advisor:amal.h", "forum:parents"])
      await world.call("GET", `/v1/referrals/${body.reference}`, await world.keyFor(scope));
    await world.show(body.reference);
    const { items } = (await events(`?after=${after}`)).body;
    const readings = items.filter((item: { type: string }) => item.type === "referral.read");
    expect(readings.map((item: { by: unknown }) => item.by)).toEqual([
      { role: "auditor", id: "aud.it", actedBy: null },
      { role: "administrator", id: null, actedBy: expect.any(String) },
    ]);
  });
});
