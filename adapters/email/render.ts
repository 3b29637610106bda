import type { AlertMessage, Digest } from "../../src/contract/notice.ts";

const subjects: Readonly<Record<string, string>> = {
  safeguarding: "A referral needs the safeguarding lead now",
  triage: "A referral needs triage",
  proposal: "Your suggestion for the directory of forums was decided",
  administrator: "Nobody has answered: the administrator is called",
};

const failing = "Deliveries to a destination have failed for an hour";

const reasons: Readonly<Record<string, string>> = {
  "delivery.alarm": "They are kept and tried again for days. See which: GET /v1/deliveries?state=waiting.",
  "referral.unacknowledged": "Nobody has acknowledged it yet, so you are the next to be called.",
  "proposal.listed": "The forum is now listed. The decision and its reasons are on the page below.",
  "proposal.not_listed": "The forum was not listed. The page below says why, and how to appeal.",
  "proposal.changed": "The entry was changed. The decision is on the page below.",
  "proposal.not_changed": "The entry was not changed. The page below says why, and how to appeal.",
  "referral.overdue": "It has waited longer than its target.",
};

/** Of all who get mail, only those who proposed something are told in Welsh; the rest work for a department. */
const inWelsh = {
  subject: "Penderfynwyd ar eich awgrym ar gyfer y cyfeiriadur fforymau",
  reference: "Cyfeirnod",
  open: "Agorwch ef",
  end: "Nid oes dim o’r hyn a ysgrifennwyd yn y neges hon. Peidiwch â’i hateb.",
  reasons: {
    "proposal.listed":
      "Mae’r fforwm wedi’i restru bellach. Mae’r penderfyniad a’i resymau ar y dudalen isod.",
    "proposal.not_listed": "Ni restrwyd y fforwm. Mae’r dudalen isod yn dweud pam, a sut i apelio.",
    "proposal.changed": "Newidiwyd y cofnod. Mae’r penderfyniad ar y dudalen isod.",
    "proposal.not_changed": "Ni newidiwyd y cofnod. Mae’r dudalen isod yn dweud pam, a sut i apelio.",
  } as Readonly<Record<string, string>>,
};

const london = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/London",
  dateStyle: "long",
  timeStyle: "short",
});

/** The mail for an alert: what, by when and where, and nothing of what a person wrote. */
export function renderAlert(data: AlertMessage["data"]): { subject: string; text: string } {
  if (data.digest) return renderDigest(data.digest, data.pool ?? "");
  const { alert, reference, link, dueAt, text } = data;
  if (data.language === "cy" && alert === "proposal") return renderDecision(data);
  const where = data.pool === undefined ? "" : `${data.pool}: `;
  const subject =
    text === "delivery.alarm" ? `${where}${failing}` : (subjects[alert] ?? "Fingerpost: attention needed");
  const lines = [
    subject,
    reference === null ? null : `Reference: ${reference}`,
    dueAt === null ? null : `Due: ${london.format(new Date(dueAt))} (London)`,
    reasons[text] ?? `What happened: ${text}`,
    link === null ? null : `Open it: ${link}`,
    "This email contains nothing of what was written. Please do not reply.",
  ];
  const suffix = reference === null ? "" : ` (${reference})`;
  return {
    subject: `${subject}${suffix}`,
    text: lines.filter((line) => line !== null).join("\n\n"),
  };
}

/** The mail to whoever proposed something in Welsh: the same as in English. */
function renderDecision({ reference, link, text }: AlertMessage["data"]): { subject: string; text: string } {
  const { subject, end, reasons, ...say } = inWelsh;
  const lines = [
    subject,
    reference === null ? null : `${say.reference}: ${reference}`,
    reasons[text] ?? null,
    link === null ? null : `${say.open}: ${link}`,
    end,
  ];
  return {
    subject: reference === null ? subject : `${subject} (${reference})`,
    text: lines.filter((line) => line !== null).join("\n\n"),
  };
}

/** The morning mail to a pool's leads: how much waits and what is due first, by reference alone. */
function renderDigest({ waiting, late, first }: Digest, pool: string): { subject: string; text: string } {
  const all = waiting.reduce((sum, { count }) => sum + count, 0);
  const subject = `${pool}: ${all} waiting, ${late} late`;
  const due = (dueAt: string | null) => (dueAt === null ? "" : `, due ${london.format(new Date(dueAt))}`);
  const lines = [
    subject,
    waiting.map(({ state, count }) => `${count} ${state.replaceAll("_", " ")}`).join("\n"),
    `Due first (London time):\n${first.map(({ reference, state, dueAt }) => `${reference}: ${state.replaceAll("_", " ")}${due(dueAt)}`).join("\n")}`,
    "This email contains nothing of what was written. Please do not reply.",
  ];
  return { subject, text: lines.join("\n\n") };
}
