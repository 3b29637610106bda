/** A whole plan, as an engagement lead would send it; what is given replaces its parts. */
export const samplePlan = (change: Record<string, unknown> = {}) => ({
  title: "How we answer on forums",
  summary: "We answer questions that moderators pass on.\nWe do not look up cases.",
  effectiveFrom: "2026-07-01",
  reviewDue: "2026-12-31",
  reportDue: "2026-10-31",
  owner: "Head of answers",
  objectives: [
    {
      code: "answers",
      text: "Questions get an answer that helps.",
      indicator: "Share of answers that the member says helped",
      baseline: "Not measured",
      target: "Six in ten",
      date: "2026-12-31",
    },
  ],
  forums: [
    { forum: "parents", why: "Most questions about payments come from there.", intervention: "referral" },
  ],
  commitments: [
    {
      code: "one-day",
      text: "Somebody answers within one working day.",
      who: "Specialists",
      hours: "Weekdays from 9 to 5",
      responseTimes: { normal: "One working day", urgent: "Two hours" },
    },
    { code: "clinic", text: "We hold a clinic every month.", who: "Specialists", clinics: "One a month" },
  ],
  changing: ["We no longer answer questions about forms that the forum's own guide explains better."],
  outOfScope: ["Single cases"],
  escalation: "Safeguarding leads are called at once.",
  guidance: "Everybody reads the guidance first.",
  dataProtection: "Nothing personal is kept.",
  resources: "Three people, half a day each week.",
  risks: [{ risk: "Too many questions", response: "We say so, and how long it takes." }],
  ...change,
});
