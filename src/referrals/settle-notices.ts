import { type DeliveryRow, destinationsFor, enqueueDelivery, type Settlers } from "../delivery/index.ts";
import type { Deps } from "../deps.ts";
import { forgetProposer, isForProposer } from "../forums/index.ts";
import {
  confirmCorrection,
  confirmQuestion,
  confirmReply,
  isTold,
  reportOvertaken,
  reportUndelivered,
  retractLate,
} from "./confirming.ts";
import { settleRedaction } from "./erasing.ts";
import { endTurn } from "./perform-verb.ts";
import { overtaken } from "./questions.ts";
import { changeReply } from "./store/records.ts";
import { findReferralById } from "./store/referrals.ts";
import { tellLeads } from "./tell-leads.ts";
import { beginTurn, type Turn } from "./turn.ts";

const idOf = (row: { data: Readonly<Record<string, unknown>> }, name: string): string | undefined => {
  const value = row.data[name];
  return typeof value === "string" ? value : undefined;
};

/**
 * What the life of a referral makes of a delivery's end: a reply the forum has makes it `replied`, a question makes it
 * wait for the member, and what failed for good leaves it where it was and tells its advisor.
 */
export function createSettlers(deps: Deps): Omit<Settlers, "stopped"> {
  const inTurn = async (
    tx: Parameters<Settlers["delivered"]>[0],
    referralId: string | null,
    work: (turn: Turn) => Promise<void>,
  ) => {
    const referral = referralId === null ? null : await findReferralById(tx, referralId, true);
    if (!referral) return;
    const turn = await beginTurn(deps, tx, referral, { kind: "delivery" }, deps.now());
    await work(turn);
    await endTurn(turn, referral.state);
  };
  const failed = (tx: Parameters<Settlers["delivered"]>[0], row: DeliveryRow) =>
    inTurn(tx, row.referralId, (turn) => reportUndelivered(turn, row.notice, idOf(row, "replyId")));

  return {
    async delivered(tx, row, result) {
      if (isForProposer(row.destination)) await forgetProposer(tx, row.destination);
      const replyId = idOf(row, "replyId");
      const textId = idOf(row, "textId");
      if (row.notice === "referral.replied" && replyId) {
        await inTurn(tx, row.referralId, async (turn) => {
          await confirmReply(turn, replyId, result);
          await retractLate(turn, replyId);
        });
      }
      if (row.notice === "referral.question" && textId && row.data.nudge !== true)
        await inTurn(tx, row.referralId, (turn) => confirmQuestion(turn, textId));
      if (row.notice === "referral.corrected" && replyId && textId) {
        await inTurn(tx, row.referralId, (turn) => confirmCorrection(turn, replyId, textId));
      }
      if (row.notice === "redact") await settleRedaction(tx, row, true);
    },
    async failed(tx, row) {
      if (isForProposer(row.destination)) await forgetProposer(tx, row.destination);
      if (isTold(row.notice)) await failed(tx, row);
      if (row.notice === "redact") await settleRedaction(tx, row, false);
    },
    async cancelled(tx, row, reason) {
      const replyId = idOf(row, "replyId");
      if (row.notice === "referral.replied" && replyId)
        await changeReply(tx, replyId, ["queued"], { state: "cancelled" });
      if (isTold(row.notice) && reason === "post-deleted") await failed(tx, row);
      const textId = idOf(row, "textId");
      if (reason === overtaken && textId && row.data.nudge !== true)
        await inTurn(tx, row.referralId, (turn) => reportOvertaken(turn, textId));
      if (row.notice === "redact") await settleRedaction(tx, row, false);
    },
    async replayed(tx, row, now) {
      const replyId = idOf(row, "replyId");
      if (row.notice === "referral.replied" && replyId)
        await changeReply(tx, replyId, ["failed"], { state: "queued", queuedAt: now });
    },
    async alarmed(tx, { adapter, destination }, now) {
      deps.logger.warn("nothing has arrived at a destination for an hour", { adapter, destination });
      // An alert that cannot be delivered is not announced by another alert.
      if (destination.startsWith("alert:")) return;
      const places = destinationsFor(await deps.register(tx), deps.adapters, {
        alert: "administrator",
        notice: "alert",
      });
      const data = { alert: "administrator", event: "delivery.alarm" };
      for (const place of places)
        await enqueueDelivery(tx, { ...place, referralId: null, notice: "alert", data, now });
      const pool = /^pool:(.+)$/.exec(destination)?.[1];
      if (pool !== undefined && adapter !== "email")
        await tellLeads(deps, tx, { pool, event: "delivery.alarm", except: adapter, now });
    },
    async recovered(_tx, { adapter, destination }) {
      deps.logger.info("a destination takes deliveries again", { adapter, destination });
    },
  };
}
