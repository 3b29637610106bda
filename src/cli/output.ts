import Table from "cli-table3";
import { Listr } from "listr2";
import type { Context } from "./context.ts";

const none = "";
const plain = {
  top: none,
  "top-mid": none,
  "top-left": none,
  "top-right": none,
  bottom: none,
  "bottom-mid": none,
  "bottom-left": none,
  "bottom-right": none,
  left: none,
  "left-mid": none,
  mid: none,
  "mid-mid": none,
  right: none,
  "right-mid": none,
  middle: "  ",
};

/** Rows under headings, aligned, without lines or colours, so that it also reads well in a file. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    head: [...head],
    chars: plain,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

/** Prints an answer: as JSON where `--json` asks for it, else in words. */
export function answer(
  context: Context,
  options: { json?: boolean | undefined },
  value: unknown,
  words: string,
): void {
  context.print(options.json ? JSON.stringify(value, null, 2) : words);
}

/** Prints a list: as JSON, as a table, or as a sentence where there is nothing in it. */
export function answerList<Item>(
  context: Context,
  options: { json?: boolean | undefined },
  items: readonly Item[],
  table: { head: readonly string[]; row(item: Item): readonly string[]; none: string },
): void {
  const words = items.length === 0 ? table.none : tableOf(table.head, items.map(table.row));
  answer(context, options, items, words);
}

/** Does long work; a person at a terminal sees that it goes on, nobody else sees anything. */
export async function withProgress<T>(
  context: Context,
  title: string,
  work: (tell: (progress: string) => void) => Promise<T>,
): Promise<T> {
  if (!context.isTerminal) return work(() => {});
  let show = (_progress: string): void => {};
  const working = work((progress) => show(progress));
  const list = new Listr([
    {
      title,
      task: async (_, task) => {
        show = (progress) => {
          task.title = `${title}: ${progress}`;
        };
        await working;
      },
    },
  ]);
  await list.run();
  return working;
}
