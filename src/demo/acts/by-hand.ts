import { z } from "zod";
import { bodyOf, check, referralOf } from "../answers.ts";
import { bodyFor, claims, placed } from "../moves.ts";
import type { Act, Scene } from "../scene.ts";

const forum = "example-old-comrades";
const List = z.object({ items: z.array(z.looseObject({ reference: z.string() })) });

/** What no rule places is placed by a person; a forum without a server collects its reply. */
export const byHand: Act = {
  day: "2026-11-23",
  title: "Monday, before five: no rule, and no server",
  async play(scene) {
    const reference = await placedByHand(scene);
    await claims(scene, "16:30", "nia.e", reference);
    await collected(scene, reference);
  },
};

async function placedByHand({ stage, step }: Scene): Promise<string> {
  let reference = "";
  await step({
    at: "16:12",
    who: "Moderator",
    does: "refers: “May I wear my grandfather's medals?”",
    async run() {
      const body = bodyFor(forum, 52, {
        title: "May I wear my grandfather's medals?",
        excerpt: "He died in spring and I would like to walk in his place on parade. Is that allowed?",
      });
      const referral = referralOf(await stage.keyed(forum, "referrals", body), 201, "triage");
      reference = referral.reference;
      return { details: placed(referral) };
    },
  });
  await step({
    at: "16:20",
    who: "Triage",
    does: "Sam knows who can answer that, and says so",
    async run() {
      const pool = "example-veterans";
      const body = { pool, because: "The veterans' advisors know the customs of a parade" };
      const referral = referralOf(
        await stage.verb("person:sam.t", reference, "reroute", body),
        200,
        "offered",
      );
      check(referral.pool?.slug === pool, `the pool ${pool}`, referral.pool?.slug);
      return { details: [referral.pool.name] };
    },
  });
  return reference;
}

async function collected({ stage, step }: Scene, reference: string): Promise<void> {
  await step({
    at: "16:37",
    who: "Advisor",
    does: "Nia replies; this forum has no server and collects",
    async run() {
      const text = "You may, with pride. By custom a relative wears them on the right side of the chest.";
      referralOf(await stage.verb("advisor:nia.e", reference, "reply", { text }), 202, "claimed");
      return {};
    },
  });
  await step({
    at: "16:45",
    who: "Moderator",
    does: "collects it, posts it, says where: now it is replied",
    async run() {
      const key = await stage.keyOf(`forum:${forum}`);
      const listed = await stage.call({ path: "/v1/referrals?waiting=reply", key });
      const waiting = bodyOf(listed, 200, List).items.map((item) => item.reference);
      check(waiting.join() === reference, `${reference} to collect`, waiting.join());
      const event = { type: "reply.posted", reference, url: "https://old-comrades.example/thread/52#post-2" };
      referralOf(await stage.keyed(forum, "events", event), 200, "replied");
      return {};
    },
  });
}
