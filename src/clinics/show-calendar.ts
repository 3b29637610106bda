import { DomainError } from "../contract/errors.ts";
import type { Deps } from "../deps.ts";
import { nameOf } from "../register/model.ts";
import { type CalendarEntry, calendarOf } from "./calendar.ts";
import { departmentOf } from "./clinic-turn.ts";
import { selectClinic, selectClinics, selectSessions } from "./store.ts";

/**
 * The calendar of one clinic, or of every clinic of a department, as a file (RFC 5545). A clinic nobody knows is
 * `clinic/not-found`, a department nobody knows `plan/not-found`; one without clinics has an empty calendar.
 */
export async function showCalendar(
  deps: Pick<Deps, "db" | "register" | "baseUrl">,
  of: { clinic: string } | { department: string },
): Promise<string> {
  const register = await deps.register(deps.db);
  const single = "clinic" in of ? await selectClinic(deps.db, of.clinic) : null;
  if ("clinic" in of && !single) throw new DomainError("clinic/not-found");
  if ("department" in of && !register.departments.has(of.department)) throw new DomainError("plan/not-found");
  const clinics = single
    ? [single]
    : (await selectClinics(deps.db)).filter(
        ({ document }) => "department" in of && departmentOf(register, document.pool) === of.department,
      );
  const entries: CalendarEntry[] = [];
  for (const clinic of clinics)
    entries.push({
      clinic,
      cancelled: await selectSessions(deps.db, { clinic: clinic.slug, state: ["cancelled"] }),
      forum: nameOf(register, "forums", clinic.document.forum),
      page: `${deps.baseUrl}/clinics/${clinic.slug}`,
    });
  const name =
    single?.document.title ?? nameOf(register, "departments", "department" in of ? of.department : "");
  return calendarOf({ name, host: new URL(deps.baseUrl).hostname }, entries);
}
