import { randomUUID } from "node:crypto";
import type { Memory } from "../../src/contract/adapter.ts";
import type { ReferralView, ReplyView } from "../../src/contract/core-api.ts";
import { bold, divider, line, sections, small, textField } from "./blocks.ts";
import { longestInput } from "./forms.ts";
import type { Block, ModalView } from "./sdk.ts";
import { split } from "./text.ts";
import { type Meta, modal } from "./view-parts.ts";

export interface Finding {
  code: string;
  says: string;
  stops: boolean;
}

/** Where a reply is written. */
export function replyView(meta: Meta, text = "", above: readonly Block[] = []): ModalView {
  const field = textField(
    {
      id: "text",
      label: "Your reply",
      hint: "Next you see exactly what the forum will show. Nothing is sent yet.",
    },
    longestInput,
    text,
  );
  return modal("Reply", { ...meta, form: "reply" }, [...above, field], "Look at it first");
}

/** Exactly what the forum will show; only this view's submit sends. */
export function previewView(
  meta: Meta,
  text: string,
  findings: readonly Finding[],
  view: Pick<ReferralView, "forum" | "pool" | "origins">,
): ModalView {
  const origins = (view.origins ?? []).map(({ reference, forum }) => `${forum.name} (${reference})`);
  const advice = findings.map(({ says }) => line(bold("Look again: "), says));
  return modal(
    "This is what is sent",
    meta,
    [
      ...advice,
      ...(advice.length > 0 ? [divider] : []),
      small(`${view.forum.name} will show this:`),
      ...sections(text),
      small(
        `It is signed with the department and “${view.pool?.name ?? "the pool"}”, never with your name, and with a link to check that it is official.`,
      ),
      ...(origins.length > 0
        ? [small(`The same answer goes to what was merged into it: ${origins.join(", ")}.`)]
        : []),
    ],
    "Send",
  );
}

const keptMs = 2 * 3_600_000;
/** A value of the memory is at most 4 kB of JSON; a character takes at most six bytes there. */
const partLength = 600;

/** Keeps a text that is looked at before it is sent, where every instance finds it, erased with its referral. */
export async function keepDraft(memory: Memory, reference: string, text: string): Promise<string> {
  const id = randomUUID();
  const parts = split(text, partLength);
  const options = { reference, ttlMs: keptMs };
  await Promise.all(parts.map((part, index) => memory.set(`draft:${id}:${index}`, part, options)));
  return `${id}:${parts.length}`;
}

export async function readDraft(memory: Memory, draft: string): Promise<string | null> {
  const [id = "", count = "0"] = draft.split(":");
  const keys = Array.from({ length: Number(count) }, (_, index) => `draft:${id}:${index}`);
  const parts = await Promise.all(keys.map((key) => memory.get(key)));
  return parts.length > 0 && parts.every((part) => typeof part === "string") ? parts.join("") : null;
}

/** The newest reply in a state, such as one that has been approved and not been sent. */
export const newestIn = (view: ReferralView, state: string): ReplyView | undefined =>
  view.replies.filter((reply) => reply.state === state).at(-1);
