import type { State } from "../contract/vocabulary.ts";
import { alert } from "./notices.ts";
import { leaveMerge } from "./origins.ts";
import { report, step } from "./step.ts";
import { isOpen } from "./transitions.ts";
import type { Turn } from "./turn.ts";

/**
 * What becomes of an open referral where a later text has safety wording: it is diverted, and the lead is called anew where
 * it is already. A merged one stands for itself again first. Before the member has agreed nobody else may read it, so the
 * finding is kept with what routing reads, and counts once they say yes.
 * `stateBefore`: where it was when the turn began. `textId`: the words, where no other event has them.
 */
export async function heedWording(turn: Turn, stateBefore: State | null, textId?: string): Promise<void> {
  const { found } = turn;
  if (!found) return;
  if (turn.referral.state === "merged") await leaveMerge(turn);
  const { referral } = turn;
  if (!isOpen(referral.state)) return;
  const details = {
    data: { list: found.list, version: found.version },
    ...(textId === undefined ? {} : { textId }),
  };
  const said = [...turn.roles][0] ?? "administrator";
  if (referral.state === "diverted") {
    if (stateBefore !== "diverted") return;
    await report(turn, "referral.wording_found", said, details);
    await alert(turn, "safeguarding", "referral.wording_found");
    return;
  }
  if (referral.state !== "awaiting_consent") {
    await step(turn, "wording-found", "diverted", details);
    return;
  }
  const { inputs } = referral.routing;
  const flags = [...new Set([...((inputs.flags as string[] | undefined) ?? []), "safety"])];
  const routing = { ...referral.routing, inputs: { ...inputs, flags } };
  await report(turn, "referral.wording_found", said, { ...details, set: { routing } });
}
