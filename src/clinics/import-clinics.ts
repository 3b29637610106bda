import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import type { Deps } from "../deps.ts";
import { type ClinicFile, toFiled } from "./clinic-file.ts";
import { type ClinicDeps, changeClinic, notPossible } from "./clinic-turn.ts";
import { planClinic } from "./plan-clinic.ts";
import { occurrences } from "./recurrence.ts";
import { recordClinicEvent, saveSession, selectClinics, selectSessions } from "./store.ts";

/**
 * Takes over clinics from a file: each is planned or changed as by hand, and sessions that were held elsewhere or before are
 * noted with their summaries. What is there already stays. Only an administrator may. Gives how many there were.
 */
export async function importClinics(
  deps: ClinicDeps,
  file: ClinicFile,
  actor: Actor,
): Promise<{ clinics: number; sessions: number }> {
  if (actor.kind !== "admin") throw new DomainError("access/forbidden");
  let sessions = 0;
  for (const { slug, document, held } of file.clinics) {
    await planClinic(deps, { slug, document }, actor);
    sessions += await changeClinic(deps, slug, actor, "keepers", async ({ tx, clinic, department, now }) => {
      const known = await selectSessions(tx, { clinic: slug });
      const fresh = held.filter(
        ({ startsAt }) => !known.some((one) => one.startsAt.getTime() === new Date(startsAt).getTime()),
      );
      for (const { startsAt, finishedAt, ...rest } of fresh) {
        const session = new Date(startsAt);
        if (session > now || occurrences(document, session, session).length !== 1)
          throw notPossible("planned", `The clinic ${slug} has had no session at ${startsAt}.`);
        const change = { ...rest, state: "finished", finishedAt: new Date(finishedAt) } as const;
        await saveSession(tx, { clinic: slug, startsAt: session }, change);
        await recordClinicEvent(tx, { type: "clinic.imported", clinic, department, actor, now, session });
      }
      return fresh.length;
    });
  }
  return { clinics: file.clinics.length, sessions };
}

/** Every clinic that was not cancelled, and what came of its sessions, as `importClinics` takes it back. */
export async function exportClinics(deps: Pick<Deps, "db">): Promise<ClinicFile> {
  const clinics = (await selectClinics(deps.db)).filter(({ cancelledAt }) => cancelledAt === null);
  const sessions = await selectSessions(deps.db, { state: ["finished"] });
  return {
    clinics: clinics.map((clinic) =>
      toFiled(
        clinic,
        sessions.filter((session) => session.clinic === clinic.slug),
      ),
    ),
  };
}
