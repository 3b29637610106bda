import { z } from "zod";
import { DomainError } from "../../contract/errors.ts";
import { tellForum } from "../notices.ts";
import { record } from "../step.ts";
import { keep } from "../texts.ts";
import { defineVerb, questionText } from "../verb.ts";

/**
 * Asks the member something through the forum. The clock runs until the forum has the question. Not while a reply is on its
 * way: that one answers.
 */
export const askMember = defineVerb({
  name: "ask",
  body: z.strictObject({ text: questionText }),
  answers: 202,
  async act(turn, body) {
    if (turn.replies.some((reply) => reply.state === "queued")) throw new DomainError("reply/in-flight");
    const textId = await keep(turn, "question", body.text);
    await record(turn, "ask", { textId });
    const delivery = await tellForum(turn, "referral.question", { textId });
    turn.awaited = { id: delivery ?? textId, state: delivery ? "waiting" : "to-collect" };
  },
});
