import { expect, test } from "vitest";
import { knownStateWords, wordsOf } from "../../adapters/discord/words.ts";
import { createChartToPng } from "../../src/stats/chart-png.ts";
import { chartOf } from "../../src/stats/chart-stats.ts";
import { chartInWords, chartToPng, drawChart } from "../../src/stats/index.ts";
import { readPeriod } from "../../src/stats/period.ts";
import { summarise } from "../../src/stats/statement.ts";
import { hostileStrings } from "../web/hostile-strings.ts";

const chart = {
  title: "Questions received, answered and open",
  language: "en",
  bars: [
    { label: "Received", value: 40, text: "40" },
    { label: "Answered", value: 20, text: "20" },
    { label: "Open", value: null, text: "withheld" },
  ],
};

test("bars are as long as their values from a common zero, and a withheld one has none", () => {
  const widths = [...drawChart(chart).matchAll(/<rect x="16"[^>]* width="([\d.]+)"/g)].map(([, width]) =>
    Number(width),
  );
  expect(widths.length).toBe(2);
  expect(widths[0]).toBe(2 * (widths[1] ?? 0));
  expect(drawChart({ ...chart, bars: [{ label: "None", value: 0, text: "0" }] })).toContain('width="0"');
});

test("nothing is told by colour or style alone: every name and value is written, also as one text", () => {
  const svg = drawChart(chart);
  for (const { label, text } of chart.bars) {
    expect(svg).toContain(`>${label}</text>`);
    expect(svg).toContain(`>${text}</text>`);
  }
  expect(svg).toMatch(/<svg[^>]* role="img"/);
  expect(svg).toContain(`<title>${chart.title}</title><desc>${chartInWords(chart)}</desc>`);
  expect(svg).not.toMatch(/\sstyle=|<style|class=|href|url\(/);
  expect(new Set([...svg.matchAll(/<rect x="16"[^>]*fill="([^"]+)"/g)].map(([, fill]) => fill)).size).toBe(1);
});

test("no hostile string in it becomes markup, and none makes it ill-formed", () => {
  for (const text of hostileStrings) {
    const svg = drawChart({ title: text, language: text, bars: [{ label: text, value: 1, text }] });
    const tags = [...svg.matchAll(/<\/?([a-z]+)/gi)].map(([, tag]) => tag);
    expect(
      tags.filter((tag) => !["svg", "title", "desc", "rect", "text", "line"].includes(tag ?? "")),
    ).toEqual([]);
    expect(svg.replace(/<[^>]*>/g, "")).not.toMatch(/[<>]/);
  }
  expect(drawChart({ ...chart, title: "a\u0000b\u0008" })).toContain("a\uFFFDb\uFFFD");
});

test("as a picture for chat it is a PNG twice as large, or nothing where this machine has no typeface", async () => {
  const png = await chartToPng(drawChart(chart));
  if (png === null) return;
  expect([...png.slice(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
  expect(Buffer.from(png).readUInt32BE(16)).toBe(960);
});

test("a library that does not load fails one picture, not all that come after it", async () => {
  let loads = 0;
  const toPng = createChartToPng(async () => {
    loads += 1;
    if (loads === 1) throw new Error("Cannot find native binding.");
    return import("@resvg/resvg-js");
  });
  await expect(toPng(drawChart(chart))).rejects.toThrow("native binding");
  expect(await toPng(drawChart(chart))).toEqual(await chartToPng(drawChart(chart)));
});

test.each([
  ["2026-06-01", "2026-06-30", "from 2026-06-01 to 2026-06-30"],
  ["2026-12-01", "2026-12-31", "from 2026-12-01 to 2026-12-31"],
  ["2026-10-25", "2026-10-25", "from 2026-10-25 to 2026-10-25"],
  ["2026-06-01T22:30:00Z", "2026-06-02T23:30:00Z", "from 2026-06-01 to 2026-06-03"],
])("a period from %s to %s is named by its days of London, the last one included", (from, to, named) => {
  const period = readPeriod({ from, to }, new Date("2027-02-01T00:00:00Z"));
  const stats = { from: period.from.toISOString(), to: period.to.toISOString(), by: [], rows: [], notes: [] };
  expect(chartOf(stats).title).toBe(`Referrals received ${named}`);
  expect(summarise(stats)).toMatch(new RegExp(`^Referrals submitted ${named}\\.`));
});

test("in Welsh a referral is no address", () => {
  const stats = { from: "2026-06-01T00:00:00Z", to: "2026-07-01T00:00:00Z", by: [], rows: [], notes: [] };
  expect(chartOf(stats, "cy").title).toBe("Atgyfeiriadau a dderbyniwyd rhwng 2026-06-01 a 2026-07-01");
  const say = wordsOf("cy");
  const words = ["backToAdvisor", "closed", "none", "notFound", "statsNone"] as const;
  for (const text of [...words.map((word) => say(word)), knownStateWords("merged", "cy")]) {
    expect(text).toContain("atgyfeiriad");
    expect(text).not.toMatch(/\bch?yfeiriad/);
  }
});
