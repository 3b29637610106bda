import type { ReferralBody } from "../contract/bodies.ts";
import type { Inbound, Submitted } from "../contract/core-api.ts";
import { isDuplicate } from "../db/index.ts";
import type { Deps } from "../deps.ts";
import { answerOnce } from "../idempotency/index.ts";
import { createReferral } from "./create-referral.ts";
import { hashOf } from "./perform-verb.ts";
import { makeView } from "./show-referral.ts";

const attempts = 3;

/**
 * Takes a referral from a forum: durable when it answers. A repeat of the same event gives the first answer and
 * `created: false`; the same id with another body is refused. Rejections are those of `createReferral`.
 */
export async function submitReferral(
  deps: Deps,
  forum: string,
  body: ReferralBody,
  from: Inbound,
): Promise<Submitted> {
  const once = { scope: `intake:${forum}`, key: from.eventId, requestHash: hashOf(body) };
  for (let attempt = 1; ; attempt += 1) {
    let created = false;
    try {
      const answer = await deps.transaction((tx) =>
        answerOnce<201, Submitted["referral"]>(deps, tx, once, async () => {
          created = true;
          const { turn, advice } = await createReferral(deps, tx, forum, body, from.actor);
          const view = await makeView(deps, tx, turn.referral, from.actor, turn.register);
          const shown = advice.length > 0 ? { ...view, advice } : view;
          return { status: 201, body: shown, referralId: turn.referral.id };
        }),
      );
      if (created) deps.nudge();
      return { created, referral: answer.body };
    } catch (error) {
      // Two references of 35 random bits can meet; another draw settles it.
      if (!isDuplicate(error) || attempt === attempts) throw error;
    }
  }
}
