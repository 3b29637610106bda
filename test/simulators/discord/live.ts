import { type Json, listOf, objectOf, textOf } from "../slack/json.ts";
import { flatten } from "./components.ts";
import type { State } from "./state.ts";

const escapable = /[!-/:-@[-`{-~]/;
const mention = /^(?:<@[!&]?\d{1,20}>|<#\d{1,20}>|<\/[^>\n]{1,100}:\d{1,20}>|<id:\w+>|@everyone|@here)/;
/** As Discord's own client reads them: balanced brackets, then an address that may stand in angle brackets. */
const masked =
  /^\[(?:\[[^\]]*\]|[^[\]]|\](?=[^[]*\]))*\]\(\s*<?(?:\([^)]*\)|[^\s\\]|\\.)*?>?(?:\s+['"][\s\S]*?['"])?\s*\)/;

/** The end of code that begins here, where nothing is live, or -1. */
function codeEnd(text: string, from: number): number {
  const fence = /^`+/.exec(text.slice(from, from + 200))?.[0] ?? "";
  if (fence === "") return -1;
  for (let at = from + fence.length; at < text.length; ) {
    const next = text.indexOf(fence, at);
    if (next < 0) return -1;
    const isWhole = text[next + fence.length] !== "`" && text[next - 1] !== "`";
    if (isWhole || fence.length >= 3) return next + fence.length;
    at = next + 1;
  }
  return -1;
}

/** What of a text in Discord's Markdown is a mention or a link behind other words. */
export function liveIn(text: string): string[] {
  const found: string[] = [];
  for (let i = 0; i < text.length; i += 1) {
    const letter = text.charAt(i);
    if (letter === "\\" && escapable.test(text.charAt(i + 1))) {
      i += 1;
      continue;
    }
    const rest = text.slice(i, i + 2_000);
    if (letter === "`") {
      const end = codeEnd(text, i);
      if (end > 0) i = end - 1;
      continue;
    }
    const hit =
      letter === "[" ? masked.exec(rest) : letter === "<" || letter === "@" ? mention.exec(rest) : null;
    if (!hit) continue;
    found.push(hit[0]);
    i += hit[0].length - 1;
  }
  return found;
}

const embedTexts = (embed: Json): unknown[] => [
  embed.description,
  ...listOf(embed.fields).map(({ value }) => value),
];

/** What a reader of this message could be called by, or led away with: mentions and masked links, in every part. */
export function liveParts(message: Json): string[] {
  const components = flatten(listOf(message.components));
  const texts = [
    message.content,
    ...listOf(message.embeds).flatMap(embedTexts),
    ...components.map(({ content }) => content),
  ];
  const allowed = objectOf(message.allowed_mentions);
  const pings = [...listOfTexts(allowed.parse), ...listOfTexts(allowed.users), ...listOfTexts(allowed.roles)];
  return [...texts.flatMap((text) => liveIn(textOf(text))), ...pings.map((one) => `allowed: ${one}`)];
}

export const listOfTexts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];

const messageRoutes =
  /^(POST|PATCH) \/(channels\/:id\/(messages(\/:id)?|threads)|webhooks\/:id\/:token(\/messages\/.+)?)$/;

/** Every body that was shown to somebody, whichever way it went: by REST, or as the answer to a signed request. */
export function messageBodies({ state }: { state: State }): Json[] {
  const posted = state.requests
    .filter(({ method, route }) => messageRoutes.test(`${method} ${route}`))
    .map(({ body }) => objectOf(body))
    .map((body) => (body.message === undefined ? body : objectOf(body.message)));
  const answered = [...state.interactions.values()]
    .map(({ first }) => objectOf(first?.body))
    .filter(({ type }) => type === 4 || type === 7)
    .map(({ data }) => objectOf(data));
  return [...posted, ...answered];
}

/** True for a body whose mentions call nobody. */
export function isMute(body: Json): boolean {
  const { allowed_mentions: allowed } = body;
  const { parse, users, roles, replied_user: replied } = objectOf(allowed);
  const isEmpty = (list: unknown): boolean =>
    list === undefined || (Array.isArray(list) && list.length === 0);
  return Array.isArray(parse) && parse.length === 0 && isEmpty(users) && isEmpty(roles) && replied !== true;
}
