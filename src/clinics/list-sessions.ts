import type { Deps } from "../deps.ts";
import { type SessionView, sessionsIn, sessionsOf } from "./show-clinics.ts";
import { byClinic, selectClinics, selectSessions } from "./store.ts";

/**
 * The sessions of every clinic: those to come within three months, the next first, then every one that was held, the last
 * first. However many there are, clinics are read once and sessions are read once.
 */
export async function listSessions(deps: Pick<Deps, "db" | "now" | "register">): Promise<SessionView[]> {
  const register = await deps.register(deps.db);
  const clinics = await selectClinics(deps.db);
  const stored = byClinic(await selectSessions(deps.db));
  const { next, past } = sessionsIn(
    clinics.map((clinic) => sessionsOf(register, clinic, stored.get(clinic.slug) ?? [], deps.now())),
  );
  return [...next, ...past];
}
