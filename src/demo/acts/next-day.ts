import { check, referralOf } from "../answers.ts";
import { claims, look, replies } from "../moves.ts";
import type { Act } from "../scene.ts";

/** A claim whose owner went home has gone back to the pool by itself. */
export const nextDay = (monday: { student: string }): Act => ({
  day: "2026-11-24",
  title: "Tuesday morning: what the night left over",
  async play(scene) {
    const { stage, step } = scene;
    const reference = monday.student;
    await step({
      at: "10:45",
      who: "Fingerpost",
      does: "ends Lena's claim: eight service hours without a reply",
      async run() {
        const referral = referralOf(await look(stage, reference), 200, "offered");
        const types = referral.history.map(({ type }) => type);
        check(types.includes("referral.lapsed"), "a lapse in its history", types.join(", "));
        return { details: ["nights do not count; the whole pool sees the question again"] };
      },
    });
    await claims(scene, "10:50", "mo.i", reference);
    await replies(scene, {
      at: "10:58",
      advisor: "mo.i",
      reference,
      body: {
        text: "Put the tax year the form asks for, then tick “my household income has dropped”: the new figure is used when it is at least 15 per cent lower.",
      },
    });
  },
});
