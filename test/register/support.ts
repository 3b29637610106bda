import { createInstanceKey, createKeyring } from "../../src/privacy/keyring.ts";
import type { ApplyDeps } from "../../src/register/apply-register.ts";
import { createRegisterReader } from "../../src/register/reader.ts";
import { crisisContacts } from "../../src/safety/index.ts";
import type { TestDatabase } from "../support/database.ts";

const master = Buffer.alloc(32, 7);
const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

export const admin = { kind: "admin", keyId: "test-key" } as const;
export const noon = new Date("2026-11-23T12:00:00Z");

/** What applying a register is given, over a real database; `webhook` is on, `discord` is off. */
export function applyDepsOver(database: TestDatabase, parts: Partial<ApplyDeps> = {}): ApplyDeps {
  return {
    now: () => noon,
    db: database.prisma,
    transaction: database.transaction,
    register: createRegisterReader(),
    keyring: createKeyring([master], createInstanceKey(master)),
    contacts: crisisContacts,
    adapters: {
      known: new Set(["webhook", "desk", "discord"]),
      carries: (adapter) => (adapter === "discord" ? undefined : new Set<string>()),
    },
    nudge: () => {},
    logger: quiet,
    baseUrl: "http://127.0.0.1:3000",
    afterApply: async () => {},
    checkAddress: async () => null,
    ...parts,
  };
}

/** Writes a referral row with nothing in it but what the register looks at. Answers its reference. */
export async function insertReferral(
  database: TestDatabase,
  referral: {
    reference: string;
    forum: string;
    pool?: string;
    topic?: string;
    owner?: string;
    state?: string;
  },
): Promise<string> {
  const { reference, forum, pool, topic, owner, state } = referral;
  await database.prisma.referral.create({
    data: {
      reference,
      forumSlug: forum,
      poolSlug: pool ?? null,
      topic: topic ?? null,
      ownerId: owner ?? null,
      state: state ?? "offered",
      consentBasis: "member-agreed",
      language: "en",
      urgency: "normal",
      routing: {},
      triedPools: pool ? [pool] : [],
      submittedAt: noon,
      stateSince: noon,
    },
  });
  return reference;
}

/** A small register in which everything refers to everything. */
export const small = {
  departments: [{ slug: "dwp", name: "Example DWP" }],
  topics: [{ code: "universal-credit", title: "Universal Credit", words: ["uc"] }],
  pools: [
    {
      slug: "uc",
      department: "dwp",
      name: "Example UC",
      topics: ["universal-credit"],
      escalateTo: ["uc-two"],
    },
    { slug: "uc-two", department: "dwp", name: "Example UC, second line" },
  ],
  advisors: [
    { id: "amal.h", name: "Amal H.", email: "amal@example.gov.uk", pools: ["uc"] },
    { id: "bo.k", name: "Bo K.", pools: ["uc-two"], role: "lead" },
  ],
  people: [
    {
      id: "sam.t",
      name: "Sam T.",
      roles: ["triage", "safeguarding", "clearer:uc", "manager:dwp", "operator:parents"],
    },
  ],
  forums: [
    {
      slug: "parents",
      name: "Example parents",
      url: "https://parents.example/",
      platform: "webhook",
      intervention: {
        model: "referral",
        agreedOn: "2026-11-01",
        agreedWith: "forum administrator",
        perDepartment: { dwp: "referral" },
      },
      topics: ["universal-credit"],
      departments: ["dwp"],
      callbackUrl: "https://parents.example/fingerpost",
    },
  ],
  rules: [
    {
      when: { topic: ["universal-credit"], forum: ["parents"] },
      to: "uc",
      because: "Universal Credit is the department's own.",
    },
    { to: "triage" },
  ],
};
