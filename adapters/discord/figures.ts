import { literal } from "./text.ts";
import type { Say } from "./words.ts";

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
const numberOf = (value: unknown): number | null => (typeof value === "number" ? value : null);
const part = (row: Record<string, unknown>, name: string): Record<string, unknown> => {
  const value = row[name];
  return isObject(value) ? value : {};
};

/** Seconds as people say them. */
function spoken(seconds: number | null): string {
  if (seconds === null) return "–";
  if (seconds < 90 * 60) return `${Math.max(1, Math.round(seconds / 60))} min`;
  return seconds < 48 * 3600 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}
const percent = (share: number | null): string => (share === null ? "–" : `${Math.round(share * 100)} %`);

/** A forum's own figures of a period. What nothing can be counted from is a dash, never 0. */
export function figureText(stats: unknown, days: number, t: Say): string {
  const rows = isObject(stats) && Array.isArray(stats.rows) ? stats.rows.filter(isObject) : [];
  const head = `**${t("statsHead", { days })}**`;
  if (rows.length === 0) return `${head}\n${t("statsNone")}`;
  const lines = rows.flatMap((row) => {
    const rates = part(row, "rates");
    return [
      t("statsReceived", { received: numberOf(row.received) ?? 0, open: numberOf(row.open) ?? 0 }),
      t("statsTimes", {
        claim: spoken(numberOf(part(row, "timeToClaim").median)),
        reply: spoken(numberOf(part(row, "timeToFirstReply").median)),
      }),
      t("statsHelped", {
        resolved: percent(numberOf(rates.resolution)),
        helped: percent(numberOf(rates.memberHelped)),
      }),
    ];
  });
  const notes = isObject(stats) && Array.isArray(stats.notes) ? stats.notes : [];
  const small = notes.filter((note) => typeof note === "string").map((note) => `-# ${literal(note)}`);
  return [head, ...lines, ...small.slice(0, 5)].join("\n");
}
