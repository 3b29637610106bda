import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSafetyFinder, findSafetyWording, wordingLists } from "../../src/safety/find-safety-wording.ts";
import { type Concern, concerns } from "../../src/safety/wording/list.ts";
import { growth, linearGrowth, quickest } from "../support/growth.ts";
import { unseenFalse, unseenTrue } from "./unseen-cases.ts";
import { falseCases, trueCases } from "./wording-cases.ts";

const meant = concerns.flatMap((code) => trueCases[code].map((text) => ({ code, text })));

type Finder = (text: string) => { code: Concern } | null;

/** How many texts are found that should be, and how many that should not. */
function score(find: Finder) {
  const found = meant.filter(({ text }) => find(text) !== null).length;
  const alarms = falseCases.filter((text) => find(text) !== null).length;
  return { found, alarms, recall: found / meant.length, precision: found / (found + alarms) };
}

describe("the wording lists", () => {
  test("there are at least 120 texts of each kind, none twice", () => {
    expect(meant.length).toBeGreaterThanOrEqual(120);
    expect(falseCases.length).toBeGreaterThanOrEqual(120);
    const all = [...meant.map(({ text }) => text), ...falseCases];
    expect(new Set(all).size).toBe(all.length);
  });

  test("each says who owns it, its version as a date, and when it was last reviewed", () => {
    for (const list of wordingLists) {
      expect(list.owner).not.toBe("");
      expect(list.version).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      expect(list.reviewed ?? list.version).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    }
  });

  test("each has wording for every concern, and phrases in the spelling that is read", () => {
    for (const list of wordingLists) {
      for (const code of concerns) expect(list.concerns[code]?.length ?? 0).toBeGreaterThan(0);
      const phrases = [...concerns.flatMap((code) => list.concerns[code] ?? []), ...list.falseAlarms];
      for (const phrase of phrases)
        expect(phrase).toMatch(/^[a-z]+\*?(?:\|[a-z]+\*?)*(?: (?:\.\.\.|_|[a-z.*?|]+))*$/);
    }
  });

  test("no phrase stands in a list twice", () => {
    for (const list of wordingLists) {
      const phrases = [...concerns.flatMap((code) => list.concerns[code] ?? []), ...list.falseAlarms];
      expect(phrases.filter((phrase, index) => phrases.indexOf(phrase) !== index)).toEqual([]);
    }
  });
});

describe("safety wording", () => {
  test.each(meant)("is found as $code: $text", ({ code, text }) => {
    expect(findSafetyWording(text)?.code).toBe(code);
  });

  test.each(falseCases)("is not seen in: %s", (text) => {
    expect(findSafetyWording(text)).toBeNull();
  });

  test("precision and recall over every text", () => {
    const result = score(findSafetyWording);
    console.log(
      `safety wording: precision ${result.precision.toFixed(3)}, recall ${result.recall.toFixed(3)} (${meant.length} true and ${falseCases.length} false texts, the ones the lists were written against)`,
    );
    expect(result.recall).toBeGreaterThanOrEqual(0.99);
    expect(result.precision).toBeGreaterThanOrEqual(0.99);
  });

  test("texts the lists were not written against: the honest figure", () => {
    const found = unseenTrue.filter((text) => findSafetyWording(text) !== null).length;
    const alarms = unseenFalse.filter((text) => findSafetyWording(text) !== null).length;
    const recall = found / unseenTrue.length;
    const precision = found / (found + alarms);
    console.log(
      `safety wording, unseen: precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)} (${unseenTrue.length} true and ${unseenFalse.length} false texts)`,
    );
    expect(recall).toBeGreaterThanOrEqual(0.8);
    expect(precision).toBeGreaterThanOrEqual(0.9);
  });

  test("a finder without the false alarms is caught by the table", () => {
    const careless = createSafetyFinder(wordingLists.map((list) => ({ ...list, falseAlarms: [] })));
    expect(score(careless).precision).toBeLessThan(0.99);
  });

  test("a finder that looks for the bare words is caught by the table", () => {
    const bare: Finder = (text) =>
      /kill myself|suicide|want to die/i.test(text) ? { code: "suicide" } : null;
    expect(score(bare).recall).toBeLessThan(0.5);
  });

  test.each([undefined, "en", "cy"] as const)("both languages are read when %s is declared", (language) => {
    expect(findSafetyWording("I want to die", language)).toMatchObject({ list: "en", code: "suicide" });
    expect(findSafetyWording("Dw i eisiau marw", language)).toMatchObject({ list: "cy", code: "suicide" });
  });

  test("a finding names the list and its version, and the gravest of several concerns", () => {
    const [en] = wordingLists;
    expect(findSafetyWording("He hits me. I cut myself. I want to die.")).toEqual({
      list: "en",
      version: en?.version,
      code: "suicide",
    });
  });

  test("a false alarm excuses only its own words", () => {
    expect(findSafetyWording("I could murder a curry. I want to die.")?.code).toBe("suicide");
    expect(findSafetyWording("suicide squad? no, suicide")?.code).toBe("suicide");
  });

  test("no phrase goes on over the end of a sentence", () => {
    expect(findSafetyWording("What do you want to? Die Hard is on")).toBeNull();
  });

  test("it is found in the middle of a long text, whatever stands around it", () => {
    const around = fc.constantFrom(
      ...falseCases.filter((text) => text.length < 200),
      "Hello",
      "?",
      "…",
      "\n\n",
      "12/03/2024",
      "£5.",
    );
    const core = fc.constantFrom(...trueCases.suicide.filter((text) => text.length > 8));
    fc.assert(
      fc.property(
        fc.array(around, { maxLength: 6 }),
        core,
        fc.array(around, { maxLength: 6 }),
        (before, text, after) => {
          expect(findSafetyWording([...before, text, ...after].join(".\n\n"))).not.toBeNull();
        },
      ),
      { numRuns: 1500 },
    );
  });

  test("random Unicode never throws", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 200 }), (units) => {
        findSafetyWording(String.fromCharCode(...units));
      }),
      { numRuns: 1500 },
    );
  });
});

describe("the work of reading", () => {
  const units = [
    "a",
    "a ",
    "kill ",
    "kill my ",
    "i ",
    "k.i.l.l.",
    "suicide ",
    "he he he ",
    "die",
    "k*",
    "١",
    "aaa",
    "want to ",
    "could kill him, suicide squad, suicide ",
  ];
  test.each(units)("grows with the text and no faster: %j", (unit) => {
    expect(growth(unit, findSafetyWording)).toBeLessThan(linearGrowth);
  });

  test("a reader that looks at every pair of words is caught", () => {
    const everyPair = (text: string) => {
      const words = text.split(" ");
      return words.filter(() => words.includes("absent"));
    };
    expect(growth("kill my ", everyPair)).toBeGreaterThan(linearGrowth);
  });

  test("600 characters: printed, not judged, because machines differ", () => {
    const text =
      "I have been waiting for my payment since last month and nobody at the job centre can tell me why it’s late. "
        .repeat(6)
        .slice(0, 600);
    for (let warm = 0; warm < 3000; warm += 1) findSafetyWording(text);
    const ms = quickest(() => {
      for (let round = 0; round < 1000; round += 1) findSafetyWording(text);
    });
    console.log(`${ms.toFixed(1)} µs: 600 characters without a concern`);
    expect(ms).toBeGreaterThan(0);
  });
});
