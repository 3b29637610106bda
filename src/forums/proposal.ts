import { z } from "zod";
import { Language } from "../contract/vocabulary.ts";
import { ListingCriterion } from "../register/directory-facts.ts";
import { Description, Email, Name, ShortText, WebAddress } from "../register/fields.ts";

/** Who says so, in their own words of three: nobody is asked for a name. */
export const proposerRelations = ["member", "runs-it", "public-servant", "other"] as const;
export type ProposerRelation = (typeof proposerRelations)[number];

/** Endings of a proposal. `discarded` is for what is no proposal at all, such as spam: nothing of it is kept or shown. */
export const proposalOutcomes = ["listed", "not_listed", "changed", "not_changed", "discarded"] as const;
export type ProposalOutcome = (typeof proposalOutcomes)[number];
export const proposalStates = ["waiting", ...proposalOutcomes] as const;
export const ProposalState = z.enum(proposalStates);
export type ProposalState = z.infer<typeof ProposalState>;

const common = {
  relation: z.enum(proposerRelations).default("other"),
  /** Says that an earlier decision was wrong: somebody else decides. */
  isAppeal: z.boolean().default(false),
};

/** A forum that somebody suggests. Its name and address are enough. */
export const NewForum = z.strictObject({
  ...common,
  name: Name,
  address: WebAddress,
  about: Description.optional(),
});
export type NewForum = z.infer<typeof NewForum>;

/** What somebody says is wrong with an entry, and where that can be seen. */
export const Correction = z.strictObject({
  ...common,
  says: z.string().trim().min(1).max(2000),
  source: WebAddress.optional(),
});
export type Correction = z.infer<typeof Correction>;

/** Beside the suggestion: in which language the answer is to be, and where to. */
export const Proposer = z.strictObject({ language: Language.default("en"), email: Email.optional() });
export type Proposer = z.infer<typeof Proposer>;

const because = ShortText;
const criteria = z.array(ListingCriterion).max(20).default([]);
/** An entry as the register takes it, or the part of it that differs from what was proposed. */
const entry = z.record(z.string(), z.unknown()).default({});

/** What is decided about a proposal. A refusal has a reason. */
export const Decision = z.discriminatedUnion("outcome", [
  z.strictObject({ outcome: z.literal("listed"), entry, criteria, because: because.optional() }),
  z.strictObject({ outcome: z.literal("not_listed"), criteria, because }),
  z.strictObject({ outcome: z.literal("changed"), entry, because: because.optional() }),
  z.strictObject({ outcome: z.literal("not_changed"), because }),
  z.strictObject({ outcome: z.literal("discarded") }),
]);
export type Decision = z.infer<typeof Decision>;

/** What is published of a decision. */
export interface PublishedDecision {
  outcome: ProposalOutcome;
  criteria: string[];
  because: string | null;
}

export interface Proposal {
  id: string;
  reference: string;
  kind: "forum" | "correction";
  forum: string | null;
  addressKey: string | null;
  state: ProposalState;
  suggestion: NewForum | Correction | null;
  language: Language;
  hasEmail: boolean;
  decision: PublishedDecision | null;
  decidedBy: string | null;
  createdAt: Date;
  decidedAt: Date | null;
}

/** Which outcomes a proposal of each kind can have. */
export const outcomesOf: Readonly<Record<Proposal["kind"], readonly ProposalOutcome[]>> = {
  forum: ["listed", "not_listed", "discarded"],
  correction: ["changed", "not_changed", "discarded"],
};

/** What stays of a suggestion once it is decided: of a forum its name and address, of a correction nothing. */
export function keptOf(
  kind: Proposal["kind"],
  outcome: ProposalOutcome,
  suggestion: Proposal["suggestion"],
): object | null {
  if (outcome === "discarded" || kind === "correction" || !suggestion || !("name" in suggestion)) return null;
  const { name, address, isAppeal } = suggestion;
  return { name, address, isAppeal, relation: suggestion.relation };
}

/** The slug that a name suggests; empty where the name has no letter or digit of ours. */
export const slugOf = (name: string): string =>
  name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .replace(/['’]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60)
    .replace(/-+$/, "");
