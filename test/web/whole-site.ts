import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { createInbound } from "../../adapters/desk/inbound.ts";
import { issueSignInLink } from "../../src/access/index.ts";
import type { AppDeps } from "../../src/app.ts";
import type { CoreApi } from "../../src/contract/core-api.ts";
import { listingLink } from "../../src/forums/index.ts";
import { rooms } from "../../src/rooms.ts";
import { webTools } from "../../src/web/tools.ts";
import { testApp } from "../http/support.ts";
import { samplePlan } from "../plans/sample-plan.ts";
import { createWorld, type World } from "../support/world.ts";
import { sample } from "./directory-support.ts";
import { filled, formsIn, type ServedForm } from "./served-forms.ts";
import { signIn } from "./session.ts";
import { answered, type Page, tokenOf, visit } from "./support.ts";

const quietStreets = "example-quiet-streets";
const session = "2027-12-08T19:00:00.000Z";
const views = fileURLToPath(new URL("../../src/web/views/", import.meta.url));
const record = parse(readFileSync(new URL("../../examples/record.yaml", import.meta.url), "utf8"), {
  merge: true,
});

/** Everything that one person can be, so that one session sees every page. */
const everybody = [
  ...["admin", "advisor:amal.h", "advisor:lee.d", "advisor:kit.w", "person:sam.t", "person:safe.one"],
  ...["person:cleo.c", "person:sol.v", "operator:parents", "operator:young", "operator:quiet"],
];

/** A world in which every page has something to show, and the cookie of somebody who may see them all. */
export interface WholeSite {
  world: World;
  cookie: string;
  /** Where to begin: pages to which no link leads, and one of each that has many. */
  starts: string[];
  /** Referrals by what they wait for. */
  referrals: Readonly<Record<Waiting, string>>;
}
type Waiting =
  | ("offered" | "claimed" | "replied" | "asked" | "triage" | "diverted")
  | ("pressing" | "clearance" | "approved");

async function createWholeSite(options: Parameters<typeof createWorld>[0] = {}): Promise<WholeSite> {
  const world = await createWorld({ start: new Date("2027-12-06T10:00:00Z"), ...options });
  // Without the sample's advisors and people: some have the names of those of every test.
  const { departments, topics, pools } = sample;
  const forums = sample.forums.map(({ callbackUrl: _none, ...one }) => one);
  const people = [{ id: "sol.v", name: "Sol V.", roles: ["publisher"] }];
  await ok(world.apply({ departments, topics, pools, forums, people }));
  await consult(world, "hmrc", "2027-12-07");
  world.clock.set(new Date("2027-12-08T18:15:00Z"));
  const referrals = await refer(world);
  const unanswered = await world.refer("parents", { consent: "ask-member" });
  const { code, token } = await answered(world, "It is paid on Friday.\n\nRing if it is not.");
  const question = await keepRecord(world);
  await park(world);
  const { reference: waiting } = await propose(world);
  const { cookie } = await signIn(world, ...everybody);
  const { deps } = world.instance;
  const link = await deps.transaction((tx) => issueSignInLink(deps, tx, { scopes: ["advisor:bea.k"] }));
  const member = (reference: string) => `/m/${tokenOf(world, reference)}`;
  const starts = [
    ...["/", "/sign-in", "/security", "/desk", "/admin", "/dashboard", "/engagement", "/desk/guidance"],
    ...["/operator?forum=quiet", "/operator?forum=parents", "/operator?forum=example-student-corner"],
    ...["nhs", "dvla", "hmrc", "council"].map((department) => `/engagement/${department}`),
    ...["example-noise-evening", "example-noise-again"].map((slug) => `/engagement/clinics/${slug}`),
    new URL(link.url).pathname,
    question,
    ...["/propose?address=new.example", `/propose/${waiting}`, `/admin/proposals/${waiting}`],
    new URL(listingLink(deps, "example-night-owls")).pathname,
    ...[`/verify/${code}`, `/m/${token}`, member(referrals.asked), member(unanswered.body.reference)],
    `/desk/${referrals.approved}/reply`,
    ...Object.values(referrals).map((reference) => `/desk/${reference}`),
  ];
  return { world, cookie, starts, referrals };
}

async function ok(
  answer: Promise<{ status: number; body: unknown }>,
): Promise<{ body: Record<string, string> }> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
  return { body: body as Record<string, string> };
}

const plan = samplePlan({
  forums: [{ forum: quietStreets, why: "Questions come from there.", intervention: "referral" }],
});

async function consult(world: World, department: string, closes: string): Promise<void> {
  const admin = await world.keyFor("admin");
  await ok(world.call("POST", `/v1/plans/${department}/draft`, admin, { document: plan }));
  const body = { closes, invited: [quietStreets] };
  await ok(world.call("POST", `/v1/plans/${department}/1/consult`, admin, body));
}

/**
 * The sample's plans and clinics, and beside them a draft, a consultation and a session under way. Gives the page of
 * whoever asked the last question.
 */
async function keepRecord(world: World): Promise<string> {
  const admin = await world.keyFor("admin");
  const send = (method: string, to: string, body: unknown, key = admin, headers = {}) =>
    ok(world.call(method, to, key, body, headers));
  await send("PUT", "/v1/plans", { plans: record.plans });
  await send("PUT", "/v1/clinics", {
    clinics: [...record.clinics, { ...record.clinics[0], slug: "example-noise-again" }],
  });
  await send("POST", "/v1/plans/nhs/draft", { document: plan });
  await consult(world, "dvla", "2027-12-31");
  await send("POST", "/v1/plans/hmrc/draft", { document: plan, amends: 1 });
  await send("POST", "/v1/plans/dvla/1/answers", { said: "A day is too long.", forum: quietStreets });
  const forum = await world.keyFor(`forum:${quietStreets}`);
  let own = "";
  for (const excerpt of ["What does a noise diary have to say?", "Whom do I ring at night?"]) {
    const question = { clinic: "example-noise-evening", excerpt, url: "https://quiet-streets.example/1" };
    const headers = { "idempotency-key": excerpt.slice(0, 8).replaceAll(" ", "-") };
    const body = { ...question, moderator: "m", consent: "member-agreed" };
    const asked = await send("POST", `/v1/forums/${quietStreets}/questions`, body, forum, headers);
    own = new URL(asked.body.link ?? "").pathname;
  }
  await send("POST", `/v1/clinics/example-noise-evening/sessions/${session}/open`, {});
  return own;
}

/** A delivery that its forum refused. */
async function park(world: World): Promise<void> {
  world.setMood({ status: 410 });
  await ok(world.refer("young"));
  await world.settle();
  world.setMood(null);
}

async function refer(world: World): Promise<Record<Waiting, string>> {
  const made = async (body: Record<string, unknown> = {}) => {
    const { body: referral } = await ok(world.refer("parents", body));
    await world.settle();
    return String(referral.reference);
  };
  const amal = (reference: string, verb: string, body = {}) =>
    ok(world.as("advisor:amal.h", reference, verb, body));
  const [offered, claimed, replied, asked] = [await made(), await made(), await made(), await made()];
  for (const reference of [claimed, replied, asked]) await amal(reference, "claim");
  await amal(replied, "reply", { text: "It is paid on Friday.\n\nRing if it is not." });
  await amal(asked, "ask", { text: "Which day did you ask for it?" });
  const unclear = { topic: undefined, excerpt: "Who mends the lamp at our corner?" };
  const press = async () => {
    const reference = await made(unclear);
    await ok(world.as("person:sam.t", reference, "reroute", { pool: "cleared", because: "The press asks." }));
    await ok(world.as("advisor:kit.w", reference, "claim"));
    return reference;
  };
  const [pressing, clearance, approved] = [await press(), await press(), await press()];
  const draft = { text: "We answer the press on Monday." };
  for (const reference of [clearance, approved])
    await ok(world.as("advisor:kit.w", reference, "draft", draft));
  const { replies } = await world.show(approved);
  const review = { draft: replies[0].id, decision: "approve" };
  await ok(world.as("person:cleo.c", approved, "review", review));
  const triage = await made(unclear);
  const diverted = await made();
  await amal(diverted, "divert", { reason: "Somebody may come to harm." });
  await world.settle();
  return { offered, claimed, replied, asked, pressing, clearance, approved, triage, diverted };
}

async function propose(world: World): Promise<{ reference: string }> {
  const form = { address: "https://waiting.example/", name: "A waiting forum", relation: "member" };
  const { headers } = await visit(world, "/propose", form);
  return { reference: /PR-\w{4}-\w{4}/.exec(headers.get("location") ?? "")?.[0] ?? "" };
}

/** The pages and forms of the site, as the app itself registers them: `GET /forums/:slug`. Welsh has the same. */
export async function pageRoutes(): Promise<string[]> {
  const found: string[] = [];
  const note = ({ method, url }: { method: string | string[]; url: string }) => {
    for (const one of [method].flat())
      if (one !== "HEAD" && !/^\/(v1|cy)\b/.test(url)) found.push(`${one} ${url}`);
  };
  const desk = createInbound({
    core: {} as CoreApi,
    memory: { get: async () => null, set: async () => {}, lease: async () => false },
    now: () => new Date(0),
    web: webTools,
  });
  const listen: AppDeps["routes"][number] = (api) => api.addHook("onRoute", note);
  await (
    await testApp({
      routes: [listen, ...rooms],
      inbound: [
        async (scope, options) => {
          scope.addHook("onRoute", note);
          await desk(scope, options);
        },
      ],
    })
  ).close();
  return found;
}

/** The route of an address, with the deeds that a route takes many of by their names: `/desk/:ref/note`. */
export function routeOf(routes: readonly string[], method: string, address: string): string | undefined {
  const [steps = ""] = address.split("?");
  const parts = steps.split("/");
  const fits = routes.flatMap((route) => {
    const [by, url = ""] = route.split(" ");
    const wanted = url.split("/");
    const isFit =
      by === method.toUpperCase() &&
      wanted.length === parts.length &&
      wanted.every((part, at) => part.startsWith(":") || part === parts[at]);
    return isFit ? [wanted] : [];
  });
  const [best] = fits.sort((a, b) => fixed(b) - fixed(a));
  return best?.map((part, at) => (/^:(action|deed)$/.test(part) ? parts[at] : part)).join("/");
}
const fixed = (parts: readonly string[]): number => parts.filter((part) => !part.startsWith(":")).length;

/** A page as somebody came to it. */
export interface Reached extends Page {
  path: string;
  /** `/desk/:ref/note`. */
  route: string;
  forms: ServedForm[];
}

const mostOfOneRoute = 1;

/** Every page that links lead to from where it begins, one of each route and all of the beginnings; and replies before they are sent. */
async function crawl(
  { world, cookie, starts, referrals }: WholeSite,
  routes: readonly string[],
): Promise<Reached[]> {
  const reached: Reached[] = [];
  const seen = new Set<string>();
  const counts = new Map<string, number>();
  const waiting = starts.map((at) => ({ at, isStart: true }));
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const { at, isStart } = next;
    const route = routeOf(routes, "get", at);
    if (!route || seen.has(at)) continue;
    seen.add(at);
    const count = counts.get(route) ?? 0;
    if (count >= mostOfOneRoute && !isStart) continue;
    counts.set(route, count + 1);
    const page = await visit(world, at, undefined, at.startsWith("/sign-in") ? {} : { cookie });
    if (!/html/.test(page.headers.get("content-type") ?? "")) continue;
    reached.push({ ...page, path: at, route, forms: formsIn(page.html) });
    for (const [, link = ""] of page.html.matchAll(/ href="(\/(?!cy\b)[^"#?]*)"/g))
      waiting.push({ at: link, isStart: false });
  }
  for (const reference of [referrals.claimed, referrals.pressing]) {
    const at = `/desk/${reference}/reply`;
    const before = await visit(world, at, undefined, { cookie });
    const [form] = formsIn(before.html).filter(({ action }) => action === at);
    if (!form) throw new Error(`Nobody can write at ${at}`);
    const page = await visit(world, at, filled(form, { text: "It is paid on Friday." }), { cookie });
    reached.push({ ...page, path: at, route: "/desk/:ref/reply", forms: formsIn(page.html) });
  }
  return reached;
}

/** The forms of the templates, each as what its address has to look like; a form that no page showed is found by it. */
export function formsOfTemplates(): { template: string; action: string; address: RegExp }[] {
  return readdirSync(views, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".njk"))
    .flatMap((file) =>
      [
        ...readFileSync(path.join(views, file), "utf8").matchAll(
          /<form\b[^>]*?action="((?:\{\{.*?\}\}|[^"])*)"/g,
        ),
      ].map(([, action = ""]) => ({ template: file, action, address: addressOf(action) })),
    );
}

/** `{{ to("/desk/" + view.reference + "/reply") }}` is `/desk/`, something, `/reply`. */
function addressOf(action: string): RegExp {
  const parts = action.replace(
    /\{\{\s*to\((.*?)\)\s*\}\}|\{\{(.*?)\}\}/g,
    (_all, inside?: string, other?: string) =>
      (inside ?? other ?? "").replace(/"([^"]*)"|[^"]+/g, (one: string, text?: string) =>
        text !== undefined ? text : /\w/.test(one) ? "*" : "",
      ),
  );
  return new RegExp(`^${parts.replace(/[.?+^$()[\]{}|\\]/g, "\\$&").replace(/\*+/g, ".+")}$`);
}

/** The whole site, the routes of its pages and forms, and every page that links lead to. */
export async function crawledSite(
  options?: Parameters<typeof createWholeSite>[0],
): Promise<{ site: WholeSite; routes: string[]; pages: Reached[] }> {
  const site = await createWholeSite(options);
  const routes = await pageRoutes();
  return { site, routes, pages: await crawl(site, routes) };
}
