import { type Actor, auditOf } from "../../contract/actor.ts";
import type { Tx } from "../../db/index.ts";
import type { Change } from "../merge.ts";

/** Adds to the audit that the register changed: the version and how many of each change, no names. */
export async function recordApplied(
  tx: Tx,
  { actor, version, changes, now }: { actor: Actor; version: number; changes: readonly Change[]; now: Date },
): Promise<void> {
  const count = (kind: Change["kind"]) => changes.filter((change) => change.kind === kind).length;
  await tx.event.create({
    data: {
      type: "register.applied",
      at: now,
      ...auditOf(actor),
      data: {
        version,
        add: count("add"),
        change: count("change"),
        remove: count("remove"),
        rename: count("rename"),
      },
    },
  });
}
