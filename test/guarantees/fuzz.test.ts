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

/** What may stand where a name, an id or a value is expected in an address. */
const oddWords = [
  "%00",
  "a%00b",
  "%2500",
  "%2F",
  "..%2F..",
  "%",
  "%zz",
  "%ED%A0%80",
  "%F0%9F%92%A9",
  "%E2%80%AE",
  "a".repeat(5_000),
  "-1",
  "1e999",
  "null",
  "__proto__",
  "constructor",
  "00000000-0000-0000-0000-000000000000",
  "2026-02-30",
  "0000-01-01",
  "0000-01-01T00:00:00Z",
  "9999-12-31T23:59:59Z",
  "-271821-04-20T00:00:00.000Z",
  "%27%3B--",
  "%5B%5D",
  "",
];

interface Operation {
  parameters?: { name: string; in: string }[];
}

/** Values that are well-formed and still too much: the far ends of time. */
const farEnds: Shot[] = [
  "9999-12-31T23:59:59Z",
  "9999-12-31T23:59:59-14:00",
  "0000-01-01T00:00:00+14:00",
].flatMap((at) => {
  const day = at.slice(0, 10);
  const pool = { slug: "jabs", department: "health", name: "Vaccination advisors" };
  const bodies: [string, string, object][] = [
    ["POST", "/v1/keys", { name: "n", scopes: ["manager"], expiresAt: at }],
    ["PUT", "/v1/register", { pools: [{ ...pool, closed: { on: day, successor: "uc" } }] }],
    ["PUT", "/v1/register", { pools: [{ ...pool, targets: { claim: "P999D", firstReply: "P9999D" } }] }],
  ];
  return bodies.map(([method, path, body]) => ({ method, path, key: "admin", body: JSON.stringify(body) }));
});

/** Every documented call with an odd word in each place of its address, one at a time. */
function oddAddresses(paths: Record<string, Record<string, Operation>>): Shot[] {
  return Object.entries(paths).flatMap(([address, operations]) =>
    Object.entries(operations).flatMap(([method, { parameters = [] }]) =>
      oddWords.flatMap((word) => {
        const good = address.replace("{slug}", "parents").replace(/\{\w+\}/g, reference);
        const inPath = address.includes("{")
          ? [address.replace(/\{\w+\}/, word).replace(/\{\w+\}/g, "x")]
          : [];
        const inQuery = parameters
          .filter((one) => one.in === "query")
          .map(({ name }) => `${good}?${name}=${word}`);
        const body = method === "get" || method === "delete" ? {} : { body: "{}" };
        return [...inPath, ...inQuery].map((path) => ({
          method: method.toUpperCase(),
          path,
          key: "admin",
          ...body,
        }));
      }),
    ),
  );
}

describe("whatever is sent", () => {
  test("an odd word anywhere in the address of any documented call is refused or taken", async () => {
    const { paths } = (await world.call("GET", "/openapi.json", null)).body;
    const shots = [...oddAddresses(paths), ...farEnds];
    expect(shots.length).toBeGreaterThan(1_000);
    const wrong: string[] = [];
    await inParallel(shots, 8, async (one) => {
      const { status } = await fire(one);
      if (status >= 500) wrong.push(`${status} ${one.method} ${one.path} ${one.body ?? ""}`);
    });
    expect(wrong).toEqual([]);
  }, 60_000);

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
