import type { AdapterDeps } from "../../src/contract/adapter.ts";
import { DomainError } from "../../src/contract/errors.ts";
import { bold, line, sections } from "./blocks.ts";
import type { Desk } from "./desk.ts";
import { figureBlocks } from "./figures.ts";
import type { Forums } from "./forums.ts";
import { asWhoever, type Colleague, type Known } from "./people.ts";
import { explain } from "./refusals.ts";
import type { Block } from "./sdk.ts";
import { fitted, listBlocks, showBlocks, standingBlocks, summaryBlocks } from "./show.ts";

const dayMs = 24 * 3_600_000;
const openStates = "offered,claimed,waiting_member,waiting_clearance,replied,triage,diverted";
const heldStates = "claimed,waiting_member,waiting_clearance,replied";
const sectionLength = 15;
const dueLength = 5;

/** What a colleague has in hand, what their pools have, and what is due first. */
export async function workBlocks(
  { core }: Pick<AdapterDeps, "core">,
  colleague: Colleague,
): Promise<Block[]> {
  const list = async (state: string, limit: number, owner?: string) => {
    const query = { state, limit, order: "due", ...(owner === undefined ? {} : { owner }) } as const;
    return (await core.listReferrals(query, colleague.actor)).items;
  };
  const due = await list(openStates, dueLength);
  return [
    ...listBlocks("Mine", await list(heldStates, sectionLength, colleague.id)),
    ...listBlocks("Open to my pools", await list("offered", sectionLength)),
    ...listBlocks(
      "Due first",
      due.filter(({ next }) => next.dueAt !== null),
    ),
  ];
}

/** Answers a slash command, to the person alone. */
export async function answerCommand(
  { deps, people, forums }: Pick<Desk, "deps" | "people" | "forums">,
  given: { command: string; text: string; user: string },
): Promise<Block[]> {
  const known = await people.find(given.user);
  const words = given.text
    .trim()
    .split(/\s+/)
    .filter((word) => word !== "");
  try {
    if (given.command === "/referral" && words[0] !== undefined) {
      const own = known.ok ? await ownReferral(deps, known.colleague, words[0]) : null;
      return (
        own ??
        (await moderatedReferral(deps, forums, given.user, words[0])) ??
        unknownReferral(known, words[0])
      );
    }
    if (!known.ok) return sections(known.says);
    const { colleague } = known;
    if (given.command === "/referral") return [line("Name one: /referral FP-XXXX-XXXX")];
    if (given.command === "/referral-stats") return await figures(deps, colleague, words);
    return await workBlocks(deps, colleague);
  } catch (error) {
    return explain(error, words[0] ?? "");
  }
}

const unknownReferral = (known: Known, reference: string): Block[] =>
  known.ok ? explain(new DomainError("referral/not-found"), reference) : sections(known.says);

const orNone = (error: unknown): null => {
  if (error instanceof DomainError && error.code === "referral/not-found") return null;
  throw error;
};

async function ownReferral(
  { core }: AdapterDeps,
  colleague: Colleague,
  reference: string,
): Promise<Block[] | null> {
  const view = await asWhoever(colleague, (actor) =>
    core.viewReferral(reference.toUpperCase(), actor, { recorded: true }),
  ).catch(orNone);
  return view && fitted([...summaryBlocks(view), ...showBlocks(view).slice(1, 30)]);
}

/** A moderator sees where a referral of their own forum stands, as the forum is told it. */
async function moderatedReferral(
  { core }: AdapterDeps,
  forums: Forums,
  user: string,
  reference: string,
): Promise<Block[] | null> {
  const moderator = await forums.moderatorOf(user);
  if (!moderator.ok) return null;
  const actor = { kind: "forum", forum: moderator.forum.slug, voice: "moderator" } as const;
  const view = await core.viewReferral(reference.toUpperCase(), actor).catch(orNone);
  return view && standingBlocks(view);
}

const periods: Readonly<Record<string, number>> = { day: 1, week: 7, month: 30, quarter: 91, year: 365 };

/** `/referral-stats [period] [pool|forum]`, a period in days or by name; the last 30 days by pool where nothing is said. */
async function figures(deps: AdapterDeps, colleague: Colleague, words: readonly string[]): Promise<Block[]> {
  const said = words.map((word) => periods[word] ?? (/^\d{1,4}$/.test(word) ? Number(word) : 0));
  const days = Math.min(said.find((count) => count > 0) ?? 30, 3_660);
  const by = words.includes("forum") ? "forum" : "pool";
  const to = deps.now();
  const from = new Date(to.getTime() - days * dayMs);
  const stats = await deps.core.stats(
    { from: from.toISOString(), to: to.toISOString(), by: [by] },
    colleague.actor,
  );
  return [line(bold(`The last ${days} days, by ${by}`)), ...figureBlocks(stats, by)];
}
