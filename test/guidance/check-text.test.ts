import { describe, expect, test } from "vitest";
import { checkText, type Draft, electionPeriodOn } from "../../src/guidance/check-text.ts";
import { findDoors } from "../../src/guidance/find-doors.ts";

const draft = (change: Partial<Draft>): Draft => ({
  text: "You can ask for an advance in your journal. It is paid back over 24 months.",
  question: "How do I get an advance?",
  personalData: [],
  textLength: 10_000,
  mistakes: [],
  nation: "wales",
  today: "2027-04-01",
  electionPeriods: [],
  ...change,
});
const codes = (change: Partial<Draft>) => checkText(draft(change)).map(({ code }) => code);

describe("a reply is read before it is sent", () => {
  test("an ordinary answer passes without a word", () => {
    expect(checkText(draft({}))).toEqual([]);
  });

  test.each([
    ["personal-data", { personalData: ["national-insurance-number" as const] }],
    ["personal-case", { text: "I have looked into your claim and it will be paid." }],
    ["information-request", { question: "Under the Freedom of Information Act, how many claims were late?" }],
    ["complaint", { question: "I want to make a complaint about the jobcentre." }],
    ["link-not-secure", { text: "See http://www.gov.uk/advance." }],
    ["hard-to-read", { text: `${"word ".repeat(40)}.` }],
  ])("%s is found", (code, change) => {
    expect(codes(change)).toEqual([code]);
  });

  test("only a text that the forum cannot show stops", () => {
    const findings = checkText(draft({ textLength: 20 }));
    expect(findings).toMatchObject([{ code: "too-long", stops: true }]);
    const mistakes = [{ code: "html" as const, says: "Take it out." }];
    expect(checkText(draft({ mistakes }))).toEqual([{ ...mistakes[0], stops: true }]);
    expect(checkText(draft({ text: "🙂".repeat(20), textLength: 20 })).filter(({ stops }) => stops)).toEqual(
      [],
    );
  });

  test("an election period counts on its first and last day, in its nations, and where no nation is known", () => {
    const electionPeriods = [{ from: "2027-03-25", to: "2027-05-06", nations: ["wales" as const] }];
    const on = (today: string, nation: Draft["nation"]) => codes({ electionPeriods, today, nation }).length;
    expect([
      on("2027-03-24", "wales"),
      on("2027-03-25", "wales"),
      on("2027-05-06", "wales"),
      on("2027-05-07", "wales"),
    ]).toEqual([0, 1, 1, 0]);
    expect([on("2027-04-01", "england"), on("2027-04-01", null)]).toEqual([0, 1]);
    expect(electionPeriodOn(electionPeriods, "2027-04-01", "scotland")).toBeNull();
  });
});

describe("the right door", () => {
  test.each([
    ["FOI: please send me copies of all emails about the closure", ["information-request"]],
    ["I'd like to make a subject access request", ["information-request"]],
    ["How much money has the department spent on this?", ["information-request"]],
    ["Rhyddid gwybodaeth: faint o geisiadau?", ["information-request"]],
    ["I want to lodge a complaint with the ombudsman", ["complaint"]],
    ["My claim was refused and the reference is lost", ["personal-case"]],
    ["Could somebody look into my payment?", ["personal-case"]],
    ["Fy nhaliad heb gyrraedd", ["personal-case"]],
    ["Who do I complain to about noise from next door?", ["complaint"]],
    ["How long does a claim take?", []],
    ["Is there an information line?", []],
    ["What counts as income in an application?", []],
    ["My doctor is complaining of the cold", []],
  ])("%s", (text, expected) => {
    expect(findDoors(text).map(({ door }) => door)).toEqual(expected);
  });

  test("a text of 100,000 characters is read once and cut, and odd ones never throw", () => {
    expect(findDoors("my claim ".repeat(12_000))).toEqual([]);
    expect(findDoors("\ud800 ﷽ \u0000")).toEqual([]);
  });
});
