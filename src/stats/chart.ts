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

/** Narrow enough to be read on the smallest screens, where it is shown at half its size at most. */
const width = 480;
const barHeight = 28;
const gap = 16;
const lineHeight = 22;
const margin = 16;
const room = width - 2 * margin;
/** What a value beside the longest bar needs. */
const plot = room - 80;
/** Wide enough for the letters of the typefaces that a machine may have at these sizes. */
const letterWidth = { plain: 8.6, bold: 10.4 };

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

/** A text on as many lines as it needs. A word that is longer than a line is broken. */
function linesOf(text: string, weight: keyof typeof letterWidth): string[] {
  const most = Math.floor(room / letterWidth[weight]);
  const words = text.split(/\s+/).flatMap((word) => word.match(RegExp(`.{1,${most}}`, "gsu")) ?? []);
  const lines: string[] = [];
  for (const word of words) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && [...longer].length <= most) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** Words stand a little to the right of the line at which the bars begin. */
const textAt = (lines: readonly string[], y: number, how = ""): string =>
  lines
    .map(
      (line, index) =>
        `<text x="${margin + 8}" y="${y + 16 + index * lineHeight}"${how}>${clean(line)}</text>`,
    )
    .join("");

/** What a chart says, as one text: for those who do not see it, and where no picture can be shown. */
export function chartInWords({ title, bars }: Chart): string {
  return `${title}: ${bars.map(({ label, text }) => `${label}: ${text}`).join("; ")}.`;
}

/** One bar from `y` down: what is drawn, and where it ends. */
function barOf({ label, value, text }: Bar, y: number, longest: number): { drawn: string; end: number } {
  const name = linesOf(label, "plain");
  const below = y + name.length * lineHeight + 4;
  if (value === null) {
    const withheld = linesOf(text, "plain");
    const drawn = textAt(name, y) + textAt(withheld, below, ' font-style="italic"');
    return { drawn, end: below + withheld.length * lineHeight + gap };
  }
  const length = longest === 0 ? 0 : Math.round((value / longest) * plot * 10) / 10;
  const bar = `<rect x="${margin}" y="${below}" width="${length}" height="${barHeight}" fill="#1f4f46"/>`;
  const written = `<text x="${margin + length + 8}" y="${below + barHeight / 2 + 6}" font-weight="700">${clean(text)}</text>`;
  return { drawn: textAt(name, y) + bar + written, end: below + barHeight + gap };
}

/**
 * Horizontal bars from a common zero as SVG, each with its name above and its value beside it, so that nothing is told by
 * colour. No style, script or address is in it; what it says stands in its title and description.
 */
export function drawChart(chart: Chart): string {
  const { title, bars, language } = chart;
  const longest = Math.max(0, ...bars.map(({ value }) => value ?? 0));
  const heading = linesOf(title, "bold");
  const top = margin + heading.length * lineHeight + gap;
  let y = top;
  const drawn = bars.map((bar) => {
    const one = barOf(bar, y, longest);
    y = one.end;
    return one.drawn;
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" width="${width}" height="${y}" role="img" ` +
    `lang="${clean(language)}" font-family="Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', sans-serif" font-size="16" fill="#0b0c0c">` +
    `<title>${clean(title)}</title><desc>${clean(chartInWords(chart))}</desc>` +
    `<rect width="${width}" height="${y}" fill="#ffffff"/>${textAt(heading, margin, ' font-weight="700"')}` +
    `${drawn.join("")}<line x1="${margin}" y1="${top}" x2="${margin}" y2="${y - gap}" stroke="#0b0c0c" stroke-width="2"/></svg>`
  );
}
