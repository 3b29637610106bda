import type { AlertMessage } from "../../src/contract/notice.ts";

const subjects: Readonly<Record<string, string>> = {
  safeguarding: "A referral needs the safeguarding lead now",
  triage: "A referral needs triage",
  administrator: "Nobody has answered: the administrator is called",
};

const failing = "Deliveries to a destination have failed for an hour";

const reasons: Readonly<Record<string, string>> = {
  "delivery.alarm": "They are kept and tried again for days. See which: GET /v1/deliveries?state=waiting.",
  "referral.unacknowledged": "Nobody has acknowledged it yet, so you are the next to be called.",
  "referral.overdue": "It has waited longer than its target.",
};

const london = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/London",
  dateStyle: "long",
  timeStyle: "short",
});

/** The mail for an alert: what, by when and where, and nothing of what a person wrote. */
export function renderAlert(data: AlertMessage["data"]): { subject: string; text: string } {
  const { alert, reference, link, dueAt, text } = data;
  const subject = text === "delivery.alarm" ? failing : (subjects[alert] ?? "Fingerpost needs somebody");
  const lines = [
    subject,
    reference === null ? null : `Reference: ${reference}`,
    dueAt === null ? null : `Due: ${london.format(new Date(dueAt))} (London)`,
    reasons[text] ?? `What happened: ${text}`,
    link === null ? null : `Open it: ${link}`,
    "This mail holds nothing of what was written. Do not answer it.",
  ];
  const suffix = reference === null ? "" : ` (${reference})`;
  return {
    subject: `${subject}${suffix}`,
    text: lines.filter((line) => line !== null).join("\n\n"),
  };
}
