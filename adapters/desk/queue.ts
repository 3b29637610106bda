import type { Actor } from "../../src/contract/actor.ts";
import type { AdapterDeps } from "../../src/contract/adapter.ts";
import type { ListQuery, ReferralView } from "../../src/contract/core-api.ts";
import { heldStates } from "../../src/contract/vocabulary.ts";
import type { Visitor } from "../../src/contract/web.ts";
import { type Alert, alertsFor } from "./alerts.ts";
import { actorsAtDesk } from "./standing.ts";

const most = 50;
const soonMs = 3_600_000;
const held = heldStates.join(",");
const dutyStates = "diverted,triage,waiting_clearance";

/** One line of the desk. No word of anybody in it. */
export interface Line {
  reference: string;
  state: string;
  forum: string;
  pool: string | null;
  topic: string | null;
  urgency: string;
  clock: string | null;
  dueAt: string | null;
  due: "overdue" | "soon" | "later" | null;
}

export interface Queue {
  alerts: Alert[];
  mine: Line[];
  /** Triage, safeguarding and clearance: what waits for somebody with a duty. Null for who has none. */
  duty: Line[] | null;
  open: Line[] | null;
  /** Who is on duty today in somebody's own pools, where a pool has a rota. */
  onDuty: { pool: string; onDuty: string[] }[];
  found: Line[] | null;
  hasMore: boolean;
}

function lineOf(view: ReferralView, now: Date): Line {
  const { clock, dueAt } = view.next;
  const leftMs = dueAt === null ? null : new Date(dueAt).getTime() - now.getTime();
  return {
    reference: view.reference,
    state: view.state,
    forum: view.forum.name,
    pool: view.pool?.name ?? null,
    topic: typeof view.topic === "string" ? view.topic : null,
    urgency: String(view.urgency ?? "normal"),
    clock,
    dueAt,
    due: leftMs === null ? null : leftMs < 0 ? "overdue" : leftMs < soonMs ? "soon" : "later",
  };
}

const urgencies = ["urgent", "soon", "normal"];
/** Urgency orders a pool's list; within it, what falls due first comes first. */
const byUrgency = (a: Line, b: Line): number => urgencies.indexOf(a.urgency) - urgencies.indexOf(b.urgency);

/** What is on somebody's desk: what calls them, what is theirs, what waits for their duty, and their pools' open work. */
export async function queueOf(
  deps: Pick<AdapterDeps, "core" | "memory" | "now">,
  visitor: Visitor,
  { q }: { q: string },
): Promise<Queue> {
  const now = deps.now();
  const list = async (actor: Actor | undefined, query: ListQuery): Promise<Line[] | null> => {
    if (actor === undefined) return null;
    const { items } = await deps.core.listReferrals({ ...query, limit: most }, actor);
    return items.map((view) => lineOf(view, now));
  };
  const actors = actorsAtDesk(visitor);
  const advisor = actors.find(({ kind }) => kind === "advisor");
  const duty = actors.find(({ kind }) => kind === "person") ?? actors.find(({ kind }) => kind === "admin");
  const isAdmin = actors.some(({ kind }) => kind === "admin");
  const mine =
    advisor?.kind === "advisor"
      ? await list(advisor, { owner: advisor.id, state: held, order: "due" })
      : null;
  const open = await list(advisor, { state: "offered", order: "due" });
  const waiting = await list(duty, { state: dutyStates, order: "due" });
  const handles = actors.flatMap((actor) => ("id" in actor ? [actor.id] : []));
  const alerts = await alertsFor(deps.memory, { handles, all: isAdmin });
  return {
    alerts: await stillCalling(deps, alerts, duty),
    mine: mine ?? [],
    duty: waiting,
    open: open?.sort(byUrgency) ?? null,
    onDuty: advisor?.kind === "advisor" ? await deps.core.dutyOf(advisor.id) : [],
    found: q === "" ? null : await searched(actors, (actor) => list(actor, { q })),
    hasMore: [mine, open, waiting].some((lines) => lines?.length === most),
  };
}

/** What any of somebody's actors finds, each referral once. */
async function searched(
  actors: readonly Actor[],
  find: (actor: Actor) => Promise<Line[] | null>,
): Promise<Line[]> {
  const found = await Promise.all(actors.map(find));
  return [...new Map(found.flatMap((lines) => lines ?? []).map((line) => [line.reference, line])).values()];
}

const statesCalledFor: Readonly<Record<string, string>> = { triage: "triage", safeguarding: "diverted" };

/** Alerts whose referral still waits for what they call for, and those about no referral. */
async function stillCalling(
  { core }: Pick<AdapterDeps, "core">,
  alerts: readonly Alert[],
  duty: Actor | undefined,
): Promise<Alert[]> {
  if (duty === undefined) return [];
  const states = ["triage", "diverted"].join();
  const { items } = await core.listReferrals({ state: states, order: "due", limit: 100 }, duty);
  const stateOf = new Map(items.map(({ reference, state }) => [reference, state]));
  const seen = new Set<string>();
  return alerts.filter(({ alert, reference, text }) => {
    const key = `${alert} ${reference ?? text}`;
    const isRepeat = seen.has(key);
    seen.add(key);
    if (isRepeat) return false;
    if (reference === null) return true;
    const wanted = statesCalledFor[alert];
    return wanted === undefined ? stateOf.has(reference) : stateOf.get(reference) === wanted;
  });
}
