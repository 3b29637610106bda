import type { Actor } from "../contract/actor.ts";
import { DomainError, type InputError } from "../contract/errors.ts";
import type { Tx } from "../db/index.ts";
import type { Deps } from "../deps.ts";
import { type CheckAddress, checkCallbackAddresses } from "./check-addresses.ts";
import { contentOf, keyOf, lists } from "./content.ts";
import type { RegisterDocument } from "./document.ts";
import type { Change } from "./merge.ts";
import type { Register } from "./model.ts";
import { parseRegister } from "./parse-document.ts";
import { planRegister, type RegisterPlan } from "./plan-register.ts";
import { planWrites, type RegisterWrites } from "./plan-writes.ts";
import { recordApplied } from "./store/events.ts";
import { findInUse } from "./store/in-use.ts";
import { renameEntries } from "./store/rename.ts";
import { saveWrites } from "./store/save.ts";
import { bumpRevision, lockRegister } from "./store/state.ts";

export interface ApplyDeps extends Deps {
  /** What follows for referrals under way, once the change is durable; each of them moves in a transaction of its own. */
  afterApply(): Promise<unknown>;
  checkAddress: CheckAddress;
}

export interface Applied {
  /** The version in force afterwards; the one before when nothing changed or nothing was written. */
  version: number;
  /** False for a dry run, and where there was nothing to change. */
  applied: boolean;
  changes: Change[];
  warnings: InputError[];
}

/**
 * Makes the register say what a document says, in one transaction, and answers what changed. Applying the same document
 * again changes nothing. `document` is the parsed JSON or YAML, not yet checked.
 *
 * Refuses, and then changes nothing: mistakes (`register/invalid`), platforms that no adapter serves
 * (`register/adapter-unknown`), and removing a pool, forum or topic that open referrals need (`register/in-use`, with
 * their references). Anyone but an administrator is `access/forbidden`.
 */
export async function applyRegister(
  deps: ApplyDeps,
  input: { document: unknown; dryRun?: boolean },
  actor: Actor,
): Promise<Applied> {
  const appliedBy = applierOf(actor);
  const document = parseRegister(input.document);
  const early = await deps.register(deps.db);
  const addresses = await checkCallbackAddresses(document, early, deps.checkAddress);
  if (addresses.errors.length > 0) throw new DomainError("register/invalid", { errors: addresses.errors });
  const planOver = (register: Register): Work => workOver(deps, register, document);
  // Planned while nobody waits: the work is done again only where the register changed before we had it to ourselves.
  const planned = planOver(early);
  const done = await deps.transaction(async (tx) => {
    if (!input.dryRun) await lockRegister(tx);
    const before = await deps.register(tx);
    const { plan, writes } = before === early ? planned : planOver(before);
    refuseMistakes(plan);
    await refuseInUse(tx, plan);
    const result = {
      version: before.version,
      changes: plan.changes,
      warnings: [...plan.warnings, ...addresses.warnings],
    };
    if (input.dryRun || plan.changes.length === 0) return { ...result, applied: false };
    const version = await carryOut(deps, tx, { plan, writes, document, appliedBy, actor });
    return { ...result, version, applied: true };
  });
  if (done.applied) {
    deps.nudge();
    await deps.afterApply();
    deps.logger.info("register applied", { version: done.version, count: done.changes.length });
  }
  return done;
}

function applierOf(actor: Actor): string {
  if (actor.kind === "admin") return actor.keyId;
  if (actor.kind === "register") return actor.appliedBy;
  throw new DomainError("access/forbidden");
}

function refuseMistakes(plan: RegisterPlan): void {
  if (plan.errors.length > 0)
    throw new DomainError("register/invalid", { errors: plan.errors.slice(0, 100) });
  if (plan.unknownAdapters.length > 0)
    throw new DomainError("register/adapter-unknown", { errors: plan.unknownAdapters.slice(0, 100) });
}

async function refuseInUse(tx: Tx, { changes }: RegisterPlan): Promise<void> {
  const removed = (what: string) =>
    changes.flatMap((change) => (change.kind === "remove" && change.what === what ? [change.slug] : []));
  const inUse = await findInUse(tx, {
    forum: removed("forum"),
    pool: removed("pool"),
    topic: removed("topic"),
  });
  if (inUse.length === 0) return;
  const names = inUse.map(({ what, slug, count }) => `the ${what} "${slug}" (${count} open)`).join(", ");
  const detail = `Open referrals still need ${names}. Close a pool with \`closed\` first; its referrals then move on.`;
  throw new DomainError("register/in-use", { detail, fields: { inUse } });
}

/** What a document would change, and what there is to write of it. */
interface Work {
  plan: RegisterPlan;
  writes: RegisterWrites;
}

function workOver(deps: ApplyDeps, register: Register, document: RegisterDocument): Work {
  const before = contentOf(register);
  const plan = planRegister(before, document, {
    known: deps.adapters.known,
    isOn: (adapter) => deps.adapters.carries(adapter) !== undefined,
  });
  return { plan, writes: planWrites({ before, renames: plan.renames, after: plan.next }) };
}

async function carryOut(
  deps: ApplyDeps,
  tx: Tx,
  {
    plan,
    writes,
    document,
    appliedBy,
    actor,
  }: Work & {
    document: RegisterDocument;
    appliedBy: string;
    actor: Actor;
  },
): Promise<number> {
  const now = deps.now();
  for (const list of lists) {
    const inTheWay = await renameEntries(tx, list, plan.renames[list]);
    if (inTheWay.length === 0) continue;
    const errors = (document[list] ?? []).flatMap((entry, place) =>
      inTheWay.includes(keyOf(entry))
        ? [
            {
              pointer: `/${list}/${place}`,
              detail: `"${keyOf(entry)}" was used before, and history still refers to it.`,
              hint: "Choose another name.",
            },
          ]
        : [],
    );
    throw new DomainError("register/invalid", { errors: errors.slice(0, 100) });
  }
  const version = await saveWrites(tx, writes, { appliedBy, now });
  await bumpRevision(tx);
  await recordApplied(tx, { actor, version, changes: plan.changes, now });
  return version;
}
