import fc from "fast-check";
import { verbs } from "../../src/referrals/index.ts";
import { exampleRegister } from "../support/example-register.ts";
import { referralBody } from "./client.ts";

/** Characters that have broken something somewhere. */
const oddTexts = [
  "",
  " ",
  "\u0000",
  "\\u0000",
  "\ud800",
  "\u202e\u0301\u200d",
  "𝕏".repeat(300),
  "%00",
  "../../etc/passwd",
  "'; DROP TABLE referral; --",
  "{{7*7}}<%= 7*7 %>",
  "a".repeat(20_000),
  "1e999",
  "__proto__",
  "constructor",
  "toString",
  "2026-02-30",
  "0000-01-01",
  "0000-01-01T00:00:00Z",
  "9999-12-31T23:59:59.999Z",
  "-271821-04-20",
  "P1000000000D",
  "http://[::1",
  "http://\u0000",
  "javascript:alert(1)",
  "ａｄｍｉｎ",
  "advisor:amal.h",
  "forum:parents",
  "00000000-0000-0000-0000-000000000000",
];
const oddNumbers = [0, -0, -1, 1.5, 2 ** 31, 2 ** 53, 1e308, -1e308, Number.MIN_VALUE];

const odd = fc.oneof(
  fc.constantFrom(...oddTexts),
  fc.string({ unit: "binary" }),
  fc.constantFrom(...oddNumbers),
  fc.constantFrom(true, false, null, [], {}, [[]], { a: {} }),
  fc.jsonValue({ maxDepth: 4 }),
);

/** A body that is nearly right: members of a good one are replaced, dropped or joined by others. */
const nearly = (good: Record<string, unknown>) =>
  fc
    .record({
      replaced: fc.dictionary(fc.constantFrom(...Object.keys(good), "version", "as"), odd, { maxKeys: 3 }),
      dropped: fc.subarray(Object.keys(good), { maxLength: 1 }),
      added: fc.dictionary(fc.constantFrom("x", "toString", "constructor", "id", "state"), odd, {
        maxKeys: 1,
      }),
    })
    .map(({ replaced, dropped, added }) => {
      const body: Record<string, unknown> = { ...good, ...replaced, ...added };
      for (const name of dropped) delete body[name];
      return JSON.stringify(body);
    });

/** Bytes that are no good JSON, or too much of it. */
const broken = fc.oneof(
  fc.constantFrom(
    "",
    "{",
    "[]",
    "null",
    "0",
    '"a"',
    '{"a":1,"a":2}',
    '{"__proto__":{}}',
    "\ufeff{}",
    "{}{}",
    "NaN",
  ),
  fc.nat({ max: 5_000 }).map((depth) => "[".repeat(depth) + "]".repeat(depth)),
  fc.nat({ max: 200 }).map((depth) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`),
  fc.constantFrom(70_000, 65_536, 65_000).map((length) => JSON.stringify({ excerpt: "a".repeat(length) })),
  fc.constantFrom('{"text":"\\ud800"}', '{"text":"\\u0000"}', '{"n":1e9999}', `{"n":${"9".repeat(400)}}`),
  fc.jsonValue({ maxDepth: 6 }).map((value) => JSON.stringify(value)),
);

const goodBodies: Record<string, Record<string, unknown>> = {
  consent: { given: true, saidBy: "member" },
  reply: { text: "Ask for an advance.", language: "en", disposition: "signposted" },
  draft: { text: "Ask.", clearer: "lee.d" },
  correct: { reply: "x", text: "Ask." },
  retract: { reply: "00000000-0000-0000-0000-000000000000", reason: "wrong" },
  review: { draft: "x", decision: "approve", note: "n" },
  "reassign-clearance": { draft: "x", clearer: "lee.d" },
  recall: { draft: "x" },
  transfer: { to: "bea.k" },
  decline: { reason: "not-ours", likelyOwner: "jabs", note: "n" },
  reroute: { pool: "uc", because: "theirs" },
  resolve: { disposition: "signposted", result: "helped", saidBy: "advisor", insight: "none", note: "n" },
  close: {
    disposition: "signposted",
    result: "unknown",
    because: "b",
    signpost: { text: "t", url: "https://a.example" },
  },
  merge: { into: "FP-0000-0000" },
  feedback: { result: "helped", saidBy: "moderator" },
};
const event = {
  type: "feedback",
  reference: "FP-0000-0000",
  result: "helped",
  saidBy: "member",
  text: "t",
  url: "https://a.example/",
};
const explain = {
  forum: "parents",
  text: "a work coach",
  topic: "universal-credit",
  nation: "wales",
  audience: ["a"],
};
const path = fc.oneof(
  fc.constantFrom(
    "%00",
    "%2F",
    "%",
    "%zz",
    "%E0%A4%A",
    "..",
    "a%20b",
    "%F0%9F%92%A9",
    "a".repeat(150),
    "a".repeat(9_000),
  ),
  fc
    .string({ unit: "binary", minLength: 1, maxLength: 20 })
    .map((text) => encodeURIComponent(text.replace(/\p{Surrogate}/gu, "?"))),
);

/** One request as it goes over the wire. */
export interface Shot {
  method: string;
  path: string;
  key?: string | null;
  body?: string;
  headers?: Record<string, string>;
  signed?: boolean;
}

const bodyFor = (good: Record<string, unknown>) => fc.oneof({ weight: 4, arbitrary: nearly(good) }, broken);

const signed = (where: string, good: Record<string, unknown>) =>
  bodyFor(good).map(
    (body): Shot => ({ method: "POST", path: `/v1/forums/parents/${where}`, body, signed: true }),
  );

const verb = fc.constantFrom(...verbs.keys()).chain((name) =>
  fc
    .record({
      ref: fc.oneof({ weight: 5, arbitrary: fc.constant("REFERENCE") }, path),
      body: bodyFor(goodBodies[name] ?? { reason: "because", text: "text", saidBy: "moderator" }),
      key: fc.constantFrom("advisor:amal.h", "person:sam.t", "forum:parents", "admin"),
    })
    .map(({ ref, body, key }): Shot => ({ method: "POST", path: `/v1/referrals/${ref}/${name}`, body, key })),
);

const asAdmin = (method: string, where: string, body: fc.Arbitrary<string>) =>
  body.map((sent): Shot => ({ method, path: where, body: sent, key: "admin" }));

const register = exampleRegister("http://127.0.0.1:9");
/** Mistakes deep inside a register: an entry that nothing else here needs is nearly right. */
const registerBody = fc
  .constantFrom("departments", "topics", "pools", "advisors", "people", "forums", "rules" as const)
  .chain((list) => {
    const entries: object[] = register[list as "pools"];
    const last = list === "rules" ? entries[0] : entries.at(-1);
    const tail = list === "rules" ? ',{"to":"triage"}' : "";
    return bodyFor({ ...last }).map((entry) => `{"${list}":[${entry}${tail}]}`);
  });

const names = [
  "state",
  "pool",
  "forum",
  "q",
  "cursor",
  "limit",
  "waiting",
  "replies",
  "from",
  "to",
  "by",
  "format",
  "after",
];
const query = fc
  .array(
    fc.tuple(
      fc.constantFrom(...names),
      fc.oneof(path, fc.constantFrom("", "1", "-1", "1e9", "null", "offered", "[]")),
    ),
    {
      maxLength: 3,
    },
  )
  .map((pairs) => pairs.map(([name, value]) => `${name}=${value}`).join("&"));

/** Requests to every part of the API. `REFERENCE` in a path stands for a referral that exists. */
export const shot: fc.Arbitrary<Shot> = fc.oneof(
  {
    weight: 4,
    arbitrary: signed("referrals", {
      ...referralBody(),
      title: "t",
      note: "n",
      audience: ["a"],
      externalId: "e",
      area: "a",
      language: "cy",
    }),
  },
  { weight: 3, arbitrary: signed("events", event) },
  { weight: 5, arbitrary: verb },
  { weight: 2, arbitrary: asAdmin("PUT", "/v1/register", registerBody) },
  {
    weight: 1,
    arbitrary: asAdmin(
      "POST",
      "/v1/keys",
      bodyFor({ name: "n", scopes: ["manager"], expiresAt: "2027-01-01T00:00:00Z" }),
    ),
  },
  { weight: 2, arbitrary: asAdmin("POST", "/v1/explain", bodyFor(explain)) },
  {
    weight: 1,
    arbitrary: asAdmin(
      "POST",
      "/v1/guidance/acknowledgements",
      bodyFor({ version: "1", as: "advisor:amal.h" }),
    ),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom("/v1/referrals", "/v1/stats", "/v1/deliveries", "/v1/events", "/v1/keys"), query)
      .map(([where, asked]): Shot => ({ method: "GET", path: `${where}?${asked}`, key: "admin" })),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.constantFrom("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"),
        fc.constantFrom(
          "/v1/referrals/",
          "/v1/forums/",
          "/v1/keys/",
          "/v1/deliveries/",
          "/verify/",
          "/",
          "/v1/",
        ),
        path,
        fc.constantFrom("", "/referrals", "/events", "/secrets", "/links", "/replay", "/claim"),
      )
      .map(
        ([method, start, middle, end]): Shot => ({ method, path: `${start}${middle}${end}`, key: "admin" }),
      ),
  },
  {
    weight: 2,
    arbitrary: fc
      .record(
        {
          type: fc.constantFrom(
            "text/plain",
            "application/xml",
            "multipart/form-data",
            "application/json; charset=utf-7",
            "a/b;;",
            "x",
          ),
          "idempotency-key": fc.constantFrom("a", " ", "a b", "k".repeat(300), "é"),
          "webhook-id": fc.constantFrom("a", "", "x".repeat(500)),
          authorization: fc.constantFrom("Bearer", "Basic YTpi", "Bearer x y", `Bearer ${"k".repeat(6_000)}`),
        },
        { requiredKeys: [] },
      )
      .map(
        ({ type, ...headers }): Shot => ({
          method: "POST",
          path: "/v1/forums/parents/referrals",
          body: "{}",
          headers: { ...headers, ...(type === undefined ? {} : { "content-type": type }) },
        }),
      ),
  },
);
