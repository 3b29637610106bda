import { check, referralOf, refusalOf } from "../answers.ts";
import { acknowledge, bodyFor, look, newest, placed, replies, saysSo, shown } from "../moves.ts";
import type { Act, Scene } from "../scene.ts";

/** What identifies is masked, wording that frightens goes to people first, and a forum's no is a no. */
export const withCare = (morning: { jab: string }): Act => ({
  day: "2026-11-23",
  title: "Monday afternoon: with care",
  async play(scene) {
    await masked(scene);
    await diverted(scene);
    await notAgreed(scene);
    await corrected(scene, morning.jab);
  },
});

async function masked(scene: Scene): Promise<void> {
  const { stage, step } = scene;
  const forum = "example-parents";
  let reference = "";
  await step({
    at: "14:02",
    who: "Moderator",
    does: "refers a post with somebody's number and phone in it",
    async run() {
      const body = bodyFor(forum, 1077, {
        title: "Child Benefit for a sixth-former",
        excerpt:
          "Do I still get Child Benefit while she is at college? My NI number is QQ 12 34 56 C, or ring me on 07700 900123.",
        topic: "child-benefit",
      });
      const referral = referralOf(await stage.signed(forum, "referrals", body), 201, "offered");
      const found = referral.masked.join(", ");
      check(found === "national-insurance-number, phone", "the number and the phone masked", found);
      reference = referral.reference;
      return { details: [...placed(referral), `masked: ${found}`] };
    },
  });
  let draft = "";
  await step({
    at: "14:10",
    who: "Advisor",
    does: "Isla claims it; this is what she reads:",
    async run() {
      await acknowledge(stage, "isla.t");
      const referral = referralOf(await stage.verb("advisor:isla.t", reference, "claim"), 200, "claimed");
      const excerpt = referral.post?.excerpt ?? "";
      check(!/\d/.test(excerpt), "no number left", excerpt);
      return { box: { title: "her pool's view", paragraphs: [excerpt] } };
    },
  });
  const text = "Yes, as long as the course is full time and she began it before she was 19.";
  await step({
    at: "14:16",
    who: "Advisor",
    does: "Isla drafts; in her pool a second person approves",
    async run() {
      const alone = await stage.verb("advisor:isla.t", reference, "reply", { text });
      check(alone.status >= 400, "a reply without approval refused", String(alone.status));
      const answer = await stage.verb("advisor:isla.t", reference, "draft", { text, clearer: "quin.l" });
      const referral = referralOf(answer, 200, "waiting_clearance");
      draft = referral.replies.find(({ state }) => state === "draft")?.id ?? "";
      return {};
    },
  });
  await step({
    at: "14:31",
    who: "Advisor",
    does: "Quin, who clears replies, approves it",
    async run() {
      const review = { draft, decision: "approve" };
      referralOf(await stage.verb("person:quin.l", reference, "review", review), 200, "claimed");
      return {};
    },
  });
  await replies(scene, {
    at: "14:33",
    advisor: "isla.t",
    reference,
    does: "Isla sends it, byte for byte as it was approved",
    body: { draft },
  });
  await saysSo(scene, {
    at: "14:50",
    who: "Member",
    does: "“Now I know what to do next”: resolved",
    forum,
    reference,
    result: "now_knows_next_step",
  });
}

async function diverted({ stage, step }: Scene): Promise<void> {
  const forum = "example-parents";
  let reference = "";
  await step({
    at: "15:04",
    who: "Moderator",
    does: "refers: “I don't want to be here any more”",
    async run() {
      const body = bodyFor(forum, 1090, {
        title: "Stopped again",
        excerpt:
          "They have stopped my Universal Credit again. I can't do this. I don't want to be here any more.",
        topic: "universal-credit",
        nation: "england",
      });
      const referral = referralOf(await stage.signed(forum, "referrals", body), 201, "diverted");
      check(referral.pool === null, "no pool", referral.pool?.slug);
      const advice = referral.advice ?? [];
      check(advice.length > 0, "advice for the moderator at once", "none");
      reference = referral.reference;
      const lines = advice.slice(0, 2).map(({ phone, text }) => `${phone} · ${text}`);
      if (advice.length > 2) lines.push(`… and ${advice.length - 2} more`);
      return { box: { title: "the moderator reads at once", paragraphs: lines } };
    },
  });
  await step({
    at: "15:05",
    who: "Fingerpost",
    does: "keeps it from every pool: for Amal it does not exist",
    async run() {
      const key = await stage.keyOf("advisor:amal.h");
      refusalOf(await stage.call({ path: `/v1/referrals/${reference}`, key }), 404, "referral/not-found");
      return {};
    },
  });
  await step({
    at: "15:09",
    who: "Safeguarding",
    does: "Olu has seen it: acknowledged within 15 minutes",
    async run() {
      const referral = referralOf(
        await stage.verb("person:olu.f", reference, "acknowledge"),
        200,
        "diverted",
      );
      check(referral.next.clock === null, "its clock stopped", referral.next.clock);
      return {};
    },
  });
  await step({
    at: "15:40",
    who: "Safeguarding",
    does: "closes it; nobody claims to know that it helped",
    async run() {
      const body = { disposition: "diverted_urgent", result: "unknown" };
      referralOf(await stage.verb("person:olu.f", reference, "close", body), 200, "closed");
      return {};
    },
  });
}

async function notAgreed({ stage, step }: Scene): Promise<void> {
  const forum = "example-night-owls";
  await step({
    at: "15:45",
    who: "Fingerpost",
    does: "refuses a forum that wants no referrals; keeps nothing",
    async run() {
      const body = bodyFor(forum, 3, {
        title: "Awake again",
        excerpt: "Awake again at four. Is there money for a new mattress?",
      });
      const problem = refusalOf(await stage.keyed(forum, "referrals", body), 403, "forum/no-intervention");
      const path = `/v1/referrals?forum=${forum}`;
      const { body: kept } = await stage.call({ path, key: stage.adminKey });
      check(JSON.stringify(kept).includes('"items":[]'), "nothing kept", kept);
      return { details: [problem.detail ?? ""] };
    },
  });
}

async function corrected({ stage, step }: Scene, reference: string): Promise<void> {
  await step({
    at: "16:02",
    who: "Advisor",
    does: "Esi corrects this morning's reply: eight weeks, not ten",
    async run() {
      const seen = referralOf(await look(stage, reference), 200, "resolved");
      const text =
        "From her birthday: the first jabs are due at eight weeks, however early she came. (I wrote ten. Sorry.)";
      const body = { reply: seen.replies[0]?.id ?? "", text };
      referralOf(await stage.verb("advisor:esi.b", reference, "correct", body), 202, "resolved");
      return {};
    },
  });
  await step({
    at: "16:02",
    who: "Forum",
    does: "puts the corrected reply in its place:",
    async run() {
      const callback = newest(stage, reference, "referral.corrected");
      const { replies: after } = referralOf(await look(stage, reference), 200, "resolved");
      check(after[0]?.state === "corrected", "the reply marked as corrected", after[0]?.state);
      return shown(callback);
    },
  });
}
