import { z } from "zod";
import { check, referralOf, refusalOf } from "../answers.ts";
import { acknowledge, bodyFor, look, newest, type Post, refers, replies, saysSo, shown } from "../moves.ts";
import type { Act, Scene } from "../scene.ts";

const forum = "example-parents";
const thread = 1041;
const post: Post = {
  title: "Advance payment has not come",
  excerpt:
    "I asked for a Universal Credit advance payment on Thursday and nothing has come. The rent is due on Friday. Has anybody had this?",
  topic: "universal-credit",
  nation: "england",
};
const eventId = "parents-post-1041";

const Lost = z.looseObject({ claimedBy: z.string(), claimedAt: z.string() });

/** The main job: referred, claimed by exactly one, asked, answered, replied to, and resolved as the member says. */
export const mainJob: Act = {
  day: "2026-11-23",
  title: "Monday morning: one post, one answer",
  async play(scene) {
    const reference = await refers(scene, {
      at: "09:02",
      does: `refers a post: “${post.title}”`,
      forum,
      thread,
      post,
      signing: { id: eventId },
      pool: "example-universal-credit",
    });
    await arrivesOnce(scene, reference);
    const owner = await race(scene, reference);
    await asks(scene, reference, owner);
    await replies(scene, {
      at: "10:05",
      advisor: owner,
      reference,
      does: `${scene.stage.nameOf(owner)} replies: not “replied” until the forum has it`,
      body: {
        text: "Hello. An advance asked for on a Thursday is paid by the end of Tuesday. You will get a text message first.\n\nIf nothing is there on Wednesday morning, write to your work coach in your journal and use the words “advance not received”: that goes to the payments team the same day.",
      },
    });
    await saysSo(scene, {
      at: "10:20",
      who: "Member",
      does: "presses “This helped”: resolved, said by the member",
      forum,
      reference,
      result: "helped",
    });
  },
};

async function arrivesOnce({ stage, step }: Scene, reference: string): Promise<void> {
  await step({
    at: "09:02",
    who: "Forum",
    does: "sends the same webhook again: still one referral",
    async run() {
      const body = bodyFor(forum, thread, post);
      const again = referralOf(await stage.signed(forum, "referrals", body, { id: eventId }), 200, "offered");
      check(again.reference === reference, reference, again.reference);
      return {};
    },
  });
  await step({
    at: "09:03",
    who: "Fingerpost",
    does: "refuses one that another forum's secret signed: 401",
    async run() {
      const signing = { secretOf: "example-quiet-streets" };
      const answer = await stage.signed(forum, "referrals", bodyFor(forum, 1042, post), signing);
      refusalOf(answer, 401, "signature/invalid");
      return {};
    },
  });
}

/** Two advisors press Claim in the same moment. Gives the one who has it. */
async function race({ stage, step }: Scene, reference: string): Promise<string> {
  const rivals = ["amal.h", "ben.o"] as const;
  let owner = "";
  await step({
    at: "09:04",
    who: "Advisor",
    does: "Amal would claim it, but the guidance comes first: 403",
    async run() {
      const answer = await stage.verb("advisor:amal.h", reference, "claim");
      refusalOf(answer, 403, "advisor/guidance-not-acknowledged");
      return {};
    },
  });
  await step({
    at: "09:10",
    who: "Advisor",
    does: "Amal and Ben read its five principles and acknowledge it",
    async run() {
      for (const advisor of rivals) await acknowledge(stage, advisor);
      return {};
    },
  });
  await step({
    at: "09:12",
    who: "Advisor",
    does: "both claim it at the same moment: exactly one wins",
    async run() {
      const answers = await Promise.all(
        rivals.map((advisor) => stage.verb(`advisor:${advisor}`, reference, "claim")),
      );
      const winners = rivals.filter((_, index) => answers[index]?.status === 200);
      const [winner, ...more] = winners;
      check(winner !== undefined && more.length === 0, "one winner", `${winners.length} winners`);
      owner = winner;
      const lost = answers.find(({ status }) => status !== 200);
      check(lost !== undefined, "a loser who is told", "nobody");
      const told = Lost.parse(refusalOf(lost, 409, "referral/already-claimed"));
      check(told.claimedBy === owner, `${owner} named as the owner`, told.claimedBy);
      const loser = rivals.find((rival) => rival !== owner) ?? "";
      return {
        details: [
          `${stage.nameOf(owner)} has it; ${stage.nameOf(loser)} is told who and when: ${told.claimedBy}, ${told.claimedAt.slice(11, 16)}`,
        ],
      };
    },
  });
  return owner;
}

async function asks({ stage, step }: Scene, reference: string, owner: string): Promise<void> {
  await step({
    at: "09:20",
    who: "Advisor",
    does: `${stage.nameOf(owner)} asks the member; the forum shows the question:`,
    async run() {
      const text = "Did you ask for the advance online, or by phone? Please leave out names and numbers.";
      const answer = await stage.verb(`advisor:${owner}`, reference, "ask", { text });
      referralOf(answer, 202, "claimed");
      referralOf(await look(stage, reference), 200, "waiting_member");
      return shown(newest(stage, reference, "referral.question"));
    },
  });
  await step({
    at: "09:41",
    who: "Member",
    does: "answers under it: “Online, on Thursday evening.”",
    async run() {
      const event = { type: "member.answered", reference, text: "Online, on Thursday evening." };
      referralOf(await stage.signed(forum, "events", event), 200, "claimed");
      return {};
    },
  });
}
