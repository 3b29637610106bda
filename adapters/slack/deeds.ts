import { DomainError } from "../../src/contract/errors.ts";
import { line, sections, small } from "./blocks.ts";
import { type Deed, type Desk, from, recognise } from "./desk.ts";
import { doneView, type Form, forms, formView, poolChoices, type Values } from "./forms.ts";
import { asWhoever } from "./people.ts";
import { explain } from "./refusals.ts";
import { type Finding, keepDraft, newestIn, previewView, readDraft, replyView } from "./replies.ts";
import type { Block, ModalView } from "./sdk.ts";
import { showBlocks } from "./show.ts";
import { clean } from "./text.ts";
import { type Meta, modal, working } from "./view-parts.ts";

const refuser = (title: string, meta: Meta) => (says: Block[]) => modal(title, meta, says);

/** Opens the modal of an action from what is in memory; what it has to look up is filled in afterwards. */
export async function openForm(desk: Desk, deed: Deed, action: string): Promise<void> {
  const meta: Meta = { reference: deed.reference, channel: deed.channel, form: action };
  if (action === "reply") return openReply(desk, deed, meta);
  if (action === "show") return show(desk, deed, meta);
  const form = forms.get(action);
  if (!form) return;
  if (form.id === "review") return openReview(desk, deed, form, meta);
  await desk.open(deed, formView(form, meta, { pools: poolsAtHand(desk) }));
}

const poolsAtHand = (desk: Desk) => poolChoices(desk.deps.core.choicesAtHand("").pools);

/** The view of a referral in an open modal, or null after saying there why there is none. */
async function look(desk: Desk, deed: Deed, meta: Meta, title: string, viewId: string | null) {
  const colleague = await recognise(desk, deed, viewId, refuser(title, meta));
  if (!colleague) return null;
  try {
    const { core } = desk.deps;
    return await asWhoever(colleague, (actor) =>
      core.viewReferral(deed.reference, actor, { recorded: true }),
    );
  } catch (error) {
    await desk.update(viewId, modal(title, meta, explain(error, deed.reference)));
    return null;
  }
}

/** A place to write in, at once; where an approved draft waits, that instead, as it stands. */
async function openReply(desk: Desk, deed: Deed, meta: Meta): Promise<void> {
  const viewId = await desk.open(deed, replyView(meta));
  const known = await desk.people.find(deed.user);
  if (!known.ok) {
    await desk.update(viewId, modal("Reply", meta, sections(known.says)));
    return;
  }
  const view = await desk.deps.core.viewReferral(deed.reference, known.colleague.actor).catch(() => null);
  const approved = view ? newestIn(view, "approved") : undefined;
  if (!view || !approved?.text) return;
  await desk.update(
    viewId,
    previewView({ ...meta, form: "approved", draft: approved.id }, approved.text, [], view),
  );
}

async function openReview(desk: Desk, deed: Deed, form: Form, meta: Meta): Promise<void> {
  const viewId = await desk.open(deed, working(form.title, meta));
  const view = await look(desk, deed, meta, form.title, viewId);
  if (!view) return;
  const draft = newestIn(view, "draft");
  if (!draft?.text) {
    await desk.update(viewId, modal(form.title, meta, sections("There is no draft to review.")));
    return;
  }
  const above = [small("The draft, as it would be sent:"), ...sections(draft.text)];
  await desk.update(viewId, formView(form, { ...meta, draft: draft.id }, { above }));
}

async function show(desk: Desk, deed: Deed, meta: Meta): Promise<void> {
  const viewId = await desk.open(deed, working("Full text", meta));
  const view = await look(desk, deed, meta, "Full text", viewId);
  if (view) await desk.update(viewId, modal(view.reference, meta, showBlocks(view)));
}

/** Says in the modal what stands in the way, with what was typed; where the modal is closed, to the person alone. */
async function giveBack(
  desk: Desk,
  deed: Deed,
  viewId: string,
  view: ModalView,
  why: Block[],
): Promise<void> {
  if (!(await desk.update(viewId, view))) await desk.tell(deed, why);
}

/** Does what a submitted form asks for. */
export async function submitForm(
  desk: Desk,
  deed: Deed,
  meta: Meta,
  viewId: string,
  values: Values,
): Promise<void> {
  const form = forms.get(meta.form);
  if (!form) return;
  const again = (why: Block[]) => formView(form, meta, { values, above: why, pools: poolsAtHand(desk) });
  const colleague = await recognise(desk, deed, viewId, again);
  if (!colleague) return;
  try {
    const named = await withHandles(desk, form, values);
    const { core } = desk.deps;
    await asWhoever(colleague, (actor) =>
      core.perform(deed.reference, form.verb, form.body(named, meta), from({ actor }, deed)),
    );
    await desk.update(viewId, doneView(form, meta));
  } catch (error) {
    const why = explain(error, deed.reference);
    await giveBack(desk, deed, viewId, again(why), why);
  }
}

/** The Slack user that a form names, as the register's id. */
async function withHandles(desk: Desk, form: Form, values: Values): Promise<Values> {
  const chosen = form.names === undefined ? undefined : values[form.names];
  if (form.names === undefined || chosen === undefined) return values;
  const known = await desk.people.find(chosen);
  if (!known.ok)
    throw new DomainError("advisor/not-found", { detail: "The register does not know this colleague." });
  return { ...values, [form.names]: known.colleague.id };
}

/** Reads a reply before it is sent, and shows it as the forum will. */
export async function checkReply(
  desk: Desk,
  deed: Deed,
  meta: Meta,
  viewId: string,
  values: Values,
): Promise<void> {
  const text = clean(values.text ?? "").trim();
  const again = (why: Block[]) => replyView(meta, text, why);
  const colleague = await recognise(desk, deed, viewId, again);
  if (!colleague) return;
  try {
    const { core, memory } = desk.deps;
    const findings = await core.checkReply(deed.reference, text, colleague.actor);
    const stopping = findings.filter(({ stops }) => stops);
    if (stopping.length > 0) {
      await desk.update(viewId, again(wordsOf(stopping)));
      return;
    }
    const view = await core.viewReferral(deed.reference, colleague.actor);
    const draft = await keepDraft(memory, deed.reference, text);
    await desk.update(viewId, previewView({ ...meta, form: "send", draft }, text, findings, view));
  } catch (error) {
    const why = explain(error, deed.reference);
    await giveBack(desk, deed, viewId, again(why), why);
  }
}

const wordsOf = (findings: readonly Finding[]): Block[] => findings.map(({ says }) => line(says));

/** Sends what the preview showed, or an approved draft as it stands. */
export async function sendReply(desk: Desk, deed: Deed, meta: Meta, viewId: string): Promise<void> {
  const text = meta.form === "send" ? await readDraft(desk.deps.memory, meta.draft ?? "") : null;
  const again = (why: Block[]) => replyView(meta, text ?? "", why);
  const colleague = await recognise(desk, deed, viewId, again);
  if (!colleague) return;
  if (meta.form === "send" && text === null) {
    await desk.update(
      viewId,
      again([line("What you wrote is no longer kept here. Please write it once more.")]),
    );
    return;
  }
  try {
    const body = text === null ? { draft: meta.draft ?? "" } : { text };
    await desk.deps.core.perform(deed.reference, "reply", body, from(colleague, deed));
    const sent = "It is on its way to the forum. The card says when the forum has it.";
    await desk.update(viewId, modal("Reply", meta, sections(sent)));
  } catch (error) {
    if (error instanceof DomainError && error.code === "reply/clearance-needed") {
      await askForClearance(desk, meta, viewId, text ?? "");
      return;
    }
    const why = explain(error, deed.reference);
    await giveBack(desk, deed, viewId, again(why), why);
  }
}

async function askForClearance(desk: Desk, meta: Meta, viewId: string, text: string): Promise<void> {
  const form = forms.get("clearance");
  const why = [line("Every reply of this pool is cleared by a second person.")];
  if (form) await desk.update(viewId, formView(form, meta, { values: { text }, above: why }));
}
