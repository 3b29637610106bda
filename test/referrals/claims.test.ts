import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exampleRegister } from "../support/example-register.ts";
import { adminKey, createWorld, type World } from "../support/world.ts";

let world: World;

beforeAll(async () => {
  world = await createWorld();
  for (const who of ["advisor:amal.h", "advisor:bea.k"]) await world.keyFor(who);
}, 60_000);

afterAll(() => world.close());

async function offered(): Promise<string> {
  const { status, body } = await world.refer("parents");
  expect([status, body.state]).toEqual([201, "offered"]);
  return body.reference;
}

async function claim(reference: string, who: string, headers: Record<string, string> = {}) {
  const key = await world.keyFor(who);
  const { status, body } = await world.call("POST", `/v1/referrals/${reference}/claim`, key, {}, headers);
  return { status, body };
}

const lostRaces = (reference: string) =>
  world.db.prisma.lostClaim.count({ where: { referral: { reference } } });
const told = (answer: { status: number; body: Record<string, unknown> }) => {
  const { instance: _own, ...body } = answer.body;
  return { status: answer.status, body };
};

describe("claims written in groups", () => {
  test("give each referral of a crowd to one advisor, and tell every other who has it", async () => {
    const references = [await offered(), await offered(), await offered()];
    const answers = await Promise.all(
      references.flatMap((reference) =>
        ["advisor:amal.h", "advisor:bea.k", "advisor:amal.h"].map((who) => claim(reference, who)),
      ),
    );
    for (const [at, reference] of references.entries()) {
      const three = answers.slice(at * 3, at * 3 + 3);
      expect(three.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
      const { ownerId } = await world.db.prisma.referral.findUniqueOrThrow({ where: { reference } });
      for (const { status, body } of three)
        if (status === 409)
          expect(body).toMatchObject({ code: "referral/already-claimed", claimedBy: ownerId });
      // Whoever has it and clicked twice lost nothing.
      expect(await lostRaces(reference)).toBe(ownerId === "amal.h" ? 1 : 2);
      const events = await world.db.prisma.event.count({
        where: { referral: { reference }, type: "referral.claimed" },
      });
      expect(events).toBe(1);
    }
  });

  test("with a key, give the first answer again, whatever happened since", async () => {
    const reference = await offered();
    const headers = { "idempotency-key": randomUUID() };
    const first = await claim(reference, "advisor:amal.h", headers);
    expect(first).toMatchObject({ status: 200, body: { state: "claimed", version: 2 } });
    await world.as("advisor:amal.h", reference, "release", { reason: "Not mine" });
    expect(await claim(reference, "advisor:amal.h", headers)).toEqual(first);
    expect(await world.show(reference)).toMatchObject({ state: "offered" });
  });

  test("with a key, lose once: the repeat is refused in the same words and counts no second race", async () => {
    const reference = await offered();
    await claim(reference, "advisor:amal.h");
    const headers = { "idempotency-key": randomUUID() };
    const first = told(await claim(reference, "advisor:bea.k", headers));
    expect(first).toMatchObject({ status: 409, body: { claimedBy: "amal.h" } });
    expect(told(await claim(reference, "advisor:bea.k", headers))).toEqual(first);
    await world.as("advisor:amal.h", reference, "release", { reason: "Not mine" });
    expect(told(await claim(reference, "advisor:bea.k", headers))).toEqual(first);
    expect(await lostRaces(reference)).toBe(1);
    expect(await claim(reference, "advisor:bea.k")).toMatchObject({ status: 200 });
  });

  test("count no race where the owner clicks again, or somebody claims whose pool it is not", async () => {
    const reference = await offered();
    expect((await claim(reference, "advisor:amal.h")).status).toBe(200);
    const others = ["advisor:amal.h", "person:sam.t"];
    for (const who of others)
      for (const headers of [{}, { "idempotency-key": randomUUID() }]) {
        const first = await claim(reference, who, headers);
        expect([first.status, first.body.code]).toEqual([409, "referral/already-claimed"]);
        expect(told(await claim(reference, who, headers))).toEqual(told(first));
      }
    expect(await lostRaces(reference)).toBe(0);
    await claim(reference, "advisor:bea.k", { "idempotency-key": randomUUID() });
    await claim(reference, "advisor:bea.k");
    expect(await lostRaces(reference)).toBe(2);
  });

  test("go behind what is unsettled for the same place, and bring every number in order", async () => {
    const reference = await offered();
    await claim(reference, "advisor:amal.h");
    const rows = await world.db.prisma.delivery.findMany({
      where: { referral: { reference } },
      orderBy: [{ destination: "asc" }, { seq: "asc" }],
    });
    const forum = rows.filter(({ destination }) => destination === "forum:parents");
    expect(forum.map(({ notice, seq }) => [notice, seq])).toEqual([
      ["referral.offered", 1],
      ["referral.claimed", 2],
    ]);
    expect(forum.map(({ nextAt }) => nextAt.getUTCFullYear() > 9000)).toEqual([false, true]);
  });
});

describe("a key known from memory", () => {
  test("is refused from the moment it is revoked, and takes nothing", async () => {
    const reference = await offered();
    const made = await world.call("POST", "/v1/keys", adminKey, {
      name: "short",
      scopes: ["advisor:amal.h"],
    });
    const { id, key } = made.body;
    const send = () => world.call("POST", `/v1/referrals/${reference}/claim`, key, {});
    expect((await world.call("GET", `/v1/referrals/${reference}`, key)).status).toBe(200);
    expect((await world.call("DELETE", `/v1/keys/${id}`, adminKey)).status).toBe(200);
    expect(await send()).toMatchObject({ status: 401, body: { code: "access/unauthenticated" } });
    expect(await world.show(reference)).toMatchObject({ state: "offered", version: 1 });
  });

  test("claims nothing in a pool that its advisor has left", async () => {
    const reference = await offered();
    const register = exampleRegister("http://127.0.0.1:9");
    const advisors = register.advisors.map((advisor) =>
      advisor.id === "bea.k" ? { ...advisor, pools: ["jabs"] } : advisor,
    );
    expect((await world.apply({ ...register, advisors })).status).toBe(200);
    expect(await claim(reference, "advisor:bea.k")).toMatchObject({ status: 404 });
    expect(await world.show(reference)).toMatchObject({ state: "offered", version: 1 });
  });
});
