import { checkBlocks } from "./blocks.ts";
import { isObject, type Json, listOf, objectOf, textOf } from "./json.ts";

/** What is wrong with a modal or home view, as Slack's error code with its messages; null when it is well. */
export function checkView(view: Json): { code: string; messages: string[] } | null {
  const messages: string[] = [];
  const say = (pointer: string, what: string) => messages.push(`[ERROR] ${what} [json-pointer:${pointer}]`);
  if (JSON.stringify(view).length > 250_000) return { code: "view_too_large", messages: [] };
  if (textOf(view.private_metadata).length > 3000)
    say("/view/private_metadata", "must be less than 3001 characters");
  if (textOf(view.callback_id).length > 255) say("/view/callback_id", "must be less than 256 characters");
  if (view.type === "modal") checkModal(view, say);
  else if (view.type !== "home") say("/view/type", "must be modal or home");
  if (messages.length > 0) return { code: "invalid_arguments", messages };
  const blocks = checkBlocks(view.blocks, "view");
  return blocks === null ? null : { code: "invalid_arguments", messages: blocks.messages };
}

function checkModal(view: Json, say: (pointer: string, what: string) => void): void {
  for (const part of ["title", "submit", "close"]) {
    const value = view[part];
    if (value === undefined && part !== "title") continue;
    const { type, text } = objectOf(value);
    if (type !== "plain_text" || textOf(text) === "") say(`/view/${part}`, "must be a plain_text object");
    else if (textOf(text).length > 24) say(`/view/${part}/text`, "must be less than 25 characters");
  }
  const hasInput = listOf(view.blocks).some((block) => block.type === "input");
  if (hasInput && view.submit === undefined)
    say("/view/submit", "is required when an input is in the blocks");
}

/** What an app may answer to a submitted view; an empty answer closes it. The mistake in words, or null. */
export function checkViewAnswer(answer: Json, view: Json): string | null {
  if (Object.keys(answer).length === 0) return null;
  const inputs = listOf(view.blocks).filter((block) => block.type === "input");
  switch (answer.response_action) {
    case "clear":
      return null;
    case "errors": {
      const keys = Object.keys(objectOf(answer.errors));
      const known = inputs.map((block) => block.block_id);
      return keys.length > 0 && keys.every((key) => known.includes(key))
        ? null
        : "errors name blocks that are no inputs of this view";
    }
    case "update":
    case "push": {
      if (!isObject(answer.view)) return "an update without a view";
      const found = checkView(answer.view);
      return found === null ? null : `${found.code} ${found.messages.join(" ")}`;
    }
    default:
      return `unknown response_action ${textOf(answer.response_action)}`;
  }
}
