import { describe, expect, test } from "vitest";
import type { NoticeType } from "../../src/contract/notice.ts";
import { destinationsFor } from "../../src/delivery/index.ts";
import { RegisterDocument } from "../../src/register/document.ts";
import type { Register, RegisteredForum } from "../../src/register/model.ts";

const agreed = { model: "referral", agreedOn: "2026-11-01", agreedWith: "forum administrator" };
const document = RegisterDocument.parse({
  alerts: { triage: { slack: { channel: "C0123456701" }, email: "duty@example.gov.uk" }, safeguarding: {} },
  pools: [
    { slug: "one", department: "dwp", name: "One", slack: { channel: "C0123456789" } },
    { slug: "desk-only", department: "dwp", name: "Two" },
  ],
  forums: [
    {
      slug: "parents",
      name: "Parents",
      platform: "webhook",
      intervention: agreed,
      callbackUrl: "https://parents.example/f",
    },
    { slug: "collects", name: "Collects", platform: "webhook", intervention: agreed },
    { slug: "guild", name: "Guild", platform: "discord", intervention: agreed },
    { slug: "listed", name: "Only listed" },
  ],
});

function register(change: Partial<RegisteredForum> = {}): Register {
  const forums = (document.forums ?? []).map((forum) => ({
    ...forum,
    leftAt: null,
    callbackStoppedAt: null,
    delistedAt: null,
    joined: {},
    ...change,
  }));
  return {
    version: 1,
    settings: {} as Register["settings"],
    alerts: document.alerts as Register["alerts"],
    electionPeriods: [],
    departments: new Map(),
    topics: new Map(),
    pools: new Map((document.pools ?? []).map((pool) => [pool.slug, pool])),
    advisors: new Map(),
    people: new Map(),
    forums: new Map(forums.map((forum) => [forum.slug, forum])),
    rules: [],
    removed: { departments: new Map(), pools: new Map(), forums: new Map() },
  };
}

const adapters = (on: Record<string, NoticeType[]>) => ({
  known: new Set(["webhook", "slack", "discord", "desk"]),
  carries: (name: string) => (on[name] ? new Set<string>(on[name]) : undefined),
});
const all = adapters({
  webhook: ["referral.offered"],
  slack: ["card", "alert"],
  discord: ["referral.offered"],
});

describe("a pool's leads are told", () => {
  const withMail = adapters({ slack: ["card", "alert"], email: ["alert"] });
  const tell = (pool: string, except?: string) =>
    destinationsFor(register(), withMail, { pool, notice: "alert", except });
  const byMail = (pool: string) => [{ adapter: "email", destination: `pool:${pool}` }];

  test("where their pool works, else by mail, and never by the adapter that fails", () => {
    expect(tell("one")).toEqual([{ adapter: "slack", destination: "pool:one" }]);
    expect(tell("desk-only")).toEqual(byMail("desk-only"));
    expect(tell("one", "slack")).toEqual(byMail("one"));
    expect(tell("desk-only", "email")).toEqual([]);
  });
});

describe("a forum is told", () => {
  const tell = (forum: string, from = register(), on = all) =>
    destinationsFor(from, on, { forum, notice: "referral.offered" });

  test("through the adapter of its platform", () => {
    expect(tell("parents")).toEqual([{ adapter: "webhook", destination: "forum:parents" }]);
    expect(tell("guild")).toEqual([{ adapter: "discord", destination: "forum:guild" }]);
  });

  test("nothing where it collects, is only listed, has left, stopped its callbacks, or does not exist", () => {
    expect([tell("collects"), tell("listed"), tell("nowhere")]).toEqual([[], [], []]);
    expect(tell("parents", register({ leftAt: new Date() }))).toEqual([]);
    expect(tell("parents", register({ callbackStoppedAt: new Date() }))).toEqual([]);
  });

  test("nothing through an adapter that is off or does not carry the notice", () => {
    expect(tell("guild", register(), adapters({ webhook: ["referral.offered"] }))).toEqual([]);
    expect(destinationsFor(register(), all, { forum: "parents", notice: "card" })).toEqual([]);
  });
});

test("a pool is told wherever its entry has an address", () => {
  expect(destinationsFor(register(), all, { pool: "one", notice: "card" })).toEqual([
    { adapter: "slack", destination: "pool:one" },
  ]);
  expect(destinationsFor(register(), all, { pool: "desk-only", notice: "card" })).toEqual([]);
});

test("an alert goes wherever it has an address, and a target is none", () => {
  expect(destinationsFor(register(), all, { alert: "triage", notice: "alert" })).toEqual([
    { adapter: "slack", destination: "alert:triage" },
  ]);
  expect(destinationsFor(register(), all, { alert: "safeguarding", notice: "alert" })).toEqual([]);
  expect(destinationsFor(register(), all, { alert: "lead", notice: "alert" })).toEqual([]);
});
