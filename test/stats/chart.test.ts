import { expect, test } from "vitest";
import { createChartToPng } from "../../src/stats/chart-png.ts";
import { chartInWords, chartToPng, drawChart } from "../../src/stats/index.ts";
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
