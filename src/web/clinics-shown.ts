import { type ClinicView, listClinics, type SessionView, sessionsIn } from "../clinics/index.ts";
import type { Deps } from "../deps.ts";
import { isNamedOnly, type PublicEntry } from "../forums/index.ts";
import { clockIn } from "./times.ts";

/** Sessions shown of those to come, and of those that were held; the others are on the pages of their clinics. */
const most = 5;

/** What the page of a forum or a department shows of its clinics: times of a session are `clock`'s. */
export interface ClinicsShown {
  clinics: ClinicView[];
  next: SessionView[];
  past: SessionView[];
  clock: typeof clockIn;
}

/** The clinics on a forum, or those of a department's pools, as `clinics-of.njk` takes them. A forum's name alone has none. */
export async function clinicsShown(
  deps: Deps,
  of: { forum: PublicEntry } | { department: string },
): Promise<ClinicsShown> {
  const clinics = await clinicsOf(deps, of);
  const { next, past } = sessionsIn(clinics);
  return { clinics, next: next.slice(0, most), past: past.slice(0, most), clock: clockIn };
}

async function clinicsOf(
  deps: Deps,
  of: { forum: PublicEntry } | { department: string },
): Promise<ClinicView[]> {
  if ("department" in of) return listClinics(deps, of);
  return isNamedOnly(of.forum) ? [] : listClinics(deps, { forum: of.forum.slug });
}
