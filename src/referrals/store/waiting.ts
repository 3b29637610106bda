import type { Tx } from "../../db/index.ts";

/**
 * Ids of referrals for which a forum without a callback still has something to collect: a `reply` on its way, a
 * `question` or a request for `consent` that it has not reported as posted.
 */
export async function findWaiting(tx: Tx, what: string, forum: string | undefined): Promise<string[]> {
  const ofForum = forum === undefined ? {} : { forumSlug: forum };
  if (what === "reply") {
    const rows = await tx.reply.findMany({
      where: { ...ofForum, state: "queued", referralId: { not: null } },
      select: { referralId: true },
      take: 1000,
    });
    return rows.flatMap((row) => row.referralId ?? []);
  }
  const rows = await tx.referral.findMany({
    where:
      what === "consent"
        ? { ...ofForum, state: "awaiting_consent" }
        : { ...ofForum, state: "claimed", events: { some: { type: "question.queued" } } },
    select: {
      id: true,
      events: {
        where: { type: { in: ["question.queued", "referral.asked", "consent.posted"] } },
        select: { type: true },
      },
    },
    take: 1000,
  });
  const count = (events: { type: string }[], type: string) =>
    events.filter((event) => event.type === type).length;
  return rows
    .filter(({ events }) =>
      what === "consent"
        ? count(events, "consent.posted") === 0
        : count(events, "question.queued") > count(events, "referral.asked"),
    )
    .map((row) => row.id);
}
