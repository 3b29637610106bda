import { results } from "../../src/contract/vocabulary.ts";
import { line, sections, textField } from "./blocks.ts";
import type { Deed, Desk } from "./desk.ts";
import { longestInput, type Values } from "./forms.ts";
import { explain } from "./refusals.ts";
import type { Block, ModalView } from "./sdk.ts";
import { type Meta, modal } from "./view-parts.ts";

/** What a member or moderator presses under what we said in a forum's thread. The words are in both languages. */
const writings: Readonly<Record<string, { verb: string; title: string; label: string }>> = {
  answer: { verb: "member-answer", title: "Answer · Ateb", label: "Your answer · Eich ateb" },
  again: { verb: "follow-up", title: "Ask again · Gofyn eto", label: "What is still open · Beth sydd ar ôl" },
};
const publicHint = "It goes to the advisor. Do not write names, numbers or addresses.";
const thanks = "Thank you. · Diolch.";
const notYours =
  "Only the person who wrote the post, or a moderator, can do this. · Dim ond awdur y neges, neu gymedrolwr, all wneud hyn.";
const membersAlone =
  "Only the person who wrote the post can say this. · Dim ond awdur y neges all ddweud hyn.";

/** A button under a question, a reply or a request for consent. One that takes words opens its modal at once. */
export async function pressed(desk: Desk, deed: Deed, action: string): Promise<void> {
  const meta: Meta = { reference: deed.reference, channel: deed.channel, form: `member-${action}` };
  if (action in writings) {
    await desk.open(deed, writingView(action, meta));
    return;
  }
  const said =
    action === "yes" || action === "no"
      ? { verb: "consent", body: { given: action === "yes" } }
      : results.some((result) => result === action)
        ? { verb: "feedback", body: { result: action } }
        : null;
  if (said === null) return;
  const refused = await report(desk, deed, said.verb, said.body);
  await desk.tell(deed, refused ?? sections(thanks));
}

export async function submitWriting(
  desk: Desk,
  deed: Deed,
  meta: Meta,
  viewId: string,
  values: Values,
): Promise<void> {
  const action = meta.form.replace("member-", "");
  const writing = writings[action];
  if (!writing) return;
  const refused = await report(desk, deed, writing.verb, { text: values.text ?? "" });
  const view =
    refused === null
      ? modal(writing.title, meta, sections(thanks))
      : writingView(action, meta, values.text, refused);
  if (!(await desk.update(viewId, view))) await desk.tell(deed, refused ?? sections(thanks));
}

function writingView(action: string, meta: Meta, text = "", above: readonly Block[] = []): ModalView {
  const { title, label } = writings[action] ?? { title: "", label: "" };
  const field = textField({ id: "text", label, hint: publicHint }, longestInput, text);
  return modal(title, meta, [...above, field], "Send · Anfon");
}

/** Hands it to the core in the voice of whoever pressed; what stands in the way, or null. */
async function report(
  desk: Desk,
  deed: Deed,
  verb: string,
  body: Record<string, unknown>,
): Promise<Block[] | null> {
  try {
    const actor = await desk.forums.voiceOf(deed.user, deed.reference);
    if (actor === null) return [line(notYours)];
    // A moderator passes on a member's consent in words of their own, never with the member's button.
    if (verb === "consent" && actor.voice !== "member") return [line(membersAlone)];
    const said = { ...body, saidBy: actor.voice };
    await desk.deps.core.perform(deed.reference, verb, said, { actor, eventId: `slack:${deed.event}` });
    return null;
  } catch (error) {
    return explain(error, deed.reference);
  }
}
