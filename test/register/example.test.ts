import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { applyRegister } from "../../src/register/apply-register.ts";
import { exportRegister, toYaml } from "../../src/register/export-register.ts";
import { parseRegister, readRegisterText } from "../../src/register/parse-document.ts";
import { createTopicIndex } from "../../src/routing/index.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";
import { admin, applyDepsOver } from "./support.ts";

const text = await readFile(new URL("../../examples/register.yaml", import.meta.url), "utf8");
const sample = parseRegister(readRegisterText(text));
/** The forums of recommendation 1 of the Power of Information Taskforce report, 2009. */
const named2009 = [
  "the-student-room",
  "netmums",
  "money-saving-expert",
  "army-rumour-service",
  "the-poultry-keeper",
  "noise-abatement-society",
  "sheffield-forum",
  "idea-communities-of-practice",
  "rightsnet",
];

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

test("the sample applies, its export applies with no change, and so does the export's YAML", async () => {
  const deps = applyDepsOver(db);
  const first = await applyRegister(deps, { document: readRegisterText(text) }, admin);
  expect(first).toMatchObject({ version: 1, applied: true, warnings: [] });
  const exported = exportRegister(await deps.register(deps.db));
  for (const document of [
    readRegisterText(text),
    exported,
    { ...exported, prune: true },
    readRegisterText(toYaml(exported)),
  ]) {
    expect(await applyRegister(deps, { document }, admin)).toMatchObject({
      version: 1,
      applied: false,
      changes: [],
    });
  }
});

describe("honesty about the sample", () => {
  const forums = sample.forums ?? [];

  test("the nine forums of 2009 are listed and nothing is agreed with any of them", () => {
    const real = forums.filter(({ slug }) => named2009.includes(slug));
    expect(real.map(({ slug }) => slug)).toEqual(named2009);
    for (const forum of real) {
      expect(forum).toMatchObject({ intervention: null });
      expect([forum.platform, forum.callbackUrl, forum.discord, forum.slack, forum.url]).toEqual(
        Array(5).fill(undefined),
      );
      for (const figure of forum.figures) {
        expect(figure).toMatchObject({ date: "2009", source: "Power of Information Taskforce report" });
      }
    }
  });

  test("every other forum is invented: it lives at .example, and so does its callback", () => {
    for (const forum of forums.filter(({ slug }) => !named2009.includes(slug))) {
      expect(forum.slug).toMatch(/^example-/);
      for (const address of [forum.url, forum.callbackUrl]) {
        if (address !== undefined) expect(new URL(address).hostname).toMatch(/\.example$/);
      }
    }
  });

  test("every pool and department is called an example, and every email address is one", () => {
    for (const { name } of [...(sample.pools ?? []), ...(sample.departments ?? [])])
      expect(name).toMatch(/^Example /);
    for (const entry of [
      ...(sample.advisors ?? []),
      ...(sample.people ?? []),
      ...[sample.alerts?.triage, sample.alerts?.safeguarding],
    ]) {
      expect(entry?.email).toMatch(/\.example$/);
    }
  });
});

test.each([
  ["My first Universal Credit payment is late and my work coach does not answer", "universal-credit"],
  ["when does a baby get the first jab, ours was born early", "vaccination"],
  ["our neighbour plays loud music every night, the noise is awful", "neighbour-noise"],
  ["my maintenance loan from student finance has not come", "student-finance"],
  ["I am a veteran and want to ask about my armed forces pension", "veterans-support"],
])("a moderator is offered the right topic first for: %s", (question, topic) => {
  const index = createTopicIndex(sample.topics ?? []);
  expect(index.suggest(question)[0]?.code).toBe(topic);
});
