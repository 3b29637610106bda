import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createPhraseFinder, foldPhrase, wordsOf } from "../../src/routing/words.ts";

describe("words", () => {
  test.each([
    ["I don't, DON’T know", ["i", "dont", "dont", "know"]],
    ["tŷ Ŵyl ﬁve £20 – café…", ["ty", "wyl", "five", "20", "cafe"]],
    ["e-mail/P45\n(now)", ["e", "mail", "p45", "now"]],
    ["😀help😀 me", ["help", "me"]],
    ["жильё 住房", ["жилье", "住房"]],
    ["", []],
    ["–!?", []],
  ])("of %j", (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });

  test("fold the same way twice, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => foldPhrase(foldPhrase(text)) === foldPhrase(text)),
      {
        numRuns: 2_000,
      },
    );
  });
});

describe("finding phrases", () => {
  const find = createPhraseFinder([
    "UC",
    "work coach",
    "work coach appointment",
    "five week wait",
    "tŷ",
    "!!",
    "work",
  ]);

  test("finds whole words and whole phrases, over line ends and signs, each once", () => {
    expect(find("my work\ncoach... WORK-COACH appointment, uc UC")).toEqual([
      "work coach",
      "work",
      "work coach appointment",
      "uc",
    ]);
    expect(find("ty bach")).toEqual(["ty"]);
  });

  test("does not find parts of words or phrases that break off", () => {
    expect(find("ucas coworker work-coaches workcoach five week")).toEqual(["work"]);
  });

  test("finds what a search for whole phrases in the folded text finds, whatever the text and phrases", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "é", " ", "-", "'"), maxLength: 12 });
    fc.assert(
      fc.property(
        fc.array(letters, { maxLength: 6 }),
        fc.string({ unit: fc.constantFrom("a", "b", "e", "é", " ", "’") }),
        (phrases, text) => {
          const folded = ` ${foldPhrase(text)} `;
          const expected = new Set(
            phrases.map(foldPhrase).filter((phrase) => phrase && folded.includes(` ${phrase} `)),
          );
          expect(new Set(createPhraseFinder(phrases)(text))).toEqual(expected);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
