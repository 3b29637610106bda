import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type MaskedCode, maskedCodes } from "../../src/contract/vocabulary.ts";
import { containsPersonalData, maskText } from "../../src/privacy/mask.ts";
import { growth, linearGrowth, quickest } from "../support/growth.ts";
import { falseCases, trueCases } from "./mask-cases.ts";

const marked = /‹([^›]*)›/g;

const replacementOf: Record<MaskedCode, string> = {
  "national-insurance-number": "[National Insurance number removed]",
  "nhs-number": "[NHS number removed]",
  phone: "[phone number removed]",
  postcode: "[postcode removed]",
  email: "[email address removed]",
  card: "[card number removed]",
  "bank-account": "[bank details removed]",
};

interface Case {
  text: string;
  expected: string;
  codes: MaskedCode[];
}

const cases: Case[] = [
  ...maskedCodes.flatMap((code) =>
    trueCases[code].map((text) => ({
      text: text.replace(marked, "$1"),
      expected: text.replace(marked, replacementOf[code]),
      codes: [code],
    })),
  ),
  ...falseCases.map((text) => ({ text, expected: text, codes: [] })),
];

type Masker = (text: string) => { text: string; masked: MaskedCode[] };

/** Precision and recall of one recogniser over all cases. A case counts as found only if the cut is exact. */
function score(code: MaskedCode, mask: Masker) {
  let right = 0;
  let missed = 0;
  let wrong = 0;
  for (const one of cases) {
    const answer = mask(one.text);
    const expected = one.codes.includes(code);
    const found = answer.masked.includes(code);
    if (expected && found && answer.text === one.expected) right += 1;
    else if (expected) missed += 1;
    else if (found) wrong += 1;
  }
  return { right, missed, wrong, recall: right / (right + missed), precision: right / (right + wrong) };
}

describe("masking", () => {
  test("the table holds at least 300 cases, and no text twice", () => {
    expect(cases.length).toBeGreaterThanOrEqual(300);
    expect(new Set(cases.map((one) => one.text)).size).toBe(cases.length);
  });

  test.each(maskedCodes)("%s: precision and recall stay at their floor", (code) => {
    const result = score(code, maskText);
    console.log(
      `${code.padEnd(26)} precision ${result.precision.toFixed(3)}  recall ${result.recall.toFixed(3)}  (${result.right} right, ${result.missed} missed, ${result.wrong} wrong)`,
    );
    expect(result.precision).toBeGreaterThanOrEqual(0.98);
    expect(result.recall).toBeGreaterThanOrEqual(0.98);
  });

  test.each(cases)("$text", ({ text, expected, codes }) => {
    expect(maskText(text)).toEqual({ text: expected, masked: codes });
  });

  test("a masker that forgets to fold is caught by the table", () => {
    const asciiOnly: Masker = (text) => maskText(text.replace(/[^\0-\x7f]/g, "?"));
    expect(score("phone", asciiOnly).recall).toBeLessThan(0.98);
  });

  test("codes come once each, in the order of the vocabulary", () => {
    const text =
      "jo@example.com 07700 900123, SW1A 1AA; AB 12 34 56 C. sam@example.com or 4111 1111 1111 1111, NHS 943 476 5919, 08-99-99 66374958";
    expect(maskText(text).masked).toEqual([...maskedCodes]);
  });

  test("what stands between two findings stays in place", () => {
    expect(maskText("a jo@example.com b 07700 900123 c").text).toBe(
      "a [email address removed] b [phone number removed] c",
    );
  });
});

const fragment = fc.oneof(
  fc.constantFrom(
    ...maskedCodes.flatMap((code) => trueCases[code].slice(0, 12).map((text) => text.replace(marked, "$1"))),
    ...falseCases.slice(0, 120),
    " ",
    "-",
    ".",
    "/",
    "(",
    ")",
    "+",
    "@",
    "0",
    "44",
    "account ",
    "order ",
    "NHS ",
    "sort code ",
    "https://",
    "[",
    "] ",
    " at ",
    "\n",
  ),
  fc.string({ unit: "binary", maxLength: 6 }),
  fc.stringMatching(/^[0-9 .\-/()+@A-Ea-e]{0,14}$/),
);
const anyText = fc.array(fragment, { maxLength: 14 }).map((parts) => parts.join(""));

describe("masking any text", () => {
  test("masking twice changes nothing", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const once = maskText(text).text;
        expect(maskText(once)).toEqual({ text: once, masked: [] });
      }),
      { numRuns: 4000 },
    );
  });

  test("random Unicode, lone surrogates included, never throws and is never cut through", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 120 }), (units) => {
        const text = String.fromCharCode(...units);
        const { text: result, masked } = maskText(text);
        if (masked.length === 0) expect(result).toBe(text);
        if (!/\p{Surrogate}/u.test(text)) expect(result).not.toMatch(/\p{Surrogate}/u);
      }),
      { numRuns: 2000 },
    );
  });

  test("only what is found goes: everything left over stood in the text, in order", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        let from = 0;
        for (const piece of maskText(text).text.split(/\[[A-Za-z ]+ removed\]/)) {
          const at = text.indexOf(piece, from);
          expect(at).toBeGreaterThanOrEqual(from);
          from = at + piece.length;
        }
      }),
      { numRuns: 1000 },
    );
  });
});

const hostile = [
  "a",
  "a.",
  "@",
  "a@",
  "a@a.",
  "a at ",
  "(at)",
  "0",
  "07",
  "0 ",
  "00 ",
  "07700 9001",
  "12-34-56 ",
  "4",
  "4111 ",
  "AB12",
  "A1",
  "SW1",
  "+1 ",
  "https://1",
  "1/",
  "account ",
  "\u200b",
  "０",
  "😀1",
  "GB29",
  " dot a",
  "order 1",
  "[",
  "01/02/2024 ",
];

describe("the work of masking", () => {
  test.each(hostile)("grows with the text and no faster: %j", (unit) => {
    expect(growth(unit, maskText)).toBeLessThan(linearGrowth);
  });

  test("a masker with a greedy pattern for addresses is caught", () => {
    expect(growth("a", (text) => /[a-z.]+@[a-z]+\.com/.exec(text), 250)).toBeGreaterThan(linearGrowth);
  });
});

describe("the cost of masking", () => {
  const sentence =
    "I have been waiting for my payment since last month and nobody at the job centre can tell me why it’s late. ";
  const plain = sentence.repeat(6).slice(0, 600);
  test.each([
    ["nothing to mask", plain],
    ["a date and an amount", plain.replace("last month", "12 March 2024 (£368.74)")],
    ["a mobile number", plain.replace("last month", "07123 456789")],
  ])("600 characters with %s: printed, not judged, because machines differ", (name, text) => {
    for (let warm = 0; warm < 500; warm += 1) maskText(text);
    const ms = quickest(() => {
      for (let round = 0; round < 200; round += 1) maskText(text);
    });
    console.log(`${((ms / 200) * 1000).toFixed(1)} µs: ${text.length} characters with ${name}`);
    expect(ms).toBeGreaterThan(0);
  });
});

describe("checking a reply", () => {
  test.each([
    ["Your number is AB 12 34 56 C", ["national-insurance-number"]],
    ["I have your mobile as 07700 900123", ["phone"]],
    ["Write to jo@example.com or SW1A 1AA", ["postcode", "email"]],
  ] as const)("names what it would give away: %s", (text, codes) => {
    expect(containsPersonalData(text)).toEqual(codes);
  });

  test.each([
    "Call 0800 328 5644",
    "Ring 0345 600 0723",
    "The line is 0300 123 4567",
    "Samaritans: 116 123",
    "Report it in your journal.",
  ])("lets a service's number pass: %s", (text) => expect(containsPersonalData(text)).toEqual([]));
});
