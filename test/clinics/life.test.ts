import ICAL from "ical.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createClinicNotice } from "../../src/clinics/index.ts";
import { exampleRegister } from "../support/example-register.ts";
import { createWorld, dayMs, hourMs, minuteMs, type World } from "../support/world.ts";
import { textOf, visit } from "../web/support.ts";

let world: World;
let lead: string;
let forum: string;
let amal: string;
let bea: string;

/** Thursdays at seven, across the change of the clocks of 25 October 2026. */
const document = (change: Record<string, unknown> = {}) => ({
  pool: "uc",
  forum: "parents",
  title: "Thursday evening; with commas, and <b>",
  description: "Ask about Universal Credit.\nNo single cases.",
  startsAt: "2026-10-15T19:00",
  minutes: 60,
  recurrence: "FREQ=WEEKLY;BYDAY=TH;COUNT=4",
  except: ["2026-11-05"],
  questionsDays: 3,
  thread: "https://parents.example/clinic",
  ...change,
});
const first = "2026-10-15T18:00:00.000Z";
const second = "2026-10-22T18:00:00.000Z";
const third = "2026-10-29T19:00:00.000Z";

beforeAll(async () => {
  const register = exampleRegister("");
  const people = [...register.people, { id: "eng.l", name: "Eng L.", roles: ["engagement:dwp"] }];
  world = await createWorld({ start: new Date("2026-10-05T09:00:00Z") });
  const { body } = await world.call("GET", "/v1/register", await world.keyFor("admin"));
  const forums = body.forums.map((one: { slug: string; intervention: object | null }) =>
    one.slug === "parents"
      ? {
          ...one,
          intervention: { model: "clinic", agreedOn: "2026-01-05", agreedWith: "forum" },
        }
      : one,
  );
  const applied = await world.apply({ people, forums });
  if (applied.status !== 200) throw new Error(JSON.stringify(applied.body));
  lead = await world.keyFor("person:eng.l");
  forum = await world.keyFor("forum:parents");
  amal = await world.keyFor("advisor:amal.h");
  bea = await world.keyFor("advisor:bea.k");
});
afterAll(() => world.close());

const plan = (change = {}, slug = "thursday") =>
  world.call("PUT", `/v1/clinics/${slug}`, lead, { document: document(change) });
const ask = (excerpt: string, id: string) =>
  world.call(
    "POST",
    "/v1/forums/parents/questions",
    forum,
    {
      clinic: "thursday",
      excerpt,
      url: "https://parents.example/1",
      moderator: "mod-1",
      consent: "member-agreed",
    },
    { "idempotency-key": id },
  );
const inSession = (session: string, verb: string, key: string, body: unknown = {}) =>
  world.call("POST", `/v1/clinics/thursday/sessions/${session}/${verb}`, key, body);
const queue = async (session: string, key = amal) =>
  (await world.call("GET", `/v1/clinics/thursday/sessions/${session}/questions`, key)).body.items;
const told = () => world.callbacks.filter(({ type }) => type.startsWith("clinic."));
const calendar = async (path: string) => {
  const { status, headers, html } = await visit(world, path);
  expect([status, headers.get("content-type")]).toEqual([
    200,
    "text/calendar; charset=utf-8; method=PUBLISH",
  ]);
  return new ICAL.Component(ICAL.parse(html));
};

describe("a clinic", () => {
  test("is planned by the department's lead, on a forum that agreed to clinics", async () => {
    expect((await plan()).status).toBe(200);
    const { body } = await world.call("GET", "/v1/clinics/thursday", null);
    expect(body.next.map(({ startsAt }: { startsAt: string }) => startsAt)).toEqual([first, second, third]);
    expect(body.sequence).toBe(0);
    const again = await plan();
    expect(again.body.sequence).toBe(0);
    const quiet = await plan({ forum: "quiet" }, "other");
    expect([quiet.status, quiet.body.code]).toEqual([403, "forum/no-intervention"]);
    expect((await plan({ pool: "jabs" }, "other")).status).toBe(403);
    expect((await plan({ startsAt: "2026-10-16T19:00" }, "other")).status).toBe(422);
    expect((await world.call("PUT", "/v1/clinics/other", amal, { document: document() })).status).toBe(403);
  });

  test("has a calendar that recurs at seven in the evening before and after the clocks change", async () => {
    const component = await calendar("/clinics/thursday.ics");
    const zones = component.getAllSubcomponents("vtimezone");
    expect(zones.length).toBe(1);
    const zone = new ICAL.Timezone(zones[0] ?? new ICAL.Component("vtimezone"));
    ICAL.TimezoneService.register(zone);
    const event = new ICAL.Event(component.getFirstSubcomponent("vevent") ?? new ICAL.Component("vevent"));
    expect([event.uid, event.sequence, event.summary]).toEqual([
      "thursday@127.0.0.1",
      0,
      "Thursday evening; with commas, and <b>",
    ]);
    const times: string[] = [];
    const iterator = event.iterator();
    for (let next = iterator.next(); next; next = iterator.next()) times.push(next.toJSDate().toISOString());
    expect(times).toEqual([first, second, third]);
    const { html } = await visit(world, "/clinics/thursday.ics");
    expect(html).toMatch(/DTSTAMP:\d{8}T\d{6}Z\r\n/);
    expect(html.split("\r\n").every((line) => Buffer.byteLength(line) <= 75)).toBe(true);
  });

  test("is announced to its forum when questions are taken, and reminded of a day before, once each", async () => {
    await world.pass(dayMs);
    expect(told()).toEqual([]);
    world.clock.set(new Date("2026-10-12T18:00:00Z"));
    await world.pass(0);
    await world.pass(minuteMs);
    expect(told().map(({ type, data }) => [type, data.clinic, data.startsAt])).toEqual([
      ["clinic.announced", "thursday", first],
    ]);
    expect(told()[0]?.data.text).toContain("Thursday 15 October at 19:00");
    world.clock.set(new Date("2026-10-14T18:30:00Z"));
    await world.pass(0);
    await world.pass(minuteMs);
    expect(told().map(({ type }) => type)).toEqual(["clinic.announced", "clinic.reminder"]);
  });

  test("gathers questions, masked; one that sounds like danger is a referral at once", async () => {
    const asked = await ask("Ring me on 07700 900123: when is the advance paid?", "q-1");
    expect([asked.status, asked.body.state, asked.body.session]).toEqual([201, "waiting", first]);
    expect((await ask("Ring me on 07700 900123: when is the advance paid?", "q-1")).body.id).toBe(
      asked.body.id,
    );
    await ask("What does my work coach want?", "q-2");
    await ask("Is the childcare paid in advance?", "q-3");
    const danger = await ask("I want to kill myself tonight.", "q-4");
    expect([danger.body.state, (await world.show(danger.body.reference)).state]).toEqual([
      "referred",
      "diverted",
    ]);
    const items = await queue(first);
    expect(items.map(({ state }: { state: string }) => state)).toEqual(["waiting", "waiting", "waiting"]);
    expect(JSON.stringify(items)).not.toContain("900123");
    expect(
      (
        await world.call(
          "GET",
          `/v1/clinics/thursday/sessions/${first}/questions`,
          await world.keyFor("advisor:jo.v"),
        )
      ).status,
    ).toBe(403);
    const elsewhere = await world.call("POST", "/v1/forums/young/questions", forum, {});
    expect(elsewhere.status).toBe(403);
  });

  test("has a live queue in which two who take one question have one winner", async () => {
    const [one, two] = await queue(first);
    const take = (id: string, key: string, step = "take") =>
      world.call("POST", `/v1/clinics/thursday/questions/${id}/${step}`, key, {});
    expect((await take(one.id, amal)).status).toBe(409);
    expect((await inSession(first, "open", amal)).status).toBe(409);
    world.clock.set(new Date("2026-10-15T17:45:00Z"));
    expect((await inSession(first, "open", amal)).body.state).toBe("open");
    const race = await Promise.all([take(one.id, amal), take(one.id, bea)]);
    expect(race.map(({ status }) => status).sort()).toEqual([200, 409]);
    const winner = race[0]?.status === 200 ? amal : bea;
    expect((await take(one.id, winner === amal ? bea : amal, "answer")).status).toBe(409);
    expect((await take(one.id, winner, "answer")).body.state).toBe("answered");
    await take(two.id, bea);
    expect((await take(two.id, bea, "put-back")).body.state).toBe("waiting");
    expect(textOf((await visit(world, "/clinics")).html)).toContain("Open now");
  });

  test("passes on what is left over as referrals, forgets the texts, and publishes its summary", async () => {
    world.clock.set(new Date("2026-10-15T19:05:00Z"));
    const done = await inSession(first, "finish", amal, { summary: "Advances are paid within three days." });
    expect([done.status, done.body.answered, done.body.leftOver]).toEqual([200, 1, 2]);
    const items = await queue(first);
    expect(items.map(({ state }: { state: string }) => state)).toEqual(["answered", "referred", "referred"]);
    expect(items.every(({ question }: { question: unknown }) => question === null)).toBe(true);
    const referrals = (await world.call("GET", "/v1/referrals?pool=uc", amal)).body.items;
    expect(referrals.length).toBe(2);
    expect(referrals[0].routing.because).toContain("Universal Credit");
    const stored = await world.db.prisma.referral.findMany({ select: { routing: true } });
    expect(stored.map(({ routing }) => (routing as { inputs: { clinic: string } }).inputs.clinic)).toEqual([
      "thursday",
      "thursday",
      "thursday",
    ]);
    expect((await world.refer("parents")).body.code).toBe("forum/no-intervention");
    const page = textOf((await visit(world, "/clinics/thursday")).html);
    expect(page).toContain("Questions answered in the session: 1. Passed on to be answered later: 2.");
    expect(page).toContain("Advances are paid within three days.");
    expect((await inSession(first, "open", amal)).status).toBe(409);
  });

  test("changed or cancelled, it keeps its UID, counts up its SEQUENCE, and the forum hears of the last of it", async () => {
    world.clock.set(new Date("2026-10-20T09:00:00Z"));
    await world.pass(0);
    await ask("Will there be a clinic at all?", "q-9");
    await plan({ minutes: 90 });
    await world.call("POST", "/v1/clinics/thursday/cancel", lead, { session: second });
    await world.pass(minuteMs);
    expect(
      told()
        .map(({ type }) => type)
        .slice(2),
    ).toEqual(["clinic.announced", "clinic.cancelled"]);
    const component = await calendar("/clinics/thursday.ics");
    const events = component.getAllSubcomponents("vevent").map((one) => new ICAL.Event(one));
    expect(events.map(({ uid, sequence }) => [uid, sequence])).toEqual([
      ["thursday@127.0.0.1", 2],
      ["thursday@127.0.0.1", 2],
    ]);
    const exception = events.find(({ recurrenceId }) => recurrenceId);
    expect(exception?.recurrenceId?.toJSDate().toISOString()).toBe(second);
    expect(exception?.component.getFirstPropertyValue("status")).toBe("CANCELLED");
    expect((await queue(second))[0].state).toBe("referred");
    await world.call("POST", "/v1/clinics/thursday/cancel", lead, {});
    const all = await calendar("/departments/dwp/clinics.ics");
    const [main] = all.getAllSubcomponents("vevent");
    expect([main?.getFirstPropertyValue("status"), main?.getFirstPropertyValue("sequence")]).toEqual([
      "CANCELLED",
      3,
    ]);
    expect((await plan()).status).toBe(409);
    expect((await visit(world, "/departments/nowhere/clinics.ics")).status).toBe(404);
    expect((await visit(world, "/clinics/nowhere.ics")).status).toBe(404);
  });

  test("one that nobody finishes ends by itself a day later, and one that nobody opens was not held", async () => {
    world.clock.set(new Date("2026-11-02T10:00:00Z"));
    const later = {
      startsAt: "2026-11-03T12:00",
      recurrence: "FREQ=DAILY;COUNT=2",
      except: [],
      questionsDays: 5,
    };
    await plan(later, "noon");
    const askNoon = (excerpt: string, id: string) =>
      world.call(
        "POST",
        "/v1/forums/parents/questions",
        forum,
        {
          clinic: "noon",
          excerpt,
          url: "https://parents.example/2",
          moderator: "mod-1",
          consent: "member-agreed",
        },
        { "idempotency-key": id },
      );
    const { body } = await askNoon("When is Universal Credit paid?", "n-1");
    world.clock.set(new Date("2026-11-03T12:01:00Z"));
    await world.call("POST", "/v1/clinics/noon/sessions/2026-11-03T12:00:00Z/open", amal, {});
    world.clock.set(new Date("2026-11-04T11:00:00Z"));
    await askNoon("And how much is it?", "n-2");
    world.clock.set(new Date("2026-11-05T14:00:00Z"));
    await world.pass(hourMs);
    const { past, next } = (await world.call("GET", "/v1/clinics/noon", null)).body;
    // Nobody published what came of it, so that its numbers are with those who work on it only.
    expect(past).toMatchObject([
      { startsAt: "2026-11-03T12:00:00.000Z", state: "finished", answered: null, leftOver: null },
    ]);
    const list = (await world.call("GET", "/v1/clinics", null)).body.items;
    expect(list.find(({ slug }: { slug: string }) => slug === "noon").past).toEqual(past);
    const page = textOf((await visit(world, "/clinics/noon")).html);
    expect(page).toContain("No summary was published.");
    expect(page).not.toContain("Questions answered in the session");
    const { showWholeClinic } = await import("../../src/clinics/index.ts");
    const whole = await showWholeClinic(world.instance.deps, "noon");
    expect(whole.past.map(({ leftOver }) => leftOver)).toEqual([1]);
    expect(next).toEqual([]);
    expect(body.session).toBe("2026-11-03T12:00:00.000Z");
    const counts = await import("../../src/clinics/index.ts").then(({ sessionsHeld }) =>
      sessionsHeld(world.instance.deps, { department: "dwp", from: "2026-11-03", to: "2026-11-04" }),
    );
    expect(counts).toEqual({ planned: 2, held: 1 });
  });

  test("counts for the day that the clocks of London show: half past midnight in summer is the day that begins", async () => {
    await plan({ startsAt: "2027-07-02T00:30", recurrence: null, except: [] }, "owls");
    const { sessionsHeld } = await import("../../src/clinics/index.ts");
    const on = (day: string) => sessionsHeld(world.instance.deps, { department: "dwp", from: day, to: day });
    expect([(await on("2027-07-01")).planned, (await on("2027-07-02")).planned]).toEqual([0, 1]);
  });

  test("gives whoever asked a page of their own: it says how it stands, and a question taken back is forgotten", async () => {
    world.clock.set(new Date("2026-11-10T10:00:00Z"));
    const once = { startsAt: "2026-11-12T12:00", recurrence: null, except: [] };
    await plan(once, "mine");
    const put = (excerpt: string, id: string, member?: string) =>
      world.call(
        "POST",
        "/v1/forums/parents/questions",
        forum,
        {
          clinic: "mine",
          excerpt,
          url: "https://parents.example/3",
          moderator: "mod-1",
          consent: "member-agreed",
          ...(member === undefined ? {} : { member }),
        },
        { "idempotency-key": id },
      );
    const { body: asked } = await put("May I work part-time?", "m-1");
    const path = new URL(asked.link).pathname;
    const page = await visit(world, path);
    expect([page.status, page.headers.get("cache-control"), page.headers.get("x-robots-tag")]).toEqual([
      200,
      "no-store",
      "noindex, nofollow",
    ]);
    expect(textOf(page.html)).toContain("May I work part-time?");
    const back = `/v1/forums/parents/questions/${asked.id}/withdraw`;
    const strange = await world.call("POST", back.replace("parents", "young"), forum, {});
    expect(strange.status).toBe(403);
    expect((await world.call("POST", back, forum, {})).body).toEqual({ id: asked.id, state: "withdrawn" });
    expect((await world.call("POST", back, forum, {})).status).toBe(200);
    expect(textOf((await visit(world, path)).html)).not.toContain("part-time");
    const { body: second } = await put("And at the weekend?", "m-2", "wren");
    const own = new URL(second.link).pathname;
    expect((await visit(world, own, { do: "withdraw" })).status).toBe(303);
    expect(textOf((await visit(world, own)).html)).toContain("You took this question back");
    await put("And in the evening?", "m-3", "wren");
    await put("And at night?", "m-4", "finch");
    const { forgetMemberQuestions } = await import("../../src/clinics/index.ts");
    const { deps } = world.instance;
    const admin = { kind: "admin", keyId: "k" } as const;
    expect(await forgetMemberQuestions(deps, { forum: "parents", member: "wren" }, admin)).toBe(1);
    const states = await world.db.prisma.clinicQuestion.findMany({
      where: { clinicSlug: "mine" },
      select: { state: true, content: true },
    });
    expect(states.map(({ state, content }) => `${state} ${content === null}`).sort()).toEqual([
      "waiting false",
      "withdrawn true",
      "withdrawn true",
      "withdrawn true",
    ]);
    expect((await visit(world, "/q/nobody")).status).toBe(404);
  });

  test("keeps no question longer than texts are kept, whatever hinders it", async () => {
    const where = { clinicSlug: "mine", state: "waiting" };
    const askedAt = new Date("2024-01-01T00:00:00Z");
    expect((await world.db.prisma.clinicQuestion.updateMany({ where, data: { askedAt } })).count).toBe(1);
    await world.pass(minuteMs);
    const kept = await world.db.prisma.clinicQuestion.count({
      where: { clinicSlug: "mine", content: { not: null } },
    });
    expect(kept).toBe(0);
  });

  test("that is moved is on in its calendar, and moved back its session is on again; one cancelled by itself stays so", async () => {
    world.clock.set(new Date("2026-11-10T10:00:00Z"));
    const once = { startsAt: "2026-11-12T12:00", recurrence: null, except: [] };
    const standing = async () => {
      const [event] = (await calendar("/clinics/moved.ics")).getAllSubcomponents("vevent");
      const { body } = await world.call("GET", "/v1/clinics/moved", null);
      const next = body.next.filter(({ state }: { state: string }) => state === "planned");
      const days = next.map(({ startsAt }: { startsAt: string }) => startsAt.slice(0, 10));
      return [event?.getFirstPropertyValue("status"), ...days];
    };
    await plan(once, "moved");
    await world.pass(minuteMs);
    await plan({ ...once, startsAt: "2026-11-13T12:00" }, "moved");
    await world.pass(minuteMs);
    expect(await standing()).toEqual(["CONFIRMED", "2026-11-13"]);
    await plan(once, "moved");
    expect(await standing()).toEqual(["CONFIRMED", "2026-11-12"]);
    await world.call("POST", "/v1/clinics/moved/cancel", lead, { session: "2026-11-12T12:00:00.000Z" });
    await plan({ ...once, startsAt: "2026-11-13T12:00" }, "moved");
    await plan(once, "moved");
    expect(await standing()).toEqual(["CANCELLED"]);
  });

  test("says nothing of a session that is over, but that it was cancelled", async () => {
    world.clock.set(new Date("2026-11-10T10:00:00Z"));
    await plan({ startsAt: "2026-11-12T12:00", recurrence: null, except: [] }, "late");
    const { deps } = world.instance;
    const notice = createClinicNotice(deps);
    const say = async (news: string) =>
      notice(
        deps.db,
        { data: { clinic: "late", news, startsAt: "2026-11-12T12:00:00.000Z" }, sequence: 1 },
        await deps.register(deps.db),
      );
    expect((await say("reminder"))?.data.news).toBe("reminder");
    world.clock.set(new Date("2026-11-12T13:00:00Z"));
    expect([await say("announced"), await say("reminder")]).toEqual([null, null]);
    expect((await say("cancelled"))?.data.news).toBe("cancelled");
  });

  test("leaves with its forum, and no text of a question stays", async () => {
    world.clock.set(new Date("2026-11-10T10:00:00Z"));
    await plan({ startsAt: "2026-11-12T12:00", recurrence: null, except: [] }, "last");
    const asked = await world.call(
      "POST",
      "/v1/forums/parents/questions",
      forum,
      {
        clinic: "last",
        excerpt: "What becomes of this?",
        url: "https://parents.example/4",
        moderator: "mod-1",
        consent: "member-agreed",
      },
      { "idempotency-key": "l-1" },
    );
    expect(asked.body.state).toBe("waiting");
    await world.call("POST", "/v1/forums/parents/leave", await world.keyFor("operator:parents"), {});
    await world.pass(minuteMs);
    expect((await world.call("GET", "/v1/clinics/last", null)).body.cancelled).toBe(true);
    // Nobody did it by hand, and the audit does not say so.
    const by = await world.db.prisma.event.findMany({
      where: { type: "clinic.cancelled", data: { path: ["clinic"], equals: "last" } },
      select: { actorRole: true, actorId: true },
    });
    expect(by).toEqual([{ actorRole: "timer", actorId: null }]);
    const [session] = await world.db.prisma.clinicSession.findMany({ where: { clinicSlug: "last" } });
    expect([session?.state, session?.leftOver]).toEqual(["cancelled", 0]);
    const kept = await world.db.prisma.clinicQuestion.count({ where: { content: { not: null } } });
    expect(kept).toBe(0);
  });
});

test("what goes out as CSV comes back the same", async () => {
  const { clinicsFromCsv, clinicsToCsv, ClinicFile, exportClinics } = await import(
    "../../src/clinics/index.ts"
  );
  await world.call("GET", "/v1/clinics", null);
  const file = ClinicFile.parse({ clinics: [{ slug: "a", document: document({ title: "=1+1" }) }] });
  const csv = clinicsToCsv(file);
  expect(csv).toContain("'=1+1");
  expect(ClinicFile.parse(clinicsFromCsv(csv))).toEqual(file);
  expect((await exportClinics(world.instance.deps)).clinics).toEqual([]);
});
