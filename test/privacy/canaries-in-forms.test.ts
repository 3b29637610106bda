import { afterAll, beforeAll, expect, test } from "vitest";
import { QuestionBody } from "../../src/contract/bodies.ts";
import { eraseReferral, purgeDue } from "../../src/referrals/index.ts";
import { dayMs, type World } from "../support/world.ts";
import { filled, formsIn, type ServedForm } from "../web/served-forms.ts";
import { visit } from "../web/support.ts";
import { crawledSite, type Reached, routeOf, type WholeSite } from "../web/whole-site.ts";
import { createCanaries, dump } from "./canary.ts";

/**
 * A made-up piece of personal data in every text field of every form that any page serves, and in every text of a question
 * to a clinic: the forms are found by following links, so that one that is added later is filled in too.
 */
const { sources, put, sourcesIn } = createCanaries();
let site: WholeSite;
let world: World;
let routes: string[];
let exported: string;
let before: string;
let after: string;
const taken = new Set<string>();
const refusals: string[] = [];

/** What a field may hold, by its name, with a piece of personal data in it. */
function textFor(name: string, source: string): string {
  const piece = put(source);
  if (/^(url|address|source|callbackUrl|thread)$/.test(name)) return `https://elsewhere.example/${piece}`;
  if (/email/i.test(name)) return `${piece}@dept.gov.uk`;
  return `Five plain words come first: ${piece}`;
}

let addresses = 0;
/** Sends a form, from an address of its own, so that no limit for one of them stands in the way. */
async function send(form: ServedForm, values: Record<string, string>, page: Reached): Promise<number> {
  addresses += 1;
  const headers = {
    ...(page.path.startsWith("/sign-in") ? {} : { cookie: site.cookie }),
    "x-forwarded-for": `203.0.113.${addresses}`,
  };
  const { status } =
    form.method === "post"
      ? await visit(world, form.action, values, headers)
      : await visit(world, `${form.action}?${new URLSearchParams(values)}`, undefined, headers);
  return status;
}

async function fillIn(pages: readonly Reached[]): Promise<void> {
  const seen = new Set<string>();
  for (const page of pages) {
    for (const form of page.forms) {
      const names = form.fields
        .filter(({ kind, name }) => kind === "text" && name !== "surname")
        .map(({ name }) => name);
      const key = `${form.method} ${routeOf(routes, form.method, form.action) ?? form.action}`;
      if (names.length === 0 || seen.has(`${key} ${names}`)) continue;
      seen.add(`${key} ${names}`);
      const values = Object.fromEntries(names.map((name) => [name, textFor(name, `${key} ${name}`)]));
      const status = await send(form, filled(form, values), page);
      expect([key, status < 500]).toEqual([key, true]);
      if (status < 400) taken.add(key);
    }
  }
}

/** A reply is looked at before it is sent, so that its text goes through two forms. */
async function replyAtTheDesk(): Promise<void> {
  const path = `/desk/${site.referrals.claimed}/reply`;
  const open = async (values?: Record<string, string>) => {
    const { html, status } = await visit(world, path, values, { cookie: site.cookie });
    return { status, form: formsIn(html).find(({ action }) => action === path) };
  };
  const written = await open();
  if (!written.form) throw new Error("Nobody can reply at the desk.");
  const shown = await open(filled(written.form, { text: textFor("text", "post /desk/:ref/reply text") }));
  if (!shown.form) throw new Error("A reply is not shown before it is sent.");
  const send = shown.form.buttons.find(({ value }) => value === "send");
  if ((await open(filled(shown.form, {}, send))).status === 303) taken.add("post /desk/:ref/reply");
}

/** Every text of a question, with the names that its schema has, by a forum's key and signed. */
async function ask(clinic: string): Promise<void> {
  const strings = new Set([
    "title",
    "excerpt",
    "url",
    "externalId",
    "member",
    "moderator",
    "area",
    "board",
    "note",
    "topic",
  ]);
  const closed = ["clinic", "consent", "concern", "language", "nation", "urgency"];
  expect(Object.keys(QuestionBody.shape).sort()).toEqual([...strings, "audience", ...closed].sort());
  const body = Object.fromEntries([...strings].map((name) => [name, textFor(name, `question ${name}`)]));
  const question = { ...body, audience: [put("question audience")], consent: "member-agreed", clinic };
  const forum = "example-quiet-streets";
  const key = await world.keyFor(`forum:${forum}`);
  const once = { "idempotency-key": put("question idempotency-key") };
  const path = `/v1/forums/${forum}/questions`;
  const asked = await world.call("POST", path, key, question, once);
  expect([asked.status, asked.body]).toEqual([201, expect.anything()]);
  for (const wrong of [
    { ...question, consent: put("question consent") },
    { ...question, clinic: put("question clinic") },
    { ...question, url: put("question url") },
  ]) {
    const { status, body: refused } = await world.call("POST", path, key, wrong);
    expect(status).toBeGreaterThanOrEqual(400);
    refusals.push(JSON.stringify(refused));
  }
}

/** Everything that anybody may take away: the tables, the directory, its changes, the record. */
async function everythingPublic(): Promise<string> {
  const catalogue = await world.call("GET", "/data.json", null);
  const files = catalogue.body.dataset.flatMap(
    (one: { distribution: { downloadURL?: string; accessURL?: string }[] }) =>
      one.distribution.map((file) => file.downloadURL ?? file.accessURL ?? ""),
  );
  const paths = files.map((address: string) => new URL(address).pathname);
  const more = ["/forums/changes.atom", "/forums/changes.json", "/v1/clinics", "/v1/plans", "/v1/progress"];
  const answers = await Promise.all([...paths, ...more].map((path) => visit(world, path)));
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  return answers.map(({ html }) => html).join("\n");
}

/** Ends everything that was begun: proposals are decided, questions and referrals erased. */
async function endEverything(): Promise<void> {
  const { db } = world.instance.deps;
  const publisher = await world.keyFor("person:sol.v");
  for (const { reference } of await db.proposal.findMany({ where: { state: "waiting" } })) {
    const path = `/v1/proposals/${reference}/decision`;
    const { status } = await world.call("POST", path, publisher, { outcome: "discarded" });
    expect(status).toBe(200);
  }
  await world.call("POST", "/v1/forums/example-quiet-streets/leave", await world.keyFor("admin"), {});
  await world.settle();
  for (const { reference } of await db.referral.findMany())
    await eraseReferral(world.instance.deps, reference, "requested", { kind: "admin", keyId: "test" });
  await world.settle();
  for (let days = 0; days < 9; days += 1) await world.pass(dayMs);
  await purgeDue(world.instance.deps);
}

beforeAll(async () => {
  const crawled = await crawledSite({ env: { TRUST_PROXY: "127.0.0.1" } });
  ({ site, routes } = crawled);
  world = site.world;
  await ask("example-noise-again");
  // A question comes before the reply: beside one that is on its way it is refused.
  const asksAtTheDesk = ({ action }: ServedForm) => action === `/desk/${site.referrals.claimed}/ask`;
  await fillIn(crawled.pages.map((page) => ({ ...page, forms: page.forms.filter(asksAtTheDesk) })));
  await replyAtTheDesk();
  // What ends a session or a plan comes last.
  const isOffice = ({ path }: Reached) => /^\/(engagement|admin|operator)/.test(path);
  await fillIn([...crawled.pages.filter((page) => !isOffice(page)), ...crawled.pages.filter(isOffice)]);
  await world.settle();
  before = await dump(world.db);
  exported = await everythingPublic();
  await endEverything();
  after = await dump(world.db);
}, 300_000);
afterAll(() => world.close());

test("every kind of place was reached, and what was typed there was taken", () => {
  expect([...taken]).toEqual(
    expect.arrayContaining([
      "get /forums",
      "get /desk",
      "post /clinics/:slug/ask",
      "post /propose",
      "post /forums/:slug/correct",
      "post /m/:token",
      "post /sign-in",
      "post /operator/:slug/check",
      "post /desk/:ref/note",
      "post /desk/:ref/ask",
      "post /desk/:ref/reply",
      "post /desk/:ref/correct",
      "post /desk/:ref/divert",
      "post /desk/:ref/review",
    ]),
  );
});

test("none is in the log, in the metrics, or in a refusal of a question", async () => {
  const { body: metrics } = await world.call("GET", "/metrics", null);
  expect([world.log.length > 0, /# TYPE/.test(metrics), refusals.length]).toEqual([true, true, 3]);
  for (const text of [...world.log, metrics, ...refusals]) expect(sourcesIn(text)).toEqual([]);
});

/** What officials write for everybody to read. */
const published = ["finish summary"].map((field) => `post /engagement/clinics/:slug/${field}`);
const record = ["post /engagement/:slug/decide did", "post /engagement/:slug/withdraw because"];

test("nothing that anybody can take away holds one, but for what is written to be published", () => {
  expect(exported.length).toBeGreaterThan(10_000);
  expect(sourcesIn(exported)).toEqual(published);
});

test("while texts are kept, only what is published and what is said about forums stands readable", () => {
  const aboutForums = [
    ...["about", "address", "name"].map((field) => `post /propose ${field}`),
    ...["says", "source"].map((field) => `post /forums/:slug/correct ${field}`),
  ];
  expect(sourcesIn(before)).toEqual([...published, ...record, ...aboutForums, "question externalId"].sort());
});

test("when everything has ended, only what was published is left", () => {
  expect(sourcesIn(after)).toEqual([...published, ...record].sort());
});

test("the search would find one that a form left behind", async () => {
  const row = { type: "mutant", at: world.clock.now(), actorRole: "register", data: { text: "Canary0q" } };
  await world.db.prisma.event.create({ data: row });
  expect(sourcesIn(await dump(world.db))).toContain(sources[0]);
});
