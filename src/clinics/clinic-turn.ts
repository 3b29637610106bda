import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import type { Tx } from "../db/index.ts";
import { destinationsFor, enqueueDelivery } from "../delivery/index.ts";
import type { Deps } from "../deps.ts";
import type { Register } from "../register/model.ts";
import type { Clinic, Session } from "./document.ts";
import { keepsRecord } from "./keeps-record.ts";
import { occurrences } from "./recurrence.ts";
import { selectClinic, selectSessions } from "./store.ts";

export type ClinicDeps = Pick<Deps, "now" | "transaction" | "register" | "adapters" | "nudge">;

/** What a change of a clinic has in its hands: nobody else changes it until it is done. */
export interface ClinicTurn {
  tx: Tx;
  register: Register;
  clinic: Clinic;
  department: string;
  actor: Actor;
  now: Date;
}

export type Allowed = "keepers" | "pool" | "anybody";

/** The department of a pool, also of one that has left the register's pools; empty when nobody knows it. */
export const departmentOf = (register: Register, pool: string): string =>
  register.pools.get(pool)?.department ?? "";

/** Whether somebody may: those who keep the department's record, and where `pool` is allowed its advisors. Time asks nobody. */
export function mayWork(register: Register, actor: Actor, pool: string, allowed: Allowed): boolean {
  if (allowed === "anybody" || actor.kind === "timer") return true;
  if (keepsRecord(register, actor, departmentOf(register, pool))) return true;
  const isAdvisor = actor.kind === "advisor" && register.advisors.get(actor.id)?.pools.includes(pool);
  return allowed === "pool" && isAdvisor === true;
}

/** Does one change of a clinic in a transaction that holds it. An unknown clinic is `clinic/not-found`. */
export async function changeClinic<T>(
  deps: ClinicDeps,
  slug: string,
  actor: Actor,
  allowed: Allowed,
  work: (turn: ClinicTurn) => Promise<T>,
): Promise<T> {
  const done = await deps.transaction(async (tx) => {
    const register = await deps.register(tx);
    const clinic = await selectClinic(tx, slug, true);
    if (!clinic) throw new DomainError("clinic/not-found");
    const { pool } = clinic.document;
    if (!mayWork(register, actor, pool, allowed)) throw new DomainError("access/forbidden");
    return work({ tx, register, clinic, department: departmentOf(register, pool), actor, now: deps.now() });
  });
  deps.nudge();
  return done;
}

const fresh = (clinic: string, startsAt: Date): Session => ({
  clinic,
  startsAt,
  state: "planned",
  announcedAt: null,
  remindedAt: null,
  openedAt: null,
  finishedAt: null,
  cancelledAt: null,
  answered: 0,
  leftOver: 0,
  summary: null,
});

/** A session of a clinic by its beginning, whether anything happened to it or not; `clinic/not-found` where there is none. */
export async function sessionAt(
  { tx, clinic }: Pick<ClinicTurn, "tx" | "clinic">,
  startsAt: Date,
): Promise<Session> {
  const stored = await selectSessions(tx, { clinic: clinic.slug });
  const found = stored.find((one) => one.startsAt.getTime() === startsAt.getTime());
  if (found) return found;
  const isPlanned = occurrences(clinic.document, startsAt, startsAt).length === 1;
  if (!isPlanned)
    throw new DomainError("clinic/not-found", { detail: "The clinic has no session at this time." });
  return fresh(clinic.slug, startsAt);
}

export const notPossible = (state: string, detail?: string): DomainError =>
  new DomainError("clinic/not-possible", { fields: { state }, ...(detail === undefined ? {} : { detail }) });

export type ClinicNews = "announced" | "reminder" | "changed" | "cancelled";

/** Gives the outbox a word about a session for the forum, where its adapter carries such words. */
export async function tellForum(
  deps: Pick<Deps, "adapters">,
  { tx, register, clinic, now }: Pick<ClinicTurn, "tx" | "register" | "clinic" | "now">,
  news: ClinicNews,
  startsAt: Date,
): Promise<void> {
  const to = { forum: clinic.document.forum, notice: "clinic" } as const;
  for (const place of destinationsFor(register, deps.adapters, to))
    await enqueueDelivery(tx, {
      ...place,
      referralId: null,
      notice: "clinic",
      data: { clinic: clinic.slug, news, startsAt: startsAt.toISOString() },
      now,
    });
}
