import { bold, line, small } from "./blocks.ts";
import type { Block } from "./sdk.ts";

const barLength = 12;
const mostRows = 20;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
const numberOf = (value: unknown): number | null => (typeof value === "number" ? value : null);

/** Seconds as people say them. */
function spoken(seconds: number | null): string {
  if (seconds === null) return "–";
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  return seconds < 48 * 3600 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}

const percent = (share: number | null): string => (share === null ? "–" : `${Math.round(share * 100)} %`);
const bar = (value: number, greatest: number): string =>
  "█".repeat(greatest === 0 ? 0 : Math.max(value > 0 ? 1 : 0, Math.round((value / greatest) * barLength)));

/** Whether nothing came to a pool: such a row is there for its cover, which a chat does not show. */
const isIdle = ({
  received,
  open,
  load,
  timeToClaim,
  declines,
  escalations,
  directReplies,
}: Record<string, unknown>) =>
  isObject(load) &&
  [received, open, escalations, directReplies].every((count) => count === 0) &&
  isObject(timeToClaim) &&
  timeToClaim.count === 0 &&
  isObject(declines) &&
  Object.keys(declines).length === 0;

/** The figures of a period as lines with bars. A figure that has nothing to be counted from is a dash, never 0. */
export function figureBlocks(stats: unknown, by: string): Block[] {
  const all = isObject(stats) && Array.isArray(stats.rows) ? stats.rows.filter(isObject) : [];
  const rows = all.filter((row) => !isIdle(row));
  if (rows.length === 0) return [line("There are no referrals in this period that you may see figures of.")];
  const greatest = Math.max(...rows.map((row) => numberOf(row.received) ?? 0));
  const lines = rows.slice(0, mostRows).flatMap((row) => rowBlocks(row, by, greatest));
  const notes =
    isObject(stats) && Array.isArray(stats.notes)
      ? stats.notes.filter((note) => typeof note === "string")
      : [];
  return [...lines, ...notes.slice(0, 5).map((note) => small(note))];
}

function rowBlocks(row: Record<string, unknown>, by: string, greatest: number): Block[] {
  const part = (name: string): Record<string, unknown> => {
    const value = row[name];
    return isObject(value) ? value : {};
  };
  const received = numberOf(row.received) ?? 0;
  const claim = part("timeToClaim");
  const reply = part("timeToFirstReply");
  const rates = part("rates");
  return [
    line(
      bold(String(row[by] ?? "none")),
      `\n${bar(received, greatest)} ${received} received, ${numberOf(row.open) ?? 0} open`,
    ),
    small(
      [
        `claimed in ${spoken(numberOf(claim.median))} (90 %: ${spoken(numberOf(claim.p90))})`,
        `first reply in ${spoken(numberOf(reply.median))}`,
        `resolved ${percent(numberOf(rates.resolution))}`,
        `member or moderator says helped ${percent(numberOf(rates.memberHelped))}`,
      ].join(" · "),
    ),
  ];
}
