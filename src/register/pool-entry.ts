import { z } from "zod";
import { Language } from "../contract/vocabulary.ts";
import { ServiceDuration } from "../pools/durations.ts";
import { ServiceHours } from "../pools/hours.ts";
import { RotaTurn } from "../pools/rota.ts";
import { Day, Formerly, listOf, Name, SlackChannel, Slug } from "./fields.ts";

/** Hours of a pool that names none, and of triage, which has none of its own. */
export const standardHours: ServiceHours = {
  timezone: "Europe/London",
  division: "england-and-wales",
  weekly: { "mon-fri": "09:00-17:00" },
};

/** Targets in service time, counted from the first offer. A pool may set some of them. */
const Targets = z.strictObject({
  claim: ServiceDuration.default("PT2H"),
  firstReply: ServiceDuration.default("P1D"),
  resolve: ServiceDuration.default("P5D"),
});

const clearances = ["none", "every-reply"] as const;

/**
 * A pool of advisors that answers for one department. `closed.successor` is another pool or `triage`; from `closed.on`
 * it takes nothing new. `clearance: every-reply` has each reply approved by a second person.
 */
export const PoolEntry = z.strictObject({
  slug: Slug.refine((slug) => slug !== "triage", {
    error: "`triage` is where no pool fits; name the pool something else.",
  }),
  formerly: Formerly,
  department: Slug,
  name: Name,
  topics: listOf(Slug, 500).default([]),
  languages: z.array(Language).min(1).default(["en"]),
  hours: ServiceHours.default(standardHours),
  targets: Targets.prefault({}),
  slack: z.strictObject({ channel: SlackChannel }).optional(),
  escalateTo: listOf(Slug, 10).default([]),
  rota: z.array(RotaTurn).max(2000).default([]),
  clearance: z.enum(clearances).default("none"),
  closed: z.strictObject({ on: Day, successor: Slug.default("triage") }).optional(),
});
export type PoolEntry = z.infer<typeof PoolEntry>;
