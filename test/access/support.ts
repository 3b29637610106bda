import type { Deps } from "../../src/deps.ts";
import { createInstanceKey, createKeyring } from "../../src/privacy/keyring.ts";
import type { AdvisorEntry, DepartmentEntry, PersonEntry } from "../../src/register/document.ts";
import { defaultAlerts, defaultSettings, ForumEntry } from "../../src/register/document.ts";
import type { Register } from "../../src/register/model.ts";
import { crisisContacts } from "../../src/safety/index.ts";
import { silent } from "../http/support.ts";
import type { TestDatabase } from "../support/database.ts";

const dwp: DepartmentEntry = { slug: "dwp", formerly: [], name: "Department for Work and Pensions" };
const amal: AdvisorEntry = {
  id: "amal.h",
  formerly: [],
  name: "Amal H.",
  pools: ["dwp-uc"],
  role: "advisor",
};
const sam: PersonEntry = { id: "sam.t", formerly: [], name: "Sam T.", roles: ["triage"] };
const parents = ForumEntry.parse({
  slug: "example-parents",
  name: "Example parents' forum",
  url: "https://parents.example/",
});

/** One department, advisor, person and forum. */
export function smallRegister(): Register & { advisors: Map<string, AdvisorEntry> } {
  return {
    version: 1,
    settings: defaultSettings,
    alerts: defaultAlerts,
    electionPeriods: [],
    departments: new Map([[dwp.slug, dwp]]),
    topics: new Map(),
    pools: new Map(),
    advisors: new Map([[amal.id, amal]]),
    people: new Map([[sam.id, sam]]),
    forums: new Map([
      [parents.slug, { ...parents, leftAt: null, callbackStoppedAt: null, delistedAt: null, joined: {} }],
    ]),
    rules: [],
    removed: { departments: new Map(), pools: new Map(), forums: new Map() },
  };
}

const master = Buffer.alloc(32, 7);

/** What a use case is given, over a real database. */
export function depsOver(database: TestDatabase, parts: { register: Register; now(): Date }): Deps {
  return {
    now: parts.now,
    db: database.prisma,
    transaction: database.transaction,
    register: async () => parts.register,
    keyring: createKeyring([master], createInstanceKey(master)),
    contacts: crisisContacts,
    adapters: { known: new Set(), carries: () => undefined },
    nudge: () => {},
    logger: silent,
    baseUrl: "http://127.0.0.1:3000",
  };
}
