import type { FastifyPluginAsync } from "fastify";
import { describe, expect, test } from "vitest";
import { createInbound } from "../../adapters/webhook/inbound.ts";
import type { AppDeps } from "../../src/app.ts";
import type { CoreApi } from "../../src/contract/core-api.ts";
import type { KeyKind } from "../../src/http/api.ts";
import { keyKinds } from "../../src/http/api.ts";
import { rooms } from "../../src/rooms.ts";
import { appDeps, callers, testApp } from "./support.ts";

/** The webhook adapter proves callers by itself; here it is told who they are, and that no forum has a secret. */
const { authenticate, now } = appDeps();
const noSecrets = async () => [];
const core = new Proxy({} as CoreApi, {
  get: (_core, verb) => (verb === "authenticate" ? authenticate : noSecrets),
});
const adapterDeps = { core, now };

/** Who may knock at each route; what they then see of it is held by the room's own tests. */
const matrix: Record<string, "anyone" | "signed in" | readonly KeyKind[]> = {
  "GET /livez": "anyone",
  "GET /readyz": "anyone",
  "GET /metrics": "anyone",
  "GET /openapi.json": "anyone",
  "POST /v1/keys": ["admin"],
  "GET /v1/keys": ["admin"],
  "DELETE /v1/keys/:id": ["admin"],
  "GET /v1/register": ["admin"],
  "PUT /v1/register": ["admin"],
  "POST /v1/forums/:slug/referrals": ["forum"],
  "POST /v1/forums/:slug/events": ["forum"],
  "POST /v1/forums/:slug/secrets": ["admin", "operator"],
  "POST /v1/forums/:slug/links": ["admin", "operator"],
  "POST /v1/forums/:slug/leave": ["admin", "operator"],
  "POST /v1/forums/:slug/direct-replies": ["advisor"],
  "GET /v1/referrals": ["admin", "advisor", "person", "operator", "forum"],
  "GET /v1/referrals/:ref": ["admin", "advisor", "person", "operator", "forum"],
  ...verbRows(),
  "POST /v1/explain": ["admin", "manager", "forum", "operator", "person"],
  "GET /v1/stats": keyKinds,
  "GET /v1/events": ["admin", "person"],
  "GET /v1/deliveries": ["admin"],
  "POST /v1/deliveries/:id/replay": ["admin"],
  "GET /v1/guidance": keyKinds,
  "POST /v1/guidance/acknowledgements": ["admin", "advisor"],
  ...recordRows(),
  ...pageRows(),
  ...directoryRows(),
  ...signedInRows(),
};

/** Pages for people signed in. A key opens none of them, and a stranger is sent to sign in. */
function signedInRows(): Record<string, "anyone" | "signed in"> {
  const open = ["GET /sign-in", "POST /sign-in", "GET /sign-in/:token", "POST /sign-in/:token"];
  const own = [
    "POST /sign-out",
    "GET /operator",
    "POST /operator/:slug/:deed",
    "GET /dashboard",
    "GET /admin",
    "GET /engagement",
    "GET /engagement/:slug",
    "POST /engagement/:slug/:deed",
    "GET /engagement/clinics/:slug",
    "POST /engagement/clinics/:slug/:deed",
    "POST /admin/:deed",
    "GET /admin/proposals",
    "GET /admin/proposals/:reference",
    "POST /admin/proposals/:reference",
  ];
  const both = (routes: string[]) => routes.flatMap((route) => [route, route.replace(" /", " /cy/")]);
  return {
    ...Object.fromEntries(
      [...both(open), "GET /sign-in/provider", "GET /sign-in/callback"].map((route) => [route, "anyone"]),
    ),
    ...Object.fromEntries(both(own).map((route) => [route, "signed in"])),
  };
}

/** Plans, progress reports and clinics: anybody reads, those who keep the record write, forums answer and ask. */
function recordRows(): Record<string, "anyone" | readonly KeyKind[]> {
  const keepers = ["admin", "person"] as const;
  const workers = ["admin", "person", "advisor"] as const;
  const pages = [
    "/plans",
    "/progress",
    "/departments/:slug/plan",
    "/departments/:slug/plan/:version",
    "/departments/:slug/progress/:period",
    "/clinics",
    "/clinics/:slug",
    "/clinics/:slug/ask",
    "/q/:token",
  ];
  const read = [
    "/v1/plans",
    "/v1/plans/:department",
    "/v1/plans/:department/:version",
    "/v1/plans/:department/history",
    "/v1/progress",
    "/v1/progress/:department/:period",
    "/v1/clinics",
    "/v1/clinics/:slug",
    "/v1/clinics/:slug/history",
    "/departments/:slug/clinics.ics",
    ...pages.flatMap((page) => [page, `/cy${page}`]),
  ];
  const version = "/v1/plans/:department/:version";
  const session = "/v1/clinics/:slug/sessions/:session";
  return {
    ...Object.fromEntries(read.map((path) => [`GET ${path}`, "anyone" as const])),
    "PUT /v1/plans": ["admin"],
    "PUT /v1/clinics": ["admin"],
    "GET /v1/plans/:department/draft": keepers,
    "POST /v1/plans/:department/draft": keepers,
    [`PUT ${version}`]: keepers,
    [`POST ${version}/publish`]: keepers,
    [`POST ${version}/withdraw`]: keepers,
    [`POST ${version}/consult`]: keepers,
    [`POST ${version}/answers`]: [...keepers, "operator", "forum"],
    [`POST ${version}/answers/:response/decide`]: keepers,
    [`POST ${version}/answers/:response/lift`]: ["admin", "operator", "forum"],
    "POST /v1/progress/:department": keepers,
    "PUT /v1/clinics/:slug": keepers,
    "POST /v1/clinics/:slug/cancel": keepers,
    "POST /v1/forums/:slug/questions": ["forum", "operator"],
    "POST /v1/forums/:slug/questions/:id/withdraw": ["forum", "operator"],
    ...Object.fromEntries(
      ["", "/cy"].flatMap((language) => [
        [`POST ${language}/clinics/:slug/ask`, "anyone" as const],
        [`POST ${language}/q/:token`, "anyone" as const],
      ]),
    ),
    [`GET ${session}/questions`]: workers,
    [`POST ${session}/open`]: workers,
    [`POST ${session}/finish`]: workers,
    ...Object.fromEntries(
      ["take", "put-back", "answer"].map((step) => [`POST /v1/clinics/:slug/questions/:id/${step}`, workers]),
    ),
  };
}

/** Public pages, in both languages. A member's own page asks for no key: its address is the proof. */
function pageRows(): Record<string, "anyone"> {
  const both = [
    "/accessibility",
    "/privacy",
    "/cookies",
    "/security",
    "/verify",
    "/verify/:code",
    "/m/:token",
  ];
  const routes = [
    "GET /",
    "GET /cy",
    "GET /cy/",
    "GET /assets/:file",
    "GET /.well-known/security.txt",
    ...both.flatMap((path) => [`GET ${path}`, `GET /cy${path}`]),
    ...["/verify/:code", "/m/:token"].flatMap((path) => [`POST ${path}`, `POST /cy${path}`]),
  ];
  return Object.fromEntries(routes.map((route) => [route, "anyone"]));
}

/** The public directory: its pages in both languages, its files for programs, and its queue for those who decide. */
function directoryRows(): Record<string, "anyone" | readonly KeyKind[]> {
  const both = [
    "GET /forums",
    "GET /forums/:slug",
    "GET /forums/:slug/correct",
    "POST /forums/:slug/correct",
    "GET /listing/:token",
    "POST /listing/:token",
    "GET /propose",
    "POST /propose",
    "GET /propose/decisions",
    "GET /propose/:reference",
    "GET /departments",
    "GET /departments/:slug",
    "GET /statistics",
    "GET /data",
  ];
  const files = [
    "/data.json",
    "/data/:file",
    "/data/forums/:file",
    "/forums/changes.atom",
    "/forums/changes.json",
  ];
  const hsds = ["/hsds", "/hsds/services", "/hsds/services/:id"];
  const open = [
    ...both.flatMap((route) => [route, route.replace(" /", " /cy/")]),
    ...[...files, ...hsds].map((path) => `GET ${path}`),
  ];
  const queue = [
    "GET /v1/proposals",
    "GET /v1/proposals/:reference",
    "POST /v1/proposals/:reference/decision",
    "GET /v1/directory",
    "PUT /v1/directory",
  ];
  return {
    ...Object.fromEntries(open.map((route) => [route, "anyone" as const])),
    ...Object.fromEntries(queue.map((route) => [route, ["admin", "person"] as const])),
    "GET /v1/forums/:slug/history": "anyone",
    "POST /v1/forums/:slug/listing-links": ["admin", "person", "operator"],
  };
}

/** Each verb is a route; which of these may take it, and when, is the life cycle's to say. */
function verbRows(): Record<string, readonly KeyKind[]> {
  const names = [
    "acknowledge",
    "ask",
    "check",
    "claim",
    "close",
    "consent",
    "correct",
    "decline",
    "divert",
    "draft",
    "feedback",
    "follow-up",
    "member-answer",
    "merge",
    "note",
    "reassign-clearance",
    "recall",
    "release",
    "reopen",
    "reply",
    "reroute",
    "resolve",
    "retract",
    "review",
    "split",
    "stand-down",
    "transfer",
    "withdraw",
  ];
  const allowed = ["admin", "advisor", "person", "operator", "forum"] as const;
  return Object.fromEntries(names.map((name) => [`POST /v1/referrals/:ref/${name}`, allowed]));
}

/** Routes of an app, as the app itself registers them. */
async function routesOf(routes: AppDeps["routes"]): Promise<string[]> {
  const found: string[] = ["GET /livez", "GET /readyz", "GET /metrics", "GET /openapi.json"];
  const note = ({ method, url }: { method: string | string[]; url: string }) => {
    for (const name of [method].flat()) if (name !== "HEAD") found.push(`${name} ${url}`);
  };
  const webhook: FastifyPluginAsync = async (scope, options) => {
    scope.addHook("onRoute", note);
    await createInbound(adapterDeps)(scope, options);
  };
  const listen: AppDeps["routes"][number] = (api) => api.addHook("onRoute", note);
  await (await testApp({ routes: [listen, ...routes], inbound: [webhook] })).close();
  return found;
}

const rowless = async (routes: AppDeps["routes"]) =>
  (await routesOf(routes)).filter((route) => matrix[route] === undefined);

describe("the access matrix", () => {
  test("has a row for every route, and no row without a route", async () => {
    expect(await rowless(rooms)).toEqual([]);
    const routes = await routesOf(rooms);
    expect(Object.keys(matrix).filter((row) => !routes.includes(row))).toEqual([]);
  });

  test("turns red for a new route without a row", async () => {
    const mutant: AppDeps["routes"][number] = (api) =>
      api.get("/v1/everything", { config: { access: "public" } }, async () => ({}));
    expect(await rowless([...rooms, mutant])).toEqual(["GET /v1/everything"]);
  });

  const app = testApp({ routes: rooms, inbound: [createInbound(adapterDeps)] });
  const rows = Object.entries(matrix).flatMap(([route, allowed]) =>
    [null, ...keyKinds].map((kind) => ({ route, kind, allowed })),
  );

  test.each(rows)("$route by $kind", async ({ route, kind, allowed }) => {
    const [method = "", path = ""] = route.split(" ");
    const response = await (await app).inject({
      method: method as "GET",
      url: path.replace(":slug", callers.forum.forum).replace(/:\w+/g, "x"),
      headers: kind === null ? {} : { authorization: `Bearer ${kind}` },
    });
    const { statusCode } = response;
    if (allowed === "anyone") return expect([401, 403]).not.toContain(statusCode);
    if (allowed === "signed in")
      return expect([statusCode, response.headers.location]).toEqual([
        303,
        expect.stringMatching(/^(\/cy)?\/sign-in/),
      ]);
    if (kind === null) return expect(statusCode).toBe(401);
    if (!allowed.includes(kind))
      return expect([statusCode, response.json().code]).toEqual([403, "access/forbidden"]);
    expect([401, 403]).not.toContain(statusCode);
  });

  test("knows every kind of caller", () => {
    expect(Object.keys(callers).sort()).toEqual([...keyKinds].sort());
  });
});
