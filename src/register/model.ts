import { localDate } from "../pools/rota.ts";
import type {
  AdvisorEntry,
  Alerts,
  DepartmentEntry,
  ElectionPeriod,
  ForumEntry,
  PersonEntry,
  PoolEntry,
  RuleEntry,
  Settings,
  TopicEntry,
} from "./document.ts";

/** A forum's entry with what happened to it since: left, callbacks stopped, joined from a platform. */
export interface RegisteredForum extends ForumEntry {
  leftAt: Date | null;
  callbackStoppedAt: Date | null;
  /** When it took itself out of the public directory. */
  delistedAt: Date | null;
  joined: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The register in force, as one value: read once for each version and shared by every use case. */
export interface Register {
  version: number;
  settings: Settings;
  alerts: Alerts;
  electionPeriods: readonly ElectionPeriod[];
  departments: ReadonlyMap<string, DepartmentEntry>;
  topics: ReadonlyMap<string, TopicEntry>;
  pools: ReadonlyMap<string, PoolEntry>;
  advisors: ReadonlyMap<string, AdvisorEntry>;
  people: ReadonlyMap<string, PersonEntry>;
  forums: ReadonlyMap<string, RegisteredForum>;
  rules: readonly RuleEntry[];
  /** Names of what left the register and still stands in history, by slug. */
  removed: Readonly<Record<"departments" | "pools" | "forums", ReadonlyMap<string, string>>>;
}

/**
 * What an adapter is told of an entry's place, such as `{channel}`: what the register says, and over it what was learned
 * when it joined. Empty where nothing is known.
 */
export function placeFor(
  entry: object & { joined?: RegisteredForum["joined"] },
  adapter: string,
): Record<string, unknown> {
  const own: unknown = Object.entries(entry).find(([field]) => field === adapter)?.[1];
  return { ...(typeof own === "object" ? own : {}), ...entry.joined?.[adapter] };
}

/** The forum whose place has this value, such as a server's id. One that left is not found. */
export function forumAt(
  register: Register,
  adapter: string,
  field: string,
  value: string,
): RegisteredForum | null {
  for (const forum of register.forums.values())
    if (forum.leftAt === null && placeFor(forum, adapter)[field] === value) return forum;
  return null;
}

/** What a department, pool or forum is called, also after it left the register; its slug when nobody remembers. */
export function nameOf(register: Register, list: "departments" | "pools" | "forums", slug: string): string {
  return register[list].get(slug)?.name ?? register.removed[list].get(slug) ?? slug;
}

export type PersonRole = { role: string; of: string | null };

/** A role as the register writes it: `triage`, or `clearer:dwp-universal-credit`. */
export function parsePersonRole(text: string): PersonRole {
  const at = text.indexOf(":");
  return at < 0 ? { role: text, of: null } : { role: text.slice(0, at), of: text.slice(at + 1) };
}

/** Whether a person holds a role, everywhere or for the named pool, department or forum. */
export function holdsRole(register: Register, personId: string, role: string, of?: string): boolean {
  const person = register.people.get(personId);
  return (
    person?.roles
      .map(parsePersonRole)
      .some((held) => held.role === role && (held.of === null || held.of === of)) ?? false
  );
}

/** Ids of the people who hold a role, in the register's order. */
export function holdersOf(register: Register, role: string): string[] {
  return [...register.people.values()]
    .filter((person) => holdsRole(register, person.id, role))
    .map((person) => person.id);
}

/** Advisors of a pool, leads among them, in the register's order. */
export function advisorsOf(register: Register, pool: string): AdvisorEntry[] {
  return [...register.advisors.values()].filter((advisor) => advisor.pools.includes(pool));
}

/** Who may clear for a pool: people with that role, and its leads. */
export function clearersOf(register: Register, pool: string): string[] {
  const people = [...register.people.keys()].filter((id) => holdsRole(register, id, "clearer", pool));
  const leads = advisorsOf(register, pool).filter((advisor) => advisor.role === "lead");
  return [...new Set([...people, ...leads.map((lead) => lead.id)])];
}

/** Whether a pool has closed by this moment, on the day as its own zone has it. */
export const isClosed = (pool: PoolEntry, now: Date): boolean =>
  pool.closed !== undefined && pool.closed.on <= localDate(now, pool.hours.timezone);

/** Whether a pool takes referrals on that day: it is not closed and somebody works in it. */
export function isPoolOpen(register: Register, slug: string, now: Date): boolean {
  const pool = register.pools.get(slug);
  if (!pool || advisorsOf(register, slug).length === 0) return false;
  return !isClosed(pool, now);
}

/** The intervention models that a forum has agreed for a department; none where nothing is agreed. */
export function modelsFor(forum: ForumEntry, department?: string): readonly string[] {
  const agreed = forum.intervention;
  if (!agreed) return [];
  const exception = department === undefined ? undefined : agreed.perDepartment?.[department];
  if (exception) return [exception];
  return agreed.models ?? (agreed.model ? [agreed.model] : []);
}

/** Whether a forum takes part in referrals for any department. `none` and nothing agreed do not. */
export function takesReferrals(forum: RegisteredForum): boolean {
  return agreedTo(forum, ["referral", "direct"]);
}

/** Whether a forum's referrals go on: also those that its clinics leave over, where it agreed to nothing else. */
export function keepsReferrals(forum: RegisteredForum): boolean {
  return agreedTo(forum, ["referral", "direct", "clinic"]);
}

function agreedTo(forum: RegisteredForum, models: readonly string[]): boolean {
  if (forum.leftAt) return false;
  const all = [...modelsFor(forum), ...Object.values(forum.intervention?.perDepartment ?? {})];
  return all.some((model) => models.includes(model));
}
