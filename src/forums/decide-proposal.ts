import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import { enqueueDelivery } from "../delivery/index.ts";
import { localDate } from "../pools/index.ts";
import { type ApplyDeps, applyRegister, exportRegister } from "../register/index.ts";
import type { Register } from "../register/model.ts";
import { mayDecide } from "./may-decide.ts";
import { type Decision, keptOf, outcomesOf, type Proposal, slugOf } from "./proposal.ts";
import { findEarlierDecider, findProposal, saveDecision } from "./store-proposals.ts";

const reviewAfterDays = 365;
const dayMs = 86_400_000;

/**
 * Decides a proposal, once. `listed` puts the forum into the register with the decision in its entry, `changed` changes an
 * entry where one is given; both refuse what the register refuses. The decision is published, and whoever left an address
 * is told. Only an administrator or a publisher may; nobody decides an appeal against their own decision.
 * Refuses with `proposal/not-found`, `proposal/decided`, `proposal/own-decision`, and `request/invalid` for an outcome
 * that this kind of proposal cannot have.
 */
export async function decideProposal(
  deps: ApplyDeps,
  input: { reference: string; decision: Decision },
  actor: Actor,
): Promise<Proposal> {
  const { reference, decision } = input;
  const register = await deps.register(deps.db);
  const by = mayDecide(register, actor);
  const proposal = await findProposal(deps.db, reference);
  if (!proposal) throw new DomainError("proposal/not-found");
  if (proposal.state !== "waiting") throw new DomainError("proposal/decided");
  if (!outcomesOf[proposal.kind].includes(decision.outcome)) {
    const detail = `A ${proposal.kind === "forum" ? "new forum" : "correction"} has another outcome.`;
    const hint = `One of: ${outcomesOf[proposal.kind].join(", ")}.`;
    throw new DomainError("request/invalid", { errors: [{ pointer: "/outcome", detail, hint }] });
  }
  if (proposal.suggestion?.isAppeal && (await findEarlierDecider(deps.db, proposal)) === by)
    throw new DomainError("proposal/own-decision");
  // First the register, which may refuse; done twice, it changes nothing the second time.
  const forum = await carryOut(deps, register, proposal, decision, by);
  await settle(deps, proposal, decision, { by, forum });
  const decided = await findProposal(deps.db, reference);
  return decided ?? proposal;
}

/** Makes the register say what was decided; the slug of the entry it is about. */
async function carryOut(
  deps: ApplyDeps,
  register: Register,
  proposal: Proposal,
  decision: Decision,
  by: string,
): Promise<string | null> {
  if (decision.outcome !== "listed" && decision.outcome !== "changed") return proposal.forum;
  const entry =
    decision.outcome === "listed"
      ? newEntry(deps, register, proposal, decision)
      : changedEntry(register, proposal, decision.entry);
  if (entry)
    await applyRegister(deps, { document: { forums: [entry] } }, { kind: "register", appliedBy: by });
  return entry ? String(entry.slug) : proposal.forum;
}

function newEntry(
  deps: Pick<ApplyDeps, "now">,
  register: Register,
  { suggestion }: Proposal,
  decision: Extract<Decision, { outcome: "listed" }>,
): Record<string, unknown> {
  if (!suggestion || !("name" in suggestion)) throw new DomainError("proposal/not-found");
  const now = deps.now();
  const today = localDate(now, "Europe/London");
  const { directory, ...own } = decision.entry;
  const entry = {
    slug: slugOf(suggestion.name),
    name: suggestion.name,
    url: suggestion.address,
    ...(suggestion.about === undefined ? {} : { description: suggestion.about }),
    ...own,
    directory: {
      life: "active",
      lastChecked: today,
      nextReview: localDate(new Date(now.getTime() + reviewAfterDays * dayMs), "Europe/London"),
      ...(typeof directory === "object" ? directory : {}),
      decision: {
        on: today,
        criteria: decision.criteria,
        ...(decision.because === undefined ? {} : { because: decision.because }),
      },
    },
  };
  if (register.forums.has(String(entry.slug))) {
    const detail = `The slug "${entry.slug}" belongs to another forum.`;
    throw new DomainError("request/invalid", {
      errors: [{ pointer: "/entry/slug", detail, hint: "Give the entry a slug of its own." }],
    });
  }
  return entry;
}

/** The entry with the parts that the decision gives put over it; null where the decision changes nothing by itself. */
function changedEntry(
  register: Register,
  { forum }: Proposal,
  parts: Readonly<Record<string, unknown>>,
): Record<string, unknown> | null {
  if (Object.keys(parts).length === 0) return null;
  const present = exportRegister(register).forums.find(({ slug }) => slug === forum);
  if (!present) throw new DomainError("forum/not-found");
  const directory =
    typeof parts.directory === "object" ? { ...present.directory, ...parts.directory } : present.directory;
  return { ...present, ...parts, slug: present.slug, ...(directory ? { directory } : {}) };
}

async function settle(
  deps: ApplyDeps,
  proposal: Proposal,
  decision: Decision,
  { by, forum }: { by: string; forum: string | null },
): Promise<void> {
  const { outcome } = decision;
  const isTold =
    outcome !== "discarded" && proposal.hasEmail && deps.adapters.carries("email")?.has("alert") === true;
  await deps.transaction(async (tx) => {
    const now = deps.now();
    const isFirst = await saveDecision(tx, proposal.id, {
      decision: {
        outcome,
        criteria: "criteria" in decision ? decision.criteria : [],
        because: "because" in decision ? (decision.because ?? null) : null,
      },
      by,
      forum,
      suggestion: keptOf(proposal.kind, outcome, proposal.suggestion),
      keepsEmail: isTold,
      now,
    });
    if (!isFirst) throw new DomainError("proposal/decided");
    if (!isTold) return;
    const destination = `proposal:${proposal.id}`;
    await enqueueDelivery(tx, { referralId: null, adapter: "email", destination, notice: "alert", now });
  });
  if (isTold) deps.nudge();
}
