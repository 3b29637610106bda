import type { AdapterDeps } from "../../src/contract/adapter.ts";
import { bold, line, sections } from "./blocks.ts";
import { isOwn } from "./deeds.ts";
import { figureBlocks } from "./figures.ts";
import type { Colleague, People } from "./people.ts";
import { explain } from "./refusals.ts";
import type { Block } from "./sdk.ts";
import { listBlocks, showBlocks, summaryBlocks } from "./show.ts";

const dayMs = 24 * 3_600_000;
const openStates = "offered,claimed,waiting_member,waiting_clearance,replied,triage,diverted";
const listLength = 40;
const sectionLength = 15;

/** What a colleague has in hand, what their pools have, and what is due first. */
export async function workBlocks(
  { core }: Pick<AdapterDeps, "core">,
  colleague: Colleague,
): Promise<Block[]> {
  const { items } = await core.listReferrals({ state: openStates, limit: listLength }, colleague.actor);
  const mine = items.filter((view) => isOwn(view, colleague));
  const due = items
    .filter((view) => view.next.dueAt !== null)
    .sort((a, b) => String(a.next.dueAt).localeCompare(String(b.next.dueAt)));
  const others = items.filter((view) => view.state === "offered");
  return [
    ...listBlocks("Mine", mine.slice(0, sectionLength)),
    ...listBlocks("Open to my pools", others.slice(0, sectionLength)),
    ...listBlocks("Due first", due.slice(0, 5)),
  ];
}

/** Answers a slash command, to the person alone. */
export async function answerCommand(
  deps: AdapterDeps,
  people: People,
  given: { command: string; text: string; user: string },
): Promise<Block[]> {
  const known = await people.find(given.user);
  if (!known.ok) return sections(known.says);
  const { colleague } = known;
  const words = given.text
    .trim()
    .split(/\s+/)
    .filter((word) => word !== "");
  try {
    if (given.command === "/referral") return await oneReferral(deps, colleague, words);
    if (given.command === "/referral-stats") return await figures(deps, colleague, words);
    return await workBlocks(deps, colleague);
  } catch (error) {
    return explain(error, words[0] ?? "");
  }
}

async function oneReferral(deps: AdapterDeps, colleague: Colleague, [reference]: string[]): Promise<Block[]> {
  if (reference === undefined) return [line("Name one: /referral FP-XXXX-XXXX")];
  const view = await deps.core.viewReferral(reference.toUpperCase(), colleague.actor, { recorded: true });
  return [...summaryBlocks(view), ...showBlocks(view).slice(1, 30)];
}

/** `/referral-stats [days] [pool|forum]`, the last 30 days by pool where nothing is said. */
async function figures(deps: AdapterDeps, colleague: Colleague, words: readonly string[]): Promise<Block[]> {
  const days = Math.min(Number(words.find((word) => /^\d{1,4}$/.test(word)) ?? 30) || 30, 3_660);
  const by = words.includes("forum") ? "forum" : "pool";
  const to = deps.now();
  const from = new Date(to.getTime() - days * dayMs);
  const stats = await deps.core.stats(
    { from: from.toISOString(), to: to.toISOString(), by: [by] },
    colleague.actor,
  );
  return [line(bold(`The last ${days} days, by ${by}`)), ...figureBlocks(stats, by)];
}
