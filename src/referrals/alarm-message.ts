import type { AlertMessage } from "../contract/notice.ts";
import type { DeliveryRow } from "../delivery/index.ts";
import { holdersOf, type Register } from "../register/model.ts";
import type { Referral } from "./model.ts";

/** The one person named; else the first of the safeguarding chain; else everybody who holds the duty. */
function peopleToCall(register: Register, alert: string, contact: unknown): string[] {
  if (typeof contact === "string" && register.people.has(contact)) return [contact];
  if (alert === "safeguarding") return holdersOf(register, "safeguarding").slice(0, 1);
  return holdersOf(register, alert === "triage" ? "triage" : "administrator");
}

/** Who is called by an alarm, and about what; no word of the referral itself. */
export function alarmMessage(
  register: Register,
  row: DeliveryRow,
  { referral, baseUrl }: { referral: Referral | null; baseUrl: string },
): AlertMessage {
  const name = row.destination.slice("alert:".length);
  const to = peopleToCall(register, name, row.data.contact).flatMap((id) => {
    const person = register.people.get(id);
    return person ? [{ id, slackUserId: person.slackUserId ?? null, email: person.email ?? null }] : [];
  });
  return {
    audience: "alert",
    type: "alert",
    data: {
      alert: name,
      text: String(row.data.event ?? ""),
      reference: referral?.reference ?? null,
      link: referral ? `${baseUrl}/desk/${referral.reference}` : null,
      dueAt: referral?.dueAt?.toISOString() ?? null,
      to,
      sequence: row.sequence,
    },
  };
}
