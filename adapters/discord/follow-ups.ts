import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { ForumEvent } from "../../src/contract/bodies.ts";
import type { ForumEntry } from "../../src/contract/core-api.ts";
import { DomainError } from "../../src/contract/errors.ts";
import { explain } from "./answers.ts";
import { passWords } from "./buttons.ts";
import { body, type Desk, forumOf, from } from "./desk.ts";
import type { Deleted, Heard } from "./gateway-words.ts";
import { wordsOf } from "./words.ts";

/** The reference in the small print of one of our messages. */
const smallPrint = /^-# (FP-[\w-]{1,40}) · .*$/;
const call = /^\s*<@!?\d{1,20}>\s*/;
/** Discord sends nothing twice: while the database is away, what was heard is kept here and tried again. */
const waitsMs = [0, 500, 2_000, 8_000, 20_000, 40_000];

async function persistently({ deps }: Desk, work: () => Promise<void>): Promise<void> {
  for (const ms of waitsMs) {
    if (ms > 0) await sleep(ms, undefined, { ref: false });
    try {
      return await work();
    } catch (error) {
      if (ms === waitsMs.at(-1))
        deps.logger.error("What was heard could not be kept.", { adapter: "discord" }, error);
    }
  }
}

/**
 * Takes somebody's answer to a message of ours, from the member who asked or from a moderator; whatever else is said is
 * none of ours. It goes to the advisor, as an answer where they have asked, else as a further question.
 */
export async function followUp(desk: Desk, heard: Heard): Promise<void> {
  const reference = smallPrint.exec(heard.answered.split("\n").at(-1) ?? "")?.[1];
  if (reference !== undefined) await persistently(desk, () => pass(desk, heard, reference));
}

/** Notes that a referred message or a reply is gone. Discord does not say who took it: it counts as a moderator's doing. */
export async function noteDeleted(desk: Desk, { guild, messages }: Deleted): Promise<void> {
  for (const message of messages) await persistently(desk, () => noteGone(desk, guild, message));
}

async function noteGone(desk: Desk, guild: string, message: string): Promise<void> {
  const known = await desk.memories.readMessage(message);
  const forum = known === null ? null : await forumOf(desk, guild);
  if (known === null || forum === null) return;
  const { reference } = known;
  const event: ForumEvent =
    known.is === "post"
      ? { type: "post.deleted", reference, byMember: false }
      : { type: "reply.removed", reference };
  try {
    await desk.deps.core.reportEvent(forum.slug, event, from(forum, "moderator", `deleted-${message}`));
  } catch (error) {
    // Erased, or another server's: then there is nothing to note.
    if (!(error instanceof DomainError)) throw error;
  }
}

async function pass(desk: Desk, heard: Heard, reference: string): Promise<void> {
  const forum = await forumOf(desk, heard.guild);
  if (forum === null) return;
  const t = wordsOf(forum.language);
  const speaker = await speakerOf(desk, heard, { forum, reference });
  if (speaker === null) return;
  const text = heard.content.replace(call, "").trim();
  if (text === "") return say(desk, heard, t("cannotRead", { button: t("again") }));
  try {
    const { actor } = from(forum, "moderator", heard.id);
    const { state } = await desk.deps.core.viewReferral(reference, actor);
    const isAnswer = state === "waiting_member";
    await passWords(desk, { forum, reference, text, speaker, isAnswer, eventId: heard.id });
    await say(desk, heard, t("passedOn"));
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    await say(desk, heard, explain(desk, error, { t, language: forum.language, reference }));
  }
}

async function speakerOf(
  { deps, memories }: Desk,
  { guild, author, isModerator }: Heard,
  { forum, reference }: { forum: ForumEntry; reference: string },
): Promise<"member" | "moderator" | null> {
  try {
    const view = await deps.core.viewReferral(reference, {
      kind: "forum",
      forum: forum.slug,
      voice: "moderator",
    });
    const post = await memories.readPost(view.externalId);
    if (post?.member && post.member === (await memories.memberHash(guild, author))) return "member";
    return isModerator ? "moderator" : null;
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
  }
}

/** A word back, under what was said. When it does not arrive, nothing is lost but the word. */
async function say({ call: request, deps }: Desk, { id, channel }: Heard, content: string): Promise<void> {
  const nonce = createHash("sha256").update(`heard ${id}`).digest("hex").slice(0, 20);
  const reference = { message_reference: { message_id: id, fail_if_not_exists: false } };
  try {
    const message = { ...body(content), ...reference, nonce, enforce_nonce: true };
    await request({ method: "POST", path: `/channels/${channel}/messages`, body: message });
  } catch {
    deps.logger.info("A word back could not be said.", { adapter: "discord" });
  }
}
