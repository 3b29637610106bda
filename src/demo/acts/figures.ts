import { z } from "zod";
import { bodyOf, check } from "../answers.ts";
import type { Narrator } from "../narrator.ts";
import type { Act } from "../scene.ts";

const Row = z.object({
  pool: z.string().nullable(),
  received: z.number(),
  open: z.number(),
  claimConflicts: z.number(),
  timeToClaim: z.object({ median: z.number().nullable() }),
  timeToFirstReply: z.object({ median: z.number().nullable() }),
  results: z.record(z.string(), z.record(z.string(), z.number())),
});
type Row = z.infer<typeof Row>;
const Stats = z.object({ rows: z.array(Row), notes: z.array(z.string()) });

/** The figures of the two days, as a manager reads them, with what they leave out. */
export const figures: Act = {
  day: "2026-11-24",
  title: "Tuesday, eleven o'clock: what can be said about it",
  async play({ stage, step, say }) {
    let rows: Row[] = [];
    let notes: string[] = [];
    await step({
      at: "11:00",
      who: "Manager",
      does: "asks for the figures, by pool",
      async run() {
        const path = "/v1/stats?from=2026-11-23&to=2026-11-24&by=pool";
        const stats = bodyOf(await stage.call({ path, key: await stage.keyOf("manager") }), 200, Stats);
        ({ rows, notes } = stats);
        const conflicts = rows.reduce((sum, row) => sum + row.claimConflicts, 0);
        check(conflicts === 1, "the one lost race counted", `${conflicts}`);
        return {};
      },
    });
    await step({
      at: "11:00",
      who: "Forum",
      does: `${stage.forums.callbacks.length} callbacks in two days, every signature held`,
      async run() {
        check(
          stage.forums.forged() === 0,
          "every signature to hold",
          `${stage.forums.forged()} that did not`,
        );
        return {};
      },
    });
    table(rows, say);
    leftOut(notes, say);
  },
};

const saying = ["helped", "partly_helped", "now_knows_next_step"];
const columns = [31, 9, 6, 10, 10, 8, 6];

function table(rows: readonly Row[], say: Narrator): void {
  const line = (cells: readonly string[]) =>
    cells.map((cell, index) => cell[index === 0 ? "padEnd" : "padStart"](columns[index] ?? 0)).join("");
  say.plain();
  say.plain(line(["", "", "", "median", "median", "helped,", "says"]));
  say.plain(line(["pool", "received", "open", "to claim", "to reply", "member", "mod."]));
  say.plain("─".repeat(80));
  for (const row of rows.filter(({ received }) => received > 0)) {
    const said = (who: string) =>
      String(saying.reduce((sum, result) => sum + (row.results[result]?.[who] ?? 0), 0));
    say.plain(
      line([
        row.pool ?? "(no pool: safeguarding)",
        String(row.received),
        String(row.open),
        minutes(row.timeToClaim.median),
        minutes(row.timeToFirstReply.median),
        said("member"),
        said("moderator"),
      ]),
    );
  }
}

const minutes = (seconds: number | null): string => {
  if (seconds === null) return "–";
  const whole = Math.round(seconds / 60);
  return whole < 60 ? `${whole}m` : `${Math.floor(whole / 60)}h ${whole % 60}m`;
};

function leftOut(notes: readonly string[], say: Narrator): void {
  say.plain();
  say.plain("What they leave out:");
  const own = [
    "a lost race is counted, but no figure names an advisor",
    "“helped” is what a member or a moderator said; where nobody said, nothing is counted",
    "the post that was refused was never kept, so it is in no figure",
  ];
  for (const note of [...notes, ...own]) say.point(note);
}
