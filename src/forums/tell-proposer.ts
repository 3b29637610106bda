import type { AlertMessage } from "../contract/notice.ts";
import type { Tx } from "../db/index.ts";
import type { Deps } from "../deps.ts";
import { findToTell, forgetEmail, forgetEmailsBefore } from "./store-proposals.ts";

const keptDays = 180;
const dayMs = 86_400_000;
const prefix = "proposal:";

/** The mail that tells whoever left an address how their proposal was decided; null where there is nobody to tell. */
export async function buildDecisionNotice(
  deps: Pick<Deps, "keyring" | "baseUrl">,
  tx: Tx,
  row: { destination: string; sequence: number },
): Promise<{ notice: AlertMessage; address: Readonly<Record<string, unknown>> } | null> {
  const told = await findToTell(tx, row.destination.slice(prefix.length));
  if (!told) return null;
  const { reference, state, language } = told;
  const email = deps.keyring.openSecret(told.email);
  const link = `${deps.baseUrl}${language === "cy" ? "/cy" : ""}/propose/${reference}`;
  return {
    address: {},
    notice: {
      audience: "alert",
      type: "alert",
      data: {
        alert: "proposal",
        text: `proposal.${state}`,
        reference,
        link,
        dueAt: null,
        to: [{ id: "proposer", slackUserId: null, email }],
        sequence: row.sequence,
        language: language === "cy" ? "cy" : "en",
      },
    },
  };
}

/** Whether a delivery goes to somebody who proposed something. */
export const isForProposer = (destination: string): boolean => destination.startsWith(prefix);

/** Forgets a proposer's address once they were told, or cannot be. */
export async function forgetProposer(tx: Tx, destination: string): Promise<void> {
  await forgetEmail(tx, destination.slice(prefix.length));
}

/** Forgets the addresses of proposals that waited for half a year. */
export async function forgetProposers(deps: Pick<Deps, "now" | "transaction">): Promise<number> {
  const before = new Date(deps.now().getTime() - keptDays * dayMs);
  return deps.transaction((tx) => forgetEmailsBefore(tx, before));
}
