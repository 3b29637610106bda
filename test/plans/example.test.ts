import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { ClinicFile } from "../../src/clinics/index.ts";
import { faultOf, occurrences } from "../../src/clinics/recurrence.ts";
import { RecordFile } from "../../src/plans/index.ts";
import { readRegisterText } from "../../src/register/index.ts";

const read = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../examples/${name}`, import.meta.url)), "utf8");
const record = readRegisterText(read("record.yaml")) as { plans: unknown; clinics: unknown };
const register = parse(read("register.yaml"));
const slugs = (list: { slug: string }[]) => new Set(list.map(({ slug }) => slug));

test("the example's record is complete, and everything it names is in the example's register", () => {
  const { plans } = RecordFile.parse({ plans: record.plans });
  const { clinics } = ClinicFile.parse({ clinics: record.clinics });
  const [departments, forums, pools] = [register.departments, register.forums, register.pools].map(slugs);
  for (const { department, versions, reports } of plans) {
    expect(departments?.has(department)).toBe(true);
    for (const { document } of versions)
      expect(document.forums.filter(({ forum }) => !forums?.has(forum))).toEqual([]);
    expect([versions.length, reports.length]).toEqual([2, 2]);
  }
  for (const { document, held } of clinics) {
    expect([faultOf(document), pools?.has(document.pool), forums?.has(document.forum)]).toEqual([
      null,
      true,
      true,
    ]);
    for (const { startsAt } of held)
      expect(occurrences(document, new Date(startsAt), new Date(startsAt)).length).toBe(1);
  }
});

test("whatever it says of anybody is marked as an example", () => {
  const { plans } = RecordFile.parse({ plans: record.plans });
  const said = plans.flatMap(({ versions, reports }) => [
    ...versions.flatMap(({ document }) => [document.title, document.owner, document.summary]),
    ...reports.flatMap(({ document }) => [document.summary, document.signedOffBy]),
  ]);
  expect(said.filter((text) => !text.includes("Example"))).toEqual([]);
  expect(read("record.yaml")).not.toMatch(/https?:\/\/(?![\w.-]+\.example\/)/);
});
