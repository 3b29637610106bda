import { check, referralOf } from "../answers.ts";
import { bodyFor, claims, look, newest, refers, replies, saysSo, shown } from "../moves.ts";
import type { Act, Scene } from "../scene.ts";

/** What later acts come back to. */
export interface Unfinished {
  /** The jab's referral, whose reply is corrected in the afternoon. */
  jab: string;
  /** A student's referral, whose owner goes home. */
  student: string;
}

/** Other subjects find other desks: a vaccination, a Welsh question, and a member who is asked first. */
export const rightDesk = (unfinished: Unfinished): Act => ({
  day: "2026-11-23",
  title: "Monday, late morning: each to the right desk",
  async play(scene) {
    await aJab(scene, unfinished);
    await inWelsh(scene);
    await askedFirst(scene, unfinished);
  },
});

async function aJab(scene: Scene, unfinished: Unfinished): Promise<void> {
  const forum = "example-parents";
  const reference = await refers(scene, {
    at: "10:45",
    does: "refers a post: “First jabs, and she came early”",
    forum,
    thread: 1055,
    pool: "example-vaccination",
    post: {
      title: "First jabs, and she came early",
      excerpt:
        "Our daughter was born six weeks early. Do we count her first jabs from her birthday or from her due date?",
      topic: "vaccination",
      nation: "england",
    },
  });
  unfinished.jab = reference;
  await claims(scene, "10:48", "esi.b", reference);
  await replies(scene, {
    at: "10:56",
    advisor: "esi.b",
    reference,
    body: { text: "From her birthday: the first jabs are due at ten weeks, however early she came." },
  });
  await saysSo(scene, {
    at: "11:10",
    who: "Moderator",
    does: "sees thanks in the thread: resolved, said by a moderator",
    forum,
    reference,
    result: "helped",
  });
}

async function inWelsh(scene: Scene): Promise<void> {
  const forum = "example-rhieni-cymru";
  const reference = await refers(scene, {
    at: "11:15",
    does: "refers a post in Welsh: “Ble mae fy nhaliad?”",
    forum,
    thread: 88,
    pool: "example-universal-credit-cymru",
    post: {
      title: "Ble mae fy nhaliad?",
      excerpt: "Nid yw fy nhaliad Credyd Cynhwysol wedi cyrraedd. Gyda phwy alla i siarad yn Gymraeg?",
      topic: "universal-credit",
      nation: "wales",
      language: "cy",
    },
  });
  await claims(scene, "11:18", "carys.m", reference);
  await replies(scene, {
    at: "11:26",
    advisor: "carys.m",
    reference,
    does: "Carys replies, in Welsh",
    body: {
      text: "Helo. Gallwch holi yn Gymraeg yn eich dyddlyfr ar-lein, neu ffonio'r llinell Gymraeg. Os na fydd y taliad wedi cyrraedd erbyn dydd Iau, atebwch yma.",
    },
  });
}

async function askedFirst({ stage, step }: Scene, unfinished: Unfinished): Promise<void> {
  const forum = "example-student-corner";
  let reference = "";
  await step({
    at: "11:30",
    who: "Moderator",
    does: "refers a sixth-former's post; the member is asked first:",
    async run() {
      const body = bodyFor(forum, 7, {
        title: "Loan form and my dad's income",
        excerpt:
          "The student loan form wants my dad's income and he has just lost his job. Which year do we put?",
        topic: "student-finance",
        nation: "england",
        consent: "ask-member",
      });
      const referral = referralOf(await stage.signed(forum, "referrals", body), 201, "awaiting_consent");
      check(referral.pool === null, "no pool before the member's yes", referral.pool?.slug);
      reference = referral.reference;
      unfinished.student = reference;
      const callback = newest(stage, reference, "referral.consent_requested");
      return shown({ ...callback, data: { ...callback.data, text: callback.data.ask } });
    },
  });
  await step({
    at: "11:38",
    who: "Member",
    does: "says yes: only now a pool sees it and the clocks start",
    async run() {
      const event = { type: "member.consent", reference, given: true };
      const referral = referralOf(await stage.signed(forum, "events", event), 200, "offered");
      check(
        referral.pool?.slug === "example-student-finance",
        "example-student-finance",
        referral.pool?.slug,
      );
      return {};
    },
  });
  await claims({ stage, step } as Scene, "11:45", "lena.s", reference, " (and is called away: see Tuesday)");
  referralOf(await look(stage, reference), 200, "claimed");
}
