import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { World } from "../support/world.ts";
import { directoryWorld } from "./directory-support.ts";
import { textOf, visit } from "./support.ts";

const record = parse(readFileSync(new URL("../../examples/record.yaml", import.meta.url), "utf8"));

let world: World;
beforeAll(async () => {
  world = await directoryWorld({ start: new Date("2026-11-23T10:00:00Z") });
  const taken = await world.call("PUT", "/v1/clinics", await world.keyFor("admin"), {
    clinics: record.clinics,
  });
  if (taken.status !== 200) throw new Error(JSON.stringify(taken.body));
});
afterAll(() => world.close());

describe("clinics", () => {
  test("stand on the page of their forum and of their department: what comes, its calendar, and what came of the last", async () => {
    for (const path of ["/forums/example-quiet-streets", "/departments/council"]) {
      const { html } = await visit(world, path);
      const text = textOf(html);
      expect(text).toContain("9 December 2026 at 19:00: Evening on noise (Example)");
      expect(text).toContain("Most asked: what a noise diary has to say.");
      expect(html).toContain('href="/clinics/example-noise-evening.ics"');
      expect(html).toContain('href="/clinics/example-noise-evening"');
    }
    const { html } = await visit(world, "/cy/forums/example-quiet-streets");
    expect(textOf(html)).toContain("9 Rhagfyr 2026 am 19:00");
    expect((await visit(world, "/departments/council")).html).toContain(
      'href="/departments/council/clinics.ics"',
    );
    const parents = await visit(world, "/forums/example-parents");
    expect(parents.html).not.toContain('id="clinics"');
    expect((await visit(world, "/departments/veterans")).html).not.toContain('id="clinics"');
  });
});

const page = "/clinics/example-noise-evening";
const when = { early: "2026-11-23T10:00:00Z", open: "2026-11-26T10:00:00Z" };
/** A form as it was shown, filled in by a browser that worked for it. */
const form = async (question: string, change: Record<string, string> = {}) => {
  const { html } = await visit(world, `${page}/ask`);
  const challenge = /name="challenge" value="([^"]+)"/.exec(html)?.[1] ?? "";
  const works = (number: number) =>
    createHash("sha256").update(`${challenge}:${number}`).digest().readUInt32BE(0) >>> 17 === 0;
  let proof = 0;
  while (!works(proof)) proof += 1;
  return { challenge, proof: String(proof), question, agree: "yes", surname: "", ...change };
};
const waiting = () => world.db.prisma.clinicQuestion.count({ where: { state: "waiting" } });
const queue = async () => {
  const path = "/v1/clinics/example-noise-evening/sessions/2026-12-09T19:00:00Z/questions";
  return (await world.call("GET", path, await world.keyFor("admin"))).body.items;
};

describe("a question on the clinic's page", () => {
  test("can be put down once questions are taken, where the forum agreed to it, and says who reads it", async () => {
    expect(textOf((await visit(world, page)).html)).toContain("from 25 November 2026 on");
    expect((await visit(world, `${page}/ask`)).status).toBe(409);
    world.clock.set(new Date(when.open));
    expect((await visit(world, page)).html).toContain(`href="${page}/ask"`);
    const asking = await visit(world, `${page}/ask`);
    expect([asking.status, asking.headers.get("cache-control")]).toEqual([200, "no-store"]);
    expect(textOf(asking.html)).toContain(
      "The advisors of Example council noise team at Example Borough Council",
    );
    expect(textOf((await visit(world, `/cy${page}/ask`)).html)).toContain("Pwy fydd yn ei ddarllen");
    expect((await visit(world, "/clinics/nowhere/ask")).status).toBe(404);
    const before = await form("Is this taken?");
    const admin = await world.keyFor("admin");
    const { body } = await world.call("GET", "/v1/register", admin);
    const forums = (change: object) =>
      body.forums.map((one: { slug: string; intervention: object }) =>
        one.slug === "example-quiet-streets"
          ? { ...one, intervention: { ...one.intervention, ...change } }
          : one,
      );
    await world.apply({ forums: forums({ publicQuestions: false }) });
    expect((await visit(world, page)).html).not.toContain("/ask");
    expect((await visit(world, `${page}/ask`)).status).toBe(404);
    expect((await visit(world, `${page}/ask`, before)).status).toBe(403);
    await world.apply({ forums: forums({}) });
    expect(await waiting()).toBe(0);
  });

  test("is masked, waits once however often it is sent, and whoever asked can take it back", async () => {
    const filled = await form("Ring 07700 900123. May they drill at night? <script>alert(1)</script>");
    const wrong = await visit(world, `${page}/ask`, { ...filled, agree: "" });
    expect([wrong.status, wrong.html.includes("Say that those named above")]).toEqual([422, true]);
    expect(wrong.html).not.toContain("<script>alert");
    expect((await visit(world, `${page}/ask`, { ...filled, question: "x".repeat(4_001) })).status).toBe(422);
    const sent = await visit(world, `${page}/ask`, filled);
    expect(sent.status).toBe(303);
    const own = sent.headers.get("location") ?? "";
    expect((await visit(world, `${page}/ask`, filled)).headers.get("location")).toBe(own);
    expect(await waiting()).toBe(1);
    const shown = await visit(world, own);
    expect(textOf(shown.html)).toContain("May they drill at night? <script>");
    expect(shown.html).not.toMatch(/900123|<script>alert/);
    expect(JSON.stringify(await queue())).not.toContain("900123");
    expect((await visit(world, own, {})).status).toBe(303);
    expect(await waiting()).toBe(0);
    expect(textOf((await visit(world, `/cy${own}`)).html)).toContain("Fe gymeroch y cwestiwn hwn yn ôl");
    expect((await queue()).every((one: { question: unknown }) => one.question === null)).toBe(true);
  });

  test("that sounds like danger does not wait: the page says whom to call", async () => {
    const filled = await form("The noise makes me want to kill myself tonight.");
    const sent = await visit(world, `${page}/ask`, filled);
    expect([sent.status, textOf(sent.html).includes("Samaritans")]).toEqual([200, true]);
    expect(sent.html).toContain('href="tel:116123"');
    const own = /href="(\/m\/[^"]+)"/.exec(sent.html)?.[1] ?? "";
    expect((await visit(world, own)).status).toBe(200);
    const again = await visit(world, `${page}/ask`, filled);
    expect(again.html).toContain(own);
    expect(await world.db.prisma.referral.count()).toBe(1);
  });

  test("left over, leads whoever asked on to the page of the referral it became", async () => {
    const sent = await visit(world, `${page}/ask`, await form("Who measures how loud it is?"));
    const own = sent.headers.get("location") ?? "";
    world.clock.set(new Date("2026-12-11T09:00:00Z"));
    await world.pass(60_000);
    const { html } = await visit(world, own);
    expect(textOf(html)).toContain("It was passed on to be answered later.");
    const member = /href="(\/m\/[^"]+)"/.exec(html)?.[1] ?? "";
    expect(textOf((await visit(world, member)).html)).toContain("Who measures how loud it is?");
    expect((await visit(world, own, {})).headers.get("location")).toBe(`${own}?done=changed`);
  });

  test("a program that fills in what people do not see, and a flood from one address, end nowhere", async () => {
    world.clock.set(new Date("2027-01-05T09:00:00Z"));
    const robot = await visit(world, `${page}/ask`, await form("Buy", { surname: "x" }));
    expect([robot.status, await waiting()]).toEqual([200, 0]);
    const filled = await form("One of many?");
    const all = await Promise.all(Array.from({ length: 7 }, () => visit(world, `${page}/ask`, filled)));
    expect(all.some(({ status }) => status === 429)).toBe(true);
    expect(await waiting()).toBe(1);
  });
});
