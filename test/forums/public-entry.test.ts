import { expect, test } from "vitest";
import { publicEntry } from "../../src/forums/public-entry.ts";
import { ForumEntry } from "../../src/register/forum-entry.ts";

const day = "2026-10-01";

test("of a forum that agreed to its name only, nothing comes out but its name, its address and how it came to be listed", () => {
  const secret = "kept-to-itself";
  const entry = ForumEntry.parse({
    slug: "harbour",
    name: "Harbour",
    url: "https://harbour.example/",
    runBy: secret,
    platform: "webhook",
    description: `${secret}.`,
    audience: [secret],
    topics: [secret],
    departments: [secret],
    intervention: { model: "referral", agreedOn: day, agreedWith: secret },
    directory: {
      otherNames: [secret],
      otherAddresses: [`https://${secret}.example/`],
      software: secret,
      places: [secret],
      rulesForOfficials: `https://${secret}.example/rules`,
      responsePromise: secret,
      contact: `https://${secret}.example/contact`,
      lastChecked: day,
      consent: { on: day, scope: "name-only" },
    },
  });
  const shown = publicEntry(entry);
  expect(JSON.stringify(shown)).not.toContain(secret);
  expect(shown).toMatchObject({ slug: "harbour", name: "Harbour", lastChecked: day });
  // Neither "no" nor "nothing": either would say something of the forum.
  expect([shown?.under18, shown?.intervention]).toEqual([undefined, undefined]);
});
