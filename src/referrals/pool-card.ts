import type { CardMessage } from "../contract/notice.ts";
import { findDoors } from "../guidance/index.ts";
import { nameOf } from "../register/model.ts";
import type { NoticeMaterial } from "./notice-material.ts";
import { onDuty } from "./on-duty.ts";
import { transitions } from "./transitions.ts";

/** The card of a referral in a pool's channel, as it stands now; hidden where it is not the pool's to read any more. */
export function poolCard(m: NoticeMaterial): CardMessage {
  const { referral, register, content, row } = m;
  const pool = referral.poolSlug === null ? undefined : register.pools.get(referral.poolSlug);
  const here = row.destination === `pool:${referral.poolSlug}`;
  const hidden = !here || referral.postDeletedAt !== null;
  const owner = referral.ownerId === null ? undefined : register.advisors.get(referral.ownerId);
  return {
    audience: "pool",
    type: "card",
    data: {
      ...m.base,
      title: hidden ? null : (content?.title ?? null),
      excerpt: hidden ? null : (content?.excerpt ?? null),
      forum: {
        slug: referral.forumSlug,
        name: nameOf(register, "forums", referral.forumSlug),
      },
      pool: pool ? { slug: pool.slug, name: pool.name } : null,
      topic: referral.topic,
      urgency: referral.urgency,
      because: referral.routing.because,
      masked: referral.masked,
      doors: hidden || !content ? [] : findDoors(`${content.title ?? ""}\n${content.excerpt}`),
      clock: referral.clock,
      dueAt: referral.dueAt?.toISOString() ?? null,
      owner: owner ? { id: owner.id, slackUserId: owner.slackUserId ?? null } : null,
      claimedAt: referral.claimedAt?.toISOString() ?? null,
      ...(here && referral.state === "offered" ? onDuty(register, referral.poolSlug, m.now) : {}),
      event: String(row.data.event ?? ""),
      hidden,
      verbs: here
        ? [
            ...new Set(
              transitions.filter((step) => step.from.includes(referral.state)).map((step) => step.name),
            ),
          ]
        : [],
    },
  };
}
