import { describe, expect, test } from "vitest";
import { nations } from "../../src/contract/vocabulary.ts";
import { maskText } from "../../src/privacy/mask.ts";
import {
  adviceFor,
  CrisisContacts,
  crisisContacts,
  parseCrisisContacts,
  staleContacts,
} from "../../src/safety/index.ts";
import { concerns } from "../../src/safety/wording/list.ts";

const phonesOf = (question: Parameters<typeof adviceFor>[0]) =>
  adviceFor(question, crisisContacts).map(({ phone }) => phone);

describe("the contacts that come with the product", () => {
  test("have the shape an operator's file must have", () => {
    expect(CrisisContacts.parse(crisisContacts)).toEqual(crisisContacts);
    expect(parseCrisisContacts(JSON.stringify(crisisContacts))).toEqual({
      ok: true,
      contacts: crisisContacts,
    });
  });

  test("are never masked, neither alone nor in a sentence", () => {
    for (const { phone, text, hours } of crisisContacts.contacts) {
      for (const line of [
        phone,
        phone.replaceAll(" ", ""),
        `${text.en} ${phone} ${hours.en}`,
        `${text.cy} ${phone}`,
      ]) {
        expect(maskText(line)).toEqual({ text: line, masked: [] });
      }
    }
  });

  test("name a nation in their words when they serve only that one", () => {
    const names: Record<string, string> = {
      england: "England",
      wales: "Wales",
      scotland: "Scotland",
      "northern-ireland": "Northern Ireland",
    };
    for (const contact of crisisContacts.contacts.filter((one) => one.nations.length === 1)) {
      expect(contact.text.en).toContain(names[contact.nations[0] ?? ""]);
    }
  });
});

describe("advice", () => {
  const questions = concerns.flatMap((concern) =>
    [undefined, ...nations].flatMap((nation) =>
      (["en", "cy"] as const).map((language) => ({ concern, nation, language })),
    ),
  );

  test.each(questions)("$concern, $nation, $language: 999 leads, and something more follows", (question) => {
    const advice = adviceFor(question, crisisContacts);
    expect(advice[0]?.phone).toBe("999");
    expect(advice.length).toBeGreaterThan(1);
    for (const line of advice) expect(Object.keys(line).sort()).toEqual(["hours", "phone", "text"]);
  });

  test("a concern nobody listed still gets 999 and Samaritans", () => {
    expect(phonesOf({ concern: "concern" })).toEqual(["999", "116 123"]);
  });

  test("a nation gets its own lines and no other nation's", () => {
    expect(phonesOf({ concern: "abuse", nation: "wales" })).toContain("0808 80 10 800");
    expect(phonesOf({ concern: "abuse", nation: "wales" })).not.toContain("0808 2000 247");
    expect(phonesOf({ concern: "suicide", nation: "northern-ireland" })).toContain("0808 808 8000");
    expect(phonesOf({ concern: "suicide", nation: "northern-ireland" })).not.toContain("111");
  });

  test("an unknown nation gets every nation's lines, after those for everyone", () => {
    expect(phonesOf({ concern: "abuse" })).toEqual([
      "999",
      "116 123",
      "0808 2000 247",
      "0808 80 10 800",
      "0800 027 1234",
      "0808 802 1414",
    ]);
  });

  test("the Welsh line follows 999 when Welsh is asked for, is there in Wales, and nowhere else", () => {
    expect(phonesOf({ concern: "suicide", language: "cy" })[1]).toBe("0808 164 0123");
    expect(phonesOf({ concern: "suicide", nation: "wales" })).toContain("0808 164 0123");
    expect(phonesOf({ concern: "suicide", nation: "scotland" })).not.toContain("0808 164 0123");
  });

  test("words and hours are in the language asked for", () => {
    const [first] = adviceFor({ concern: "suicide", language: "cy" }, crisisContacts);
    expect(first).toMatchObject({
      text: expect.stringContaining("ffoniwch 999"),
      hours: "24 awr y dydd, bob dydd",
    });
  });
});

describe("an operator's file", () => {
  const withContacts = (change: (contacts: Record<string, unknown>[]) => unknown[]) =>
    JSON.stringify({ asOf: "2026-11-22", contacts: change(structuredClone(crisisContacts.contacts)) });

  test.each([
    ["is no JSON", "{"],
    ["has no contact", JSON.stringify({ asOf: "2026-11-22", contacts: [] })],
    ["has no 999", withContacts((all) => all.slice(1))],
    [
      "has 999 in one nation only",
      withContacts((all) => all.map((one, index) => (index === 0 ? { ...one, nations: ["wales"] } : one))),
    ],
    ["names a contact twice", withContacts((all) => [...all, all[1]])],
    ["has an unknown key", withContacts((all) => all.map((one) => ({ ...one, fax: "1" })))],
    ["has no Welsh", withContacts((all) => all.map((one) => ({ ...one, text: { en: "x" } })))],
    [
      "has a source that is not https",
      withContacts((all) => all.map((one) => ({ ...one, source: "http://example.org/" }))),
    ],
    [
      "has a date that is none",
      withContacts((all) => all.map((one) => ({ ...one, checkedOn: "2026-02-30" }))),
    ],
    [
      "has a phone number with words in it",
      withContacts((all) => all.map((one) => ({ ...one, phone: "call us" }))),
    ],
  ])("is refused with its mistakes when it %s", (_, json) => {
    const parsed = parseCrisisContacts(json);
    expect(parsed.ok).toBe(false);
    if (!parsed.ok) expect(parsed.mistakes.length).toBeGreaterThan(0);
  });
});

describe("contacts grow stale", () => {
  const checked = Date.parse("2026-11-22T00:00:00Z");
  const day = 86_400_000;

  test("not on day 180, but after it", () => {
    expect(staleContacts(new Date(checked + 180 * day), crisisContacts)).toEqual([]);
    expect(staleContacts(new Date(checked + 180 * day + 1), crisisContacts)).toHaveLength(
      crisisContacts.contacts.length,
    );
  });

  test("the oldest comes first, with the page to check it against", () => {
    const [first, ...rest] = crisisContacts.contacts;
    const contacts = {
      asOf: "2026-11-22",
      contacts: [...rest, { ...(first ?? rest[0]), checkedOn: "2025-01-01" }],
    } as typeof crisisContacts;
    expect(staleContacts(new Date(checked + 200 * day), contacts)[0]).toEqual({
      code: "emergency",
      checkedOn: "2025-01-01",
      source: first?.source,
    });
  });
});
