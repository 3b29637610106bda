/** A register of departments, pools and forums that say each of these texts in every field that takes any. */
export const hostileDirectory = (texts: readonly string[]) => ({
  departments: texts.map((name, i) => ({ slug: `hostile-${i}th`, name })),
  pools: texts.map((name, i) => ({ slug: `hostile-${i}th`, department: `hostile-${i}th`, name })),
  forums: texts.map((text, i) => ({
    slug: `hostile-${i}th`,
    name: text,
    url: `https://hostile-${i}th.example/?${encodeURIComponent(text)}#"><script>`,
    // The first sentence is short, so that the rest may be long.
    description: `Hostile! ${text}`,
    runBy: text,
    audience: [text],
    departments: [`hostile-${i}th`],
    intervention: { model: "direct", agreedOn: "2026-06-01", agreedWith: text },
    platform: "webhook",
    figures: [{ what: text, value: 1, date: "2026", source: text }],
    directory: {
      software: text,
      otherNames: [text],
      descriptionCy: `Hostile! ${text}`,
      places: [text],
      rulesForOfficials: text,
      officialAccounts: [text],
      responsePromise: text,
      moderationHours: text,
      proposedBy: text,
      ...(i % 2 ? { removed: { on: "2026-06-01", because: text } } : {}),
      decision: { on: "2026-06-01", because: text },
    },
  })),
});
