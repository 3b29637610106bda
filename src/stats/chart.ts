/** One bar: what it stands for, how long it is, and how its value is written. Null: withheld, and shown as such. */
export interface Bar {
  label: string;
  value: number | null;
  text: string;
}

export interface Chart {
  /** What the chart shows, in one sentence: its title and the name a screen reader gives. */
  title: string;
  bars: readonly Bar[];
  language: string;
}

const width = 720;
const barHeight = 28;
const gap = 34;
const top = 44;
const margin = 16;
const plot = width - 2 * margin - 90;
/** Wide enough for the widest letters of the typefaces that a machine may have at this size. */
const letterWidth = 8.6;

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
/** Text as SVG may hold it: markup escaped, what XML has no room for left out. */
const clean = (text: string): string =>
  text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
    .replace(/[&<>"']/g, (letter) => escapes[letter] ?? letter);

const fitted = (text: string, room: number): string => {
  const letters = [...text];
  const most = Math.floor(room / letterWidth);
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join("")}…`;
};

/** What a chart says, as one text: for those who do not see it, and where no picture can be shown. */
export function chartInWords({ title, bars }: Chart): string {
  return `${title}: ${bars.map(({ label, text }) => `${label}: ${text}`).join("; ")}.`;
}

function barOf({ label, value, text }: Bar, index: number, longest: number): string {
  const y = top + index * (barHeight + gap);
  const middle = y + 24 + barHeight / 2 + 5;
  const name = `<text x="${margin}" y="${y + 15}">${clean(fitted(label, width - 2 * margin))}</text>`;
  if (value === null)
    return `${name}<text x="${margin}" y="${middle}" font-style="italic">${clean(fitted(text, width - 2 * margin))}</text>`;
  const length = longest === 0 ? 0 : Math.round((value / longest) * plot * 10) / 10;
  const bar = `<rect x="${margin}" y="${y + 24}" width="${length}" height="${barHeight}" fill="#1f4f46"/>`;
  return `${name}${bar}<text x="${margin + length + 8}" y="${middle}" font-weight="700">${clean(text)}</text>`;
}

/**
 * Horizontal bars from a common zero as SVG, each with its name above and its value beside it, so that nothing is told by
 * colour. No style, script or address is in it; what it says stands in its title and description.
 */
export function drawChart(chart: Chart): string {
  const { title, bars, language } = chart;
  const longest = Math.max(0, ...bars.map(({ value }) => value ?? 0));
  const height = top + bars.length * (barHeight + gap) + margin;
  const axis = `<line x1="${margin}" y1="${top}" x2="${margin}" y2="${height - margin}" stroke="#0b0c0c" stroke-width="2"/>`;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" ` +
    `lang="${clean(language)}" font-family="Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', sans-serif" font-size="16" fill="#0b0c0c">` +
    `<title>${clean(title)}</title><desc>${clean(chartInWords(chart))}</desc>` +
    `<rect width="${width}" height="${height}" fill="#ffffff"/>` +
    `<text x="${margin}" y="26" font-size="18" font-weight="700">${clean(fitted(title, width - 2 * margin))}</text>` +
    `${bars.map((bar, index) => barOf(bar, index, longest)).join("")}${axis}</svg>`
  );
}
