import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { emptyContent, keyOf } from "../../src/register/content.ts";
import { changeRows, summariseChanges } from "../../src/register/describe-changes.ts";
import { mergeList } from "../../src/register/merge.ts";
import { parseRegister, readRegisterText } from "../../src/register/parse-document.ts";
import { planRegister } from "../../src/register/plan-register.ts";
import { small } from "./support.ts";

const adapters = { known: new Set(["webhook"]), isOn: () => true };
const plan = (current: typeof emptyContent, document: unknown) =>
  planRegister(current, parseRegister(document), adapters);

const slugs = ["a", "b", "c", "d", "e"];
const pools = fc
  .uniqueArray(
    fc.record({
      slug: fc.constantFrom(...slugs),
      department: fc.constantFrom("x", "y"),
      name: fc.constantFrom("One", "Two"),
      escalateTo: fc.subarray(slugs, { maxLength: 1 }),
    }),
    { selector: ({ slug }) => slug, maxLength: 5 },
  )
  .map((entries) =>
    entries.map((entry) => ({ ...entry, escalateTo: entry.escalateTo.filter((to) => to > entry.slug) })),
  );
const documents = fc.record(
  {
    prune: fc.boolean(),
    settings: fc.record({ nudge: fc.constantFrom("P3D", "P4D") }, { requiredKeys: [] }),
    departments: fc.shuffledSubarray([
      { slug: "x", name: "X" },
      { slug: "y", name: "Y" },
    ]),
    pools,
    rules: fc.constantFrom(
      [{ to: "triage" }],
      [{ when: { urgency: ["urgent"] }, to: "a", because: "B" }, { to: "triage" }],
    ),
  },
  { requiredKeys: [] },
);

test("a document planned on what it made plans nothing, whatever was there before", () => {
  fc.assert(
    fc.property(documents, documents, (first, second) => {
      const before = plan(emptyContent, first).next;
      const { next } = plan(before, second);
      const again = plan(next, second);
      expect(again.changes).toEqual([]);
      expect(again.next).toEqual(next);
      if (second.pools) {
        const order = next.pools.map(keyOf).filter((key) => second.pools?.some(({ slug }) => slug === key));
        expect(order).toEqual(second.pools.map(({ slug }) => slug));
      }
      if (second.prune) expect(next.pools.length).toBe(second.pools?.length ?? 0);
    }),
    { numRuns: 500 },
  );
});

test("a plan without errors leaves every reference with something to refer to", () => {
  fc.assert(
    fc.property(documents, documents, (first, second) => {
      const { next, errors } = plan(plan(emptyContent, first).next, second);
      fc.pre(errors.length === 0);
      const departments = new Set(next.departments.map(keyOf));
      const known = new Set([...next.pools.map(keyOf), "triage"]);
      expect(next.pools.every((pool) => departments.has(pool.department))).toBe(true);
      expect(next.pools.flatMap((pool) => pool.escalateTo).every((slug) => known.has(slug))).toBe(true);
      expect(next.rules.every(({ to }) => known.has(to))).toBe(true);
    }),
    { numRuns: 500 },
  );
});

describe("the order of a list", () => {
  const topic = (code: string) => ({ code, title: code, words: [], examples: [] });
  const order = (inForce: string, declared: string, prune = false) =>
    mergeList([...inForce].map(topic), [...declared].map(topic), prune)
      .map(({ code }) => code)
      .join("");

  test("new entries follow the entry they follow in the document", () => {
    expect(order("abc", "abnc")).toBe("abnc");
    expect(order("abc", "nb")).toBe("anbc");
    expect(order("abc", "xy")).toBe("abcxy");
  });

  test("entries that the document does not name keep their places", () => {
    expect(order("abcd", "db")).toBe("adcb");
    expect(order("abcd", "db", true)).toBe("db");
  });
});

test("safeguarding is called in the order of the list, so a new order is a change", () => {
  const people = [
    { id: "one", name: "One", roles: ["safeguarding"] },
    { id: "two", name: "Two", roles: ["safeguarding"] },
  ];
  const { next } = plan(emptyContent, { people });
  expect(plan(next, { people: people.toReversed() }).changes).toEqual([
    { kind: "change", what: "person", slug: "two", fields: ["position"] },
    { kind: "change", what: "person", slug: "one", fields: ["position"] },
  ]);
});

test.each([
  [
    "an advisor on the rota of a pool that is not theirs",
    {
      ...small,
      pools: [
        { ...small.pools[0], rota: [{ from: "2026-12-01", to: "2026-12-07", advisors: ["bo.k"] }] },
        small.pools[1],
      ],
    },
    "/pools/0/rota/0/advisors/0",
  ],
  [
    "two people with one Slack id",
    {
      ...small,
      advisors: [
        { ...small.advisors[0], slackUserId: "U1" },
        { ...small.advisors[1], slackUserId: "U1" },
      ],
    },
    "/advisors/1/slackUserId",
  ],
  [
    "two forums in one server",
    {
      ...small,
      forums: [
        { slug: "f", name: "F", discord: { guildId: "1" } },
        { slug: "g", name: "G", discord: { guildId: "1" } },
        ...small.forums,
      ],
    },
    "/forums/1/discord/guildId",
  ],
  [
    "a role for a pool that does not exist",
    { ...small, people: [{ id: "sam.t", name: "Sam", roles: ["clearer:nowhere"] }] },
    "/people/0/roles/0",
  ],
  [
    "a rule to a pool that does not exist",
    { ...small, rules: [{ when: { urgency: ["soon"] }, to: "uk", because: "B" }, { to: "triage" }] },
    "/rules/0/to",
  ],
  [
    "a pool whose closing leads back to itself",
    {
      ...small,
      pools: [{ ...small.pools[0], closed: { on: "2027-01-01", successor: "uc" } }, small.pools[1]],
    },
    "/pools/0/closed",
  ],
  ["the same entry twice", { ...small, topics: [...small.topics, ...small.topics] }, "/topics/1"],
])("%s is refused at its place", (_name, document, pointer) => {
  expect(plan(emptyContent, document).errors.map((error) => error.pointer)).toContain(pointer);
});

describe("shapes", () => {
  const pointersOf = (document: unknown): string[] => {
    try {
      parseRegister(document);
      return [];
    } catch (error) {
      return (error as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer);
    }
  };
  const agreed = { agreedOn: "2026-11-01", agreedWith: "somebody" };
  const forum = { slug: "f", name: "F", platform: "webhook" };

  test.each([
    [
      "two ways to say the model",
      { forums: [{ ...forum, intervention: { model: "none", models: ["none"], ...agreed } }] },
      "/forums/0/intervention",
    ],
    [
      "none beside another model",
      { forums: [{ ...forum, intervention: { models: ["none", "referral"], ...agreed } }] },
      "/forums/0/intervention/models",
    ],
    [
      "referrals without a platform",
      { forums: [{ slug: "f", name: "F", intervention: { model: "referral", ...agreed } }] },
      "/forums/0/platform",
    ],
    [
      "a server's id as a number",
      { forums: [{ ...forum, discord: { guildId: 123 } }] },
      "/forums/0/discord/guildId",
    ],
    ["a secret", { forums: [{ ...forum, secret: "whsec_x" }] }, "/forums/0/secret"],
    [
      "a role that does not exist",
      { people: [{ id: "p", name: "P", roles: ["king"] }] },
      "/people/0/roles/0",
    ],
    [
      "a pool that is called triage",
      { pools: [{ slug: "triage", department: "d", name: "T" }] },
      "/pools/0/slug",
    ],
    [
      "rules that do not end in triage",
      { rules: [{ when: { urgency: ["soon"] }, to: "a", because: "B" }] },
      "/rules/0",
    ],
    ["a character that no database keeps", { topics: [{ code: "a", title: "a\0b" }] }, "/topics/0/title"],
    [
      "an address with a password",
      { forums: [{ ...forum, callbackUrl: "https://u:p@f.example/" }] },
      "/forums/0/callbackUrl",
    ],
    [
      "a description whose first sentence no list can show",
      { forums: [{ ...forum, description: `${"x".repeat(141)}. The rest.` }] },
      "/forums/0/description",
    ],
    [
      "the same in Welsh",
      { forums: [{ ...forum, directory: { descriptionCy: "x".repeat(141) } }] },
      "/forums/0/directory/descriptionCy",
    ],
    ["something that is no register", [], ""],
  ])("refused: %s", (_name, document, pointer) => {
    expect(pointersOf(document)).toContain(pointer);
  });

  test("a description may be long after a first sentence of 140 characters", () => {
    for (const description of [
      `${"ŵ".repeat(139)}. ${"More and more. ".repeat(40)}`,
      `Short!\n${"x".repeat(900)}`,
    ])
      expect(pointersOf({ forums: [{ ...forum, description }] })).toEqual([]);
  });

  test("a forum for under-18s always asks the member", () => {
    const [child] =
      parseRegister({ forums: [{ ...forum, under18: true, consent: "moderator" }] }).forums ?? [];
    expect(child?.consent).toBe("member");
  });

  test("a mistake in YAML is told with its line, and a key that stands twice is one", () => {
    const told = (text: string) => {
      try {
        return readRegisterText(text);
      } catch (error) {
        return (error as { errors: { detail: string }[] }).errors[0]?.detail;
      }
    };
    expect(told("prune: true\nprune: false\n")).toMatch(/^Line 2, column 1: /);
    expect(told("a: [1,\nb: 2")).toMatch(/^Line \d/);
    expect(told("prune: true")).toEqual({ prune: true });
  });
});

test("changes are told as rows and in one line", () => {
  const { changes } = plan(emptyContent, { departments: small.departments, settings: { nudge: "P9D" } });
  expect(changeRows(changes)).toEqual([
    ["~", "change", "settings", "", "nudge"],
    ["+", "add", "department", "dwp", ""],
  ]);
  expect(summariseChanges(changes)).toBe("1 added, 1 changed");
  expect(summariseChanges([])).toBe("nothing to change");
});
