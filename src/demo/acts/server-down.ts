import { z } from "zod";
import { bodyOf, check, referralOf } from "../answers.ts";
import { acknowledge, look, refers, saysSo, shown } from "../moves.ts";
import type { Act, Scene } from "../scene.ts";

const forum = "example-quiet-streets";
const advisor = "harun.a";
const Deliveries = z.object({
  items: z.array(
    z.object({ reference: z.string().nullable(), notice: z.string(), nextAt: z.string().nullable() }),
  ),
});

/** A decline points somewhere, and a forum whose server is down gets everything later, in order. */
export const serverDown: Act = {
  day: "2026-11-23",
  title: "Monday lunchtime: not ours, and nobody at home",
  async play(scene) {
    const reference = await refers(scene, {
      at: "12:02",
      does: "refers a post about a neighbour: “That hum, all night”",
      forum,
      thread: 310,
      pool: "example-council-noise",
      post: {
        title: "That hum, all night",
        excerpt:
          "Next door's new heat pump makes a noise all night. Is there a limit in law for how loud it may be?",
        topic: "neighbour-noise",
        nation: "england",
      },
    });
    await declines(scene, reference);
    await whileDown(scene, reference);
    await backAgain(scene, reference);
    await saysSo(scene, {
      at: "13:50",
      who: "Member",
      does: "“It helped in part.” That is kept as it was said",
      forum,
      reference,
      result: "partly_helped",
    });
  },
};

async function declines({ stage, step }: Scene, reference: string): Promise<void> {
  await step({
    at: "12:10",
    who: "Advisor",
    does: "Grace (council): not ours, the limits are national",
    async run() {
      await acknowledge(stage, "grace.w");
      const likelyOwner = "example-noise-policy";
      const body = { reason: "not-ours", likelyOwner, note: "It is the limits they ask about." };
      const referral = referralOf(
        await stage.verb("advisor:grace.w", reference, "decline", body),
        200,
        "offered",
      );
      check(referral.pool?.slug === likelyOwner, `the pool ${likelyOwner}`, referral.pool?.slug);
      return { details: [`straight to ${referral.pool.name}`] };
    },
  });
}

async function whileDown({ stage, step }: Scene, reference: string): Promise<void> {
  await step({
    at: "12:50",
    who: "Forum",
    does: "its server goes down",
    async run() {
      stage.forums.goDown(forum);
      return {};
    },
  });
  await step({
    at: "12:55",
    who: "Advisor",
    does: "Harun claims it all the same",
    async run() {
      await acknowledge(stage, advisor);
      referralOf(await stage.verb(`advisor:${advisor}`, reference, "claim"), 200, "claimed");
      return {};
    },
  });
  await step({
    at: "13:10",
    who: "Advisor",
    does: "Harun replies; the reply is kept and waits its turn",
    async run() {
      const text =
        "Yes. One put in without planning permission has to keep to a noise limit, measured at your nearest window. Ask the planning office to show you the calculation: the installer had to make one.";
      referralOf(await stage.verb(`advisor:${advisor}`, reference, "reply", { text }), 202, "claimed");
      const listed = await stage.call({ path: "/v1/deliveries?state=waiting", key: stage.adminKey });
      const waiting = bodyOf(listed, 200, Deliveries).items.filter((item) => item.reference === reference);
      check(waiting.length === 2, "two callbacks waiting", `${waiting.length}`);
      const next = waiting.find(({ nextAt }) => nextAt !== null)?.nextAt ?? "";
      return {
        details: [
          `two callbacks wait; ${stage.forums.missed(forum)} attempts, the next at ${next.slice(11, 16)}`,
        ],
      };
    },
  });
}

async function backAgain({ stage, step }: Scene, reference: string): Promise<void> {
  await step({
    at: "13:25",
    who: "Forum",
    does: "its server is back",
    async run() {
      stage.forums.comeBack(forum);
      return {};
    },
  });
  await step({
    at: "13:35",
    who: "Forum",
    does: "has both, in order: first the claim, then the reply",
    async run() {
      referralOf(await look(stage, reference), 200, "replied");
      const got = stage.forums.callbacks.filter(({ data }) => data.reference === reference);
      const order = got.map(({ data }) => data.sequence);
      check(order.join() === "1,2,3,4", "callbacks 1, 2, 3, 4", order.join(", "));
      const [claimed, replied] = got.slice(-2);
      check(claimed?.type === "referral.claimed", "the claim before the reply", claimed?.type);
      check(replied?.type === "referral.replied", "the reply last", replied?.type);
      return shown(replied);
    },
  });
}
