import { sections } from "./blocks.ts";
import type { Block, HomeView, ModalView } from "./sdk.ts";
import { plain } from "./text.ts";

/** What a modal has to know, carried in it and read again on submit. No rights in it, no words of anybody. */
export interface Meta {
  reference: string;
  channel: string | null;
  form: string;
  /** A draft kept in our memory, or the id of one in the core. */
  draft?: string;
  /** The message of a forum that is being referred, and the beginning of its thread. */
  ts?: string;
  rootTs?: string;
}

export function readMeta(text: string): Meta {
  const { reference, channel, form, draft, ts, rootTs } = JSON.parse(text) as Record<string, unknown>;
  return {
    reference: String(reference),
    channel: typeof channel === "string" ? channel : null,
    form: String(form),
    ...(typeof draft === "string" ? { draft } : {}),
    ...(typeof ts === "string" && typeof rootTs === "string" ? { ts, rootTs } : {}),
  };
}

/** A modal. With `submit` it has something to send; without, it only says something. */
export function modal(title: string, meta: Meta, blocks: Block[], submit?: string): ModalView {
  return {
    type: "modal",
    callback_id: `form:${meta.form}`,
    private_metadata: JSON.stringify(meta),
    title: plain(title, 24),
    close: plain(submit === undefined ? "Close" : "Cancel", 24),
    ...(submit === undefined ? {} : { submit: plain(submit, 24) }),
    blocks: blocks.slice(0, 100),
  };
}

/** What stands there while the core is asked, with what was typed, so that it is never lost from sight. */
export const working = (title: string, meta: Meta, typed: readonly string[] = []): ModalView =>
  modal(title, meta, [...sections("One moment…"), ...typed.flatMap((text) => sections(text))]);

export const home = (blocks: Block[]): HomeView => ({ type: "home", blocks: blocks.slice(0, 100) });

interface Typed {
  value?: string | null | undefined;
  selected_option?: { value: string } | null | undefined;
  selected_user?: string | null | undefined;
}

/** What was typed and chosen in a submitted modal, by block. */
export function readValues(
  values: Readonly<Record<string, Readonly<Record<string, Typed>>>>,
): Record<string, string> {
  const read: Record<string, string> = {};
  for (const [block, elements] of Object.entries(values)) {
    const [typed] = Object.values(elements);
    const value = typed?.value ?? typed?.selected_option?.value ?? typed?.selected_user;
    if (value !== undefined && value !== null && value !== "") read[block] = value;
  }
  return read;
}
