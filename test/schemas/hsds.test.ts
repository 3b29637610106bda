import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import formats from "ajv-formats";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { World } from "../support/world.ts";
import { directoryWorld } from "../web/directory-support.ts";

/** The official schemas are data packages too: what is no JSON Schema in them is left aside. */
const ajv = new Ajv({ strict: false, allErrors: true });
formats.default(ajv);
const official = (name: string) =>
  ajv.compile(
    JSON.parse(
      readFileSync(new URL(`../../../shared/data/hsds-3/${name}.json`, import.meta.url), "utf8"),
      (key, value) => (key === "format" && value === "csv" ? undefined : value),
    ),
  );

let world: World;
let isService: ReturnType<typeof official>;
let isListed: ReturnType<typeof official>;
beforeAll(async () => {
  world = await directoryWorld();
  isService = official("service");
  isListed = official("service_list");
}, 120_000);
afterAll(() => world.close());

const get = async (path: string) => (await world.call("GET", path, null)).body;

describe("the directory as HSDS 3", () => {
  test("says what it follows", async () => {
    expect(await get("/hsds")).toMatchObject({
      version: "3.0",
      profile: expect.stringContaining("openreferraluk"),
    });
  });

  test("is a list of services that the official schema takes, page by page", async () => {
    const first = await get("/hsds/services?per_page=5");
    expect(first).toMatchObject({
      page_number: 1,
      size: 5,
      first_page: true,
      last_page: false,
      empty: false,
    });
    expect(first.total_pages).toBe(Math.ceil(first.total_items / 5));
    const ids = new Set<string>();
    for (let page = 1; page <= first.total_pages; page += 1) {
      for (const service of (await get(`/hsds/services?per_page=5&page=${page}`)).contents) {
        expect(isListed(service), JSON.stringify(isListed.errors)).toBe(true);
        ids.add(service.id);
      }
    }
    expect(ids.size).toBe(first.total_items);
    expect(await get("/hsds/services?page=99")).toMatchObject({ empty: true, contents: [] });
  });

  test("has every service whole, as the official schema takes it", async () => {
    const { contents } = await get("/hsds/services?per_page=100");
    for (const { id } of contents) {
      const service = await get(`/hsds/services/${id}`);
      expect(isService(service), JSON.stringify(isService.errors)).toBe(true);
    }
    const { contents: found } = await get("/hsds/services?search=invented%20example%20parents");
    expect(found).toHaveLength(1);
    const parents = await get(`/hsds/services/${found[0].id}`);
    expect(parents).toMatchObject({
      name: "Example parents' forum",
      status: "active",
      assured_date: "2026-11-01",
      organization: { name: "an invented group of parents" },
    });
    expect(
      parents.attributes.map((one: { taxonomy_term: { code: string } }) => one.taxonomy_term.code),
    ).toContain("parents");
    expect(parents.service_areas).toMatchObject([{ name: "United Kingdom" }]);
  });

  test("has a forum's clinics as schedules: by the rule where the standard can say it, else session by session", async () => {
    const admin = await world.keyFor("admin");
    world.clock.set(new Date("2026-12-01T10:00:00Z"));
    const start = { pool: "example-council-noise", forum: "example-quiet-streets", minutes: 60 };
    const plan = async (slug: string, change: object) => {
      const document = { ...start, title: slug, description: "Example.", ...change };
      const { status, body } = await world.call("PUT", `/v1/clinics/${slug}`, admin, { document });
      expect(status, JSON.stringify(body)).toBe(200);
    };
    const wednesdays = { startsAt: "2026-12-09T19:00", recurrence: "FREQ=MONTHLY;BYDAY=2WE;COUNT=6" };
    await plan("monthly", wednesdays);
    await plan("daily", { startsAt: "2027-03-20T19:30", recurrence: "FREQ=DAILY;UNTIL=20270403T235959Z" });
    await plan("broken", { ...wednesdays, except: ["2027-01-13"] });
    await plan("yearly", { startsAt: "2027-01-05T09:00", recurrence: "FREQ=YEARLY" });
    await plan("once", { startsAt: "2027-01-06T23:30" });
    await plan("gone", { startsAt: "2027-01-07T10:00" });
    await world.call("POST", "/v1/clinics/gone/cancel", admin, {});
    const { contents } = await get("/hsds/services?search=example%20quiet%20streets");
    const service = await get(`/hsds/services/${contents[0].id}`);
    expect(isService(service), JSON.stringify(isService.errors)).toBe(true);
    const told = service.schedules.map((one: Record<string, unknown>) =>
      [
        String(one.schedule_link).split("/").at(-1),
        one.dtstart,
        one.opens_at,
        one.closes_at,
        one.freq,
        one.interval,
        one.byday,
        one.count,
        one.until,
      ].join(" "),
    );
    expect(told).toEqual([
      "broken 2026-12-09 19:00+00:00 20:00+00:00     2026-12-09",
      "broken 2027-02-10 19:00+00:00 20:00+00:00     2027-02-10",
      "daily 2027-03-20 19:30 20:30 WEEKLY 1 MO,TU,WE,TH,FR,SA,SU  2027-04-04",
      "monthly 2026-12-09 19:00 20:00 MONTHLY 1 2WE 6 ",
      "once 2027-01-06 23:30+00:00 00:30+00:00     2027-01-06",
      "yearly 2027-01-05 09:00+00:00 10:00+00:00     2027-01-05",
    ]);
  });

  test("the schemas are not blind: without a name, or with null, a service is refused", async () => {
    const { contents } = await get("/hsds/services?per_page=1");
    const { name: _name, ...nameless } = contents[0];
    expect(isService(nameless)).toBe(false);
    expect(isService({ ...contents[0], email: null })).toBe(false);
    expect(isService({ ...contents[0], id: "example-parents" })).toBe(false);
  });

  test("knows no service that is not listed", async () => {
    const { status, body } = await world.call(
      "GET",
      "/hsds/services/00000000-0000-4000-8000-000000000000",
      null,
    );
    expect([status, body.code]).toEqual([404, "forum/not-found"]);
  });
});
