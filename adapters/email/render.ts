import type { AlertMessage } from "../../src/contract/notice.ts";

const subjects: Readonly<Record<string, string>> = {
  safeguarding: "A referral needs the safeguarding lead now",
  triage: "A referral needs triage",
  administrator: "Nobody has answered: the administrator is called",
};

const reasons: Readonly<Record<string, string>> = {
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
  const lines = [
    subjects[alert] ?? "Fingerpost needs somebody",
    reference === null ? null : `Reference: ${reference}`,
    dueAt === null ? null : `Due: ${london.format(new Date(dueAt))} (London)`,
    reasons[text] ?? `What happened: ${text}`,
    link === null ? null : `Open it: ${link}`,
    "This mail holds nothing of what was written. Do not answer it.",
  ];
  const suffix = reference === null ? "" : ` (${reference})`;
  return {
    subject: `${subjects[alert] ?? "Fingerpost needs somebody"}${suffix}`,
    text: lines.filter((line) => line !== null).join("\n\n"),
  };
}
