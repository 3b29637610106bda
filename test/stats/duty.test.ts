import { afterAll, beforeAll, expect, test } from "vitest";
import { renderCard } from "../../adapters/slack/render.ts";
import { createCore } from "../../src/core.ts";
import { checkRegister } from "../../src/doctor/register.ts";
import { onDuty } from "../../src/referrals/on-duty.ts";
import type { StatsRow } from "../../src/stats/index.ts";
import { exampleRegister } from "../support/example-register.ts";
import { createWorld, type World } from "../support/world.ts";
import { signIn } from "../web/session.ts";
import { textOf } from "../web/support.ts";

let world: World;
beforeAll(async () => {
  const register = exampleRegister("http://127.0.0.1:9");
  const rota = [{ from: "2026-06-15", to: "2026-06-16", advisors: ["amal.h"] }];
  const pools = register.pools.map((pool) => (pool.slug === "uc" ? { ...pool, rota } : pool));
  const forums = register.forums.map((forum) =>
    forum.slug === "parents"
      ? {
          ...forum,
          intervention: { models: ["referral", "direct"], agreedOn: "2026-01-01", agreedWith: "forum" },
        }
      : forum,
  );
  const both = { id: "bo.th", name: "Bo Th", roles: ["operator:parents", "engagement:health"] };
  const people = [...register.people, both];
  world = await createWorld({ register: { ...register, pools, forums, people } });
});
afterAll(() => world.close());

async function rows(query: string, who = "admin"): Promise<StatsRow[]> {
  return (await world.call("GET", `/v1/stats?from=2026-06-01&${query}`, await world.keyFor(who))).body.rows;
}

test("a pool's row says what is open for each advisor, and how long nobody was on duty; no other row and no forum does", async () => {
  await world.refer("parents");
  const [pool] = (await rows("to=2026-06-21&by=pool")).filter((row) => row.pool === "uc");
  expect(pool?.load).toMatchObject({ openPerAdvisor: expect.any(Number) });
  // Three weeks of five days of eight hours, two of which somebody was on duty.
  expect(pool?.cover).toEqual({ serviceHours: 120, uncoveredHours: 104 });
  for (const query of ["by=forum", "by=pool,month", ""])
    for (const row of await rows(query)) expect([row.load, row.cover]).toEqual([null, null]);
  for (const row of await rows("by=pool", "forum:parents")) expect(row.load).toBeNull();
});

test("who sees a pool only as a forum's operator is not told how many work there", async () => {
  await world.refer("parents", { topic: "vaccination" });
  const found = await rows("by=pool", "person:bo.th");
  const told = found.map(({ pool, load, cover }) => [pool, load !== null, cover !== null]);
  expect(told).toContainEqual(["jabs", true, true]);
  expect(told).toContainEqual(["uc", false, false]);
});

test("direct replies are counted by themselves, as no referral", async () => {
  const key = await world.keyFor("advisor:amal.h");
  for (const n of [1, 2]) {
    const body = { url: `https://parents.example/direct/${n}`, text: "Here is what to do.", pool: "uc" };
    expect((await world.call("POST", "/v1/forums/parents/direct-replies", key, body)).status).toBeLessThan(
      300,
    );
  }
  const month = world.clock.now().toISOString().slice(0, 7);
  for (const by of ["forum", "pool", "department", "month", "language"]) {
    const found = (await rows(`by=${by}`)).filter(({ directReplies }) => directReplies !== 0);
    expect(found.map((row) => row.directReplies)).toEqual([2]);
    if (by === "month") expect(found[0]?.month).toBe(month);
  }
  expect((await rows("by=topic")).every(({ directReplies }) => directReplies === null)).toBe(true);
  const [all] = await rows("");
  expect([all?.received, all?.directReplies]).toEqual([2, 2]);
  const [others] = await rows("", "forum:carers").catch(() => []);
  expect(others?.directReplies ?? 0).toBe(0);
});

test("who is on duty stands on the pool's card with the day, on the desk's queue, and what is missing in doctor", async () => {
  const { deps } = world.instance;
  const register = await deps.register(deps.db);
  const at = (day: string) => new Date(`${day}T10:00:00Z`);
  const first = onDuty(register, "uc", at("2026-06-15")).onDuty;
  expect([first?.day, first?.advisors.map(({ id }) => id)]).toEqual(["2026-06-15", ["amal.h"]]);
  expect(onDuty(register, "uc", at("2026-06-17")).onDuty).toEqual({ day: "2026-06-17", advisors: [] });
  // In summer the pool's day begins an hour before that of UTC.
  expect(onDuty(register, "uc", new Date("2026-06-15T23:30:00Z")).onDuty?.day).toBe("2026-06-16");
  expect(onDuty(register, "jabs", at("2026-06-15"))).toEqual({});
  const today = world.clock.now().toISOString().slice(0, 10);
  const expected = today === "2026-06-15" || today === "2026-06-16" ? ["amal.h"] : [];
  const duty = await createCore(deps, null).dutyOf("amal.h");
  expect(duty.map(({ onDuty: names }) => names)).toEqual([expected]);
  const amal = await signIn(world, "advisor:amal.h");
  const queue = textOf((await amal.get("/desk")).html);
  expect(queue).toMatch(expected.length > 0 ? /On duty today in .*: amal\.h/ : /On duty today in .*: nobody/);
  const findings = (await checkRegister(deps)).filter(({ name }) => name === "rotas");
  expect(JSON.stringify(findings)).toContain("uc from 2026-06-");
  const card = {
    reference: "FP-1",
    externalId: null,
    post: null,
    state: "offered",
    sequence: 1,
    memberLink: "",
    language: "en",
    title: null,
    excerpt: null,
    forum: { slug: "parents", name: "Parents" },
    pool: { slug: "uc", name: "UC" },
    topic: null,
    urgency: "normal",
    because: "The rule.",
    masked: [],
    doors: [],
    clock: null,
    dueAt: null,
    owner: null,
    claimedAt: null,
    event: "referral.offered",
    hidden: false,
    verbs: ["claim"],
  };
  const shown = (names: string[]) => {
    const advisors = names.map((id) => ({ id, slackUserId: null }));
    const { blocks } = renderCard({ ...card, onDuty: { day: "2026-12-04", advisors } });
    const texts = [...JSON.stringify(blocks).matchAll(/"text":"([^"]*)"/g)].map(([, text]) => text);
    const [, after = ""] = texts.join("").split("\\nOn duty on 4 December: ");
    return after.split("ClaimNot us")[0]?.replace(/Claim.*/, "");
  };
  expect(shown(["amal.h", "bea.k"])).toBe("amal.h, bea.k");
  expect(shown([])).toBe("nobody");
  expect(JSON.stringify(renderCard(card).blocks)).not.toContain("On duty");
});
