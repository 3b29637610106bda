/** Who acts in a step, as the second column names them. */
export type Who =
  | "Moderator"
  | "Member"
  | "Advisor"
  | "Forum"
  | "Triage"
  | "Safeguarding"
  | "Manager"
  | "Fingerpost";

/** Says what happens, on lines of at most 80 characters. */
export interface Narrator {
  heading(title: string): void;
  /** One step: when, who, whether it did what it should, and what it was. */
  step(at: string, who: Who, held: boolean, text: string): void;
  /** A quieter line that belongs to the step above. */
  detail(text: string): void;
  /** What stands in a box beside the step above, such as a post as a forum shows it. */
  box(title: string, paragraphs: readonly string[]): void;
  /** What was expected and what came instead. */
  failure(expected: string, got: string): void;
  /** A line as it is, unwrapped. */
  plain(text?: string): void;
  paragraph(text: string): void;
  /** One of several points below each other. */
  point(text: string): void;
}

const width = 80;
const margin = 22;

const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
} as const;
type Paint = keyof typeof codes;

const paints: Readonly<Record<Who, Paint>> = {
  Moderator: "yellow",
  Member: "green",
  Advisor: "cyan",
  Forum: "magenta",
  Triage: "cyan",
  Safeguarding: "cyan",
  Manager: "cyan",
  Fingerpost: "blue",
};

/** Breaks a text between words into lines of at most `room` characters; a longer word has a line of its own. */
function wrap(text: string, room: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && [...longer].length > room) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return line === "" ? lines : [...lines, line];
}

/** A narrator that writes to `out`, one line at a time, in colour where `color` says so. */
export function createNarrator(out: (line: string) => void, color: boolean): Narrator {
  const paint = (how: Paint, text: string) => {
    const [on, off] = codes[how];
    return color ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  };
  const indent = " ".repeat(margin);
  const under = (text: string, how: Paint, first: string) => {
    const [head = "", ...rest] = wrap(text, width - margin - first.length);
    out(`${indent}${paint(how, first + head)}`);
    for (const line of rest) out(`${indent}${" ".repeat(first.length)}${paint(how, line)}`);
  };
  const paragraph = (text: string, first = "") => {
    const [head = "", ...rest] = wrap(text, width - first.length);
    out(first + head);
    for (const line of rest) out(" ".repeat(first.length) + line);
  };

  return {
    heading(title) {
      out("");
      out(`${paint("bold", title)} ${paint("dim", "─".repeat(Math.max(0, width - [...title].length - 1)))}`);
    },
    step(at, who, held, text) {
      const mark = held ? paint("green", "✓") : paint("red", "✗");
      const [head = "", ...rest] = wrap(text, width - margin);
      out(`${paint("dim", at)}  ${paint(paints[who], who.padEnd(12))} ${mark} ${head}`);
      for (const line of rest) out(`${indent}${line}`);
    },
    detail: (text) => under(text, "dim", "→ "),
    box(title, paragraphs) {
      out(`${indent}${paint("dim", "┌")} ${paint("dim", title)}`);
      for (const paragraph of paragraphs)
        for (const line of wrap(paragraph, width - margin - 2)) out(`${indent}${paint("dim", "│")} ${line}`);
    },
    failure(expected, got) {
      under(expected, "red", "expected: ");
      under(got, "red", "     got: ");
    },
    plain: (text = "") => out(text),
    paragraph: (text) => paragraph(text),
    point: (text) => paragraph(text, "  · "),
  };
}
