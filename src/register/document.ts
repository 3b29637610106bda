import { z } from "zod";
import { Nation, nations } from "../contract/vocabulary.ts";
import { ElapsedDuration, ServiceDuration } from "../pools/durations.ts";
import { Rule, RuleSet } from "../routing/rules.ts";
import {
  Day,
  Email,
  Formerly,
  Handle,
  listOf,
  Name,
  ShortText,
  SlackChannel,
  SlackUser,
  Slug,
  WebAddress,
} from "./fields.ts";
import { ForumEntry } from "./forum-entry.ts";
import { PoolEntry } from "./pool-entry.ts";

export { ForumEntry } from "./forum-entry.ts";
export { PoolEntry } from "./pool-entry.ts";

const windows = {
  consentWindow: ElapsedDuration,
  claimLapse: ServiceDuration,
  nudge: ElapsedDuration,
  memberLapse: ElapsedDuration,
  confirmWindow: ElapsedDuration,
  reopenWindow: ElapsedDuration,
  keepContent: ElapsedDuration,
};

/** Windows of a referral's life, in elapsed time; the lapse of a claim in service time. */
export const Settings = z.strictObject(windows);
export type Settings = z.infer<typeof Settings>;

/** The windows of a register that sets none. */
export const defaultSettings: Settings = {
  consentWindow: "P7D",
  claimLapse: "PT8H",
  nudge: "P3D",
  memberLapse: "P14D",
  confirmWindow: "P7D",
  reopenWindow: "P30D",
  keepContent: "P90D",
};

const place = { slack: z.strictObject({ channel: SlackChannel }).optional(), email: Email.optional() };
const TriageAlert = z.strictObject({ ...place, target: ServiceDuration.default("PT4H") });
const SafeguardingAlert = z.strictObject({ ...place, acknowledge: ElapsedDuration.default("PT15M") });

/** Where triage and safeguarding are called, and how soon. `target` counts in the standard hours of service. */
export const Alerts = z.strictObject({ triage: TriageAlert, safeguarding: SafeguardingAlert });
export type Alerts = z.infer<typeof Alerts>;

/** The alerts of a register that names none: nobody but the administrator is called. */
export const defaultAlerts: Alerts = { triage: { target: "PT4H" }, safeguarding: { acknowledge: "PT15M" } };

/** Days before an election, first and last included, on which policy is not discussed in those nations. */
export const ElectionPeriod = z
  .strictObject({
    from: Day,
    to: Day,
    nations: listOf(Nation, 4)
      .min(1)
      .default([...nations]),
  })
  .refine((period) => period.from <= period.to, { path: ["to"], error: "The period ends before it begins." });
export type ElectionPeriod = z.infer<typeof ElectionPeriod>;

export const DepartmentEntry = z.strictObject({
  slug: Slug,
  formerly: Formerly,
  name: Name,
  url: WebAddress.optional(),
});
export type DepartmentEntry = z.infer<typeof DepartmentEntry>;

/** A topic a moderator can choose. `words`, `description` and `examples` are what a text is compared with. */
export const TopicEntry = z.strictObject({
  code: Slug,
  formerly: Formerly,
  title: Name,
  words: listOf(Name, 200).default([]),
  examples: listOf(ShortText, 50).default([]),
});
export type TopicEntry = z.infer<typeof TopicEntry>;

export const AdvisorEntry = z.strictObject({
  id: Handle,
  formerly: Formerly,
  /** Never published. */
  name: Name,
  email: Email.optional(),
  slackUserId: SlackUser.optional(),
  pools: listOf(Slug, 100).min(1),
  role: z.enum(["advisor", "lead"]).default("advisor"),
});
export type AdvisorEntry = z.infer<typeof AdvisorEntry>;

const plainRoles = ["triage", "safeguarding", "manager", "publisher", "auditor", "administrator"];
/** Roles that name something, with the list of the register where it must stand. */
export const rolesOf = {
  clearer: "pools",
  manager: "departments",
  engagement: "departments",
  operator: "forums",
} as const;

function isRole(text: string): boolean {
  const [role = "", of, ...rest] = text.split(":");
  if (of === undefined) return plainRoles.includes(role);
  return Object.hasOwn(rolesOf, role) && rest.length === 0 && Slug.safeParse(of).success;
}

const PersonRoleText = z
  .string()
  .max(120)
  .refine(isRole, {
    error: "There is no such role.",
    params: {
      hint: `Use ${plainRoles.join(", ")}, clearer:<pool>, manager:<department>, engagement:<department> or operator:<forum>.`,
    },
  });

/** Somebody with a role beyond a pool's advisors. People who hold `safeguarding` are called in the order of the list. */
export const PersonEntry = z.strictObject({
  id: Handle,
  formerly: Formerly,
  /** Never published. */
  name: Name,
  email: Email.optional(),
  slackUserId: SlackUser.optional(),
  roles: listOf(PersonRoleText, 200).min(1),
});
export type PersonEntry = z.infer<typeof PersonEntry>;

/** One rule of routing, as `routing/` has it. */
export const RuleEntry = Rule;
export type RuleEntry = z.infer<typeof RuleEntry>;

/**
 * One document that sets everything up. Every part is optional, and what is absent is left alone unless `prune` is
 * true; an entry that is there is given whole. Unknown keys are refused. Secrets are never in it.
 */
export const RegisterDocument = z.strictObject({
  prune: z.boolean().default(false),
  settings: Settings.partial().optional(),
  alerts: Alerts.partial().optional(),
  electionPeriods: z.array(ElectionPeriod).max(200).optional(),
  departments: z.array(DepartmentEntry).max(2_000).optional(),
  topics: z.array(TopicEntry).max(5_000).optional(),
  pools: z.array(PoolEntry).max(10_000).optional(),
  advisors: z.array(AdvisorEntry).max(50_000).optional(),
  people: z.array(PersonEntry).max(10_000).optional(),
  forums: z.array(ForumEntry).max(20_000).optional(),
  /** Ordered; the first that matches is taken. The last must be `to: triage`. */
  rules: RuleSet.max(10_000).optional(),
});
export type RegisterDocument = z.infer<typeof RegisterDocument>;
