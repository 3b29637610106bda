import { z } from "zod";

/** The words of the domain. Each list stands here once; types, schemas, tables and messages derive from it. */

export const states = [
  "awaiting_consent",
  "diverted",
  "triage",
  "offered",
  "claimed",
  "waiting_member",
  "waiting_clearance",
  "replied",
  "resolved",
  "closed",
  "withdrawn",
  "merged",
] as const;
export const State = z.enum(states);
export type State = z.infer<typeof State>;

export const finishedStates = ["resolved", "closed", "withdrawn", "merged"] as const satisfies State[];

/** Somebody has it: it was claimed and is not finished. */
export const heldStates = [
  "claimed",
  "waiting_member",
  "waiting_clearance",
  "replied",
] as const satisfies State[];

export const dispositions = [
  "answered_in_public",
  "answered_privately",
  "case_taken_up",
  "signposted",
  "rerouted_accepted",
  "error_corrected",
  "declined_not_responsible",
  "declined_cannot_discuss_individual",
  "declined_policy_or_election",
  "no_capacity",
  "insufficient_information",
  "duplicate",
  "withdrawn",
  "diverted_urgent",
  "expired_unanswered",
] as const;
export const Disposition = z.enum(dispositions);
export type Disposition = z.infer<typeof Disposition>;

export const results = [
  "helped",
  "partly_helped",
  "now_knows_next_step",
  "not_helped",
  "not_eligible",
  "could_not_reach",
  "no_longer_needed",
  "unknown",
] as const;
export const Result = z.enum(results);
export type Result = z.infer<typeof Result>;

/** The results that count as help: a rate of help is made of these and no others. */
export const helpfulResults = ["helped", "partly_helped", "now_knows_next_step"] as const satisfies Result[];

export const speakers = ["member", "moderator", "advisor", "nobody"] as const;
export const SaidBy = z.enum(speakers);
export type SaidBy = z.infer<typeof SaidBy>;

export const insights = [
  "guidance_unclear",
  "service_fault",
  "process_delay",
  "policy_gap",
  "misinformation_seen",
  "none",
] as const;
export const Insight = z.enum(insights);
export type Insight = z.infer<typeof Insight>;

export const declineReasons = [
  "not-ours",
  "cannot-discuss-individual",
  "policy-or-election",
  "no-capacity",
  "insufficient-information",
] as const;
export const DeclineReason = z.enum(declineReasons);
export type DeclineReason = z.infer<typeof DeclineReason>;

export const maskedCodes = [
  "national-insurance-number",
  "nhs-number",
  "phone",
  "postcode",
  "email",
  "card",
  "bank-account",
] as const;
export const MaskedCode = z.enum(maskedCodes);
export type MaskedCode = z.infer<typeof MaskedCode>;

export const interventionModels = ["referral", "clinic", "direct", "none"] as const;
export const InterventionModel = z.enum(interventionModels);
export type InterventionModel = z.infer<typeof InterventionModel>;

export const forumConsents = ["moderator", "member", "none-needed"] as const;
export const ForumConsent = z.enum(forumConsents);
export type ForumConsent = z.infer<typeof ForumConsent>;

export const consentBases = ["member-agreed", "ask-member", "not-needed"] as const;
export const ConsentBasis = z.enum(consentBases);
export type ConsentBasis = z.infer<typeof ConsentBasis>;

export const urgencies = ["normal", "soon", "urgent"] as const;
export const Urgency = z.enum(urgencies);
export type Urgency = z.infer<typeof Urgency>;

export const nations = ["england", "wales", "scotland", "northern-ireland"] as const;
export const Nation = z.enum(nations);
export type Nation = z.infer<typeof Nation>;

export const languages = ["en", "cy"] as const;
export const Language = z.enum(languages);
export type Language = z.infer<typeof Language>;

export const holidayDivisions = ["england-and-wales", "scotland", "northern-ireland"] as const;
export const HolidayDivision = z.enum(holidayDivisions);
export type HolidayDivision = z.infer<typeof HolidayDivision>;

/** Who may act on one referral. Held roles are worked out for each actor and referral; see `referrals/roles.ts`. */
export const roles = [
  "moderator",
  "member",
  "operator",
  "advisor",
  "owner",
  "last-owner",
  "lead",
  "clearer",
  "triage",
  "safeguarding",
  "administrator",
  "timer",
  "register",
  "delivery",
] as const;
export const Role = z.enum(roles);
export type Role = z.infer<typeof Role>;

/** What a forum is told about a referral: the `type` of a callback. */
export const forumNotices = [
  "referral.consent_requested",
  "referral.offered",
  "referral.triage",
  "referral.diverted",
  "referral.claimed",
  "referral.question",
  "referral.replied",
  "referral.corrected",
  "referral.retracted",
  "referral.resolved",
  "referral.closed",
  "referral.withdrawn",
  "referral.merged",
  "referral.reopened",
  "redact",
  "ping",
] as const;
export const ForumNotice = z.enum(forumNotices);
export type ForumNotice = z.infer<typeof ForumNotice>;

/**
 * What the government's side is told: `card` shows a referral's present state where its pool works, `message` adds a
 * line to its private thread, `alert` calls triage, safeguarding, a lead or the administrator, `redact` blanks all of it.
 */
export const poolNotices = ["card", "message", "alert", "redact"] as const;

export const deliveryStates = [
  "waiting",
  "leased",
  "unknown",
  "delivered",
  "refused",
  "parked",
  "cancelled",
] as const;
export const DeliveryState = z.enum(deliveryStates);
export type DeliveryState = z.infer<typeof DeliveryState>;
