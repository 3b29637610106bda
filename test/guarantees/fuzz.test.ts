import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, adminKey, createWorld, type World } from "../support/world.ts";
import { call, inParallel, signatureHeaders } from "./client.ts";
import { type Shot, shot } from "./shots.ts";

const long = process.env.TEST_LONG === "1";
const runs = long ? 50_000 : 5_000;
const seed = long ? Math.floor(Math.random() * 2 ** 31) : 20_261_101;

let world: World;
let secret: string;
let reference: string;
beforeAll(async () => {
  world = await createWorld();
  secret = (await world.call("POST", "/v1/forums/parents/secrets", adminKey, {})).body.secret;
  reference = (await world.refer("parents")).body.reference;
  await world.as("advisor:amal.h", reference, "claim");
});
afterAll(() => world.close());

let fired = 0;
async function fire(one: Shot): Promise<Answer> {
  const body = one.body;
  const id = `evt_fuzz_${fired++}`;
  const headers = one.signed ? signatureHeaders(secret, id, world.clock.now(), body ?? "") : {};
  const key = one.key ? await world.keyFor(one.key) : null;
  const where = one.path.replace("REFERENCE", reference);
  return call(world.instance.address, one.method, where, key, body, { ...headers, ...one.headers });
}

describe("whatever is sent", () => {
  test(
    `${runs} requests that are wrong in every way are refused or taken, and none breaks the server`,
    async () => {
      const shots = fc.sample(shot, { numRuns: runs, seed });
      const statuses = new Map<number, number>();
      const wrong: string[] = [];
      await inParallel(shots, 8, async (one) => {
        let { status, body } = await fire(one);
        // A machine that is busy elsewhere may be late with a connection; what is wrong with a request stays wrong.
        if (status === 503) ({ status, body } = await fire(one));
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        const isPage = one.method === "HEAD" || one.path.startsWith("/verify/");
        const isTold = status < 400 || isPage || typeof body.code === "string";
        if (status >= 500 || !isTold) wrong.push(`${status} ${JSON.stringify(one).slice(0, 400)}`);
      });
      expect(wrong, `seed ${seed}`).toEqual([]);
      // It was neither all refused at the door nor all taken.
      for (const status of [200, 201, 400, 401, 404, 409, 422])
        expect([status, statuses.get(status) ?? 0]).not.toEqual([status, 0]);
      expect((await world.call("GET", "/livez", null)).status).toBe(200);
      expect((await world.refer("parents")).status).toBe(201);
    },
    long ? 1_700_000 : 120_000,
  );
});
