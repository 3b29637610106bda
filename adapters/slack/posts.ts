import { slackError } from "./client.ts";
import type { WebClient } from "./sdk.ts";

/** A message in a forum's channel: its own time stamp, and that of the thread it stands in or begins. */
export interface Post {
  channel: string;
  ts: string;
  rootTs: string;
}

const stampOf = (digits: string): string => `${digits.slice(0, -6)}.${digits.slice(-6)}`;

/** The message that one of Slack's own links leads to, `https://…/archives/C…/p…[?thread_ts=…]`; null for any other. */
export function postOf(link: string): Post | null {
  if (!URL.canParse(link)) return null;
  const { pathname, searchParams } = new URL(link);
  const [, channel, digits] = /^\/archives\/([A-Z0-9]{2,40})\/p(\d{10,20})\/?$/.exec(pathname) ?? [];
  if (channel === undefined || digits === undefined) return null;
  const ts = stampOf(digits);
  const root = searchParams.get("thread_ts");
  return { channel, ts, rootTs: root !== null && /^\d+\.\d+$/.test(root) ? root : ts };
}

/** The link of a message in the thread of a post, in the form that Slack gives its links. */
export function linkInThread(postLink: string, { channel, rootTs }: Post, ts: string): string {
  const link = new URL(`/archives/${channel}/p${ts.replace(".", "")}`, postLink);
  link.search = new URLSearchParams({ thread_ts: rootTs, cid: channel }).toString();
  return link.href;
}

/**
 * The words of a message as people read them: Slack's markup for mentions, channels, links and dates becomes plain text, and
 * nobody's account is named.
 */
export function plainWords(text: string): string {
  return text
    .replace(/<@[^>]*>/g, "@someone")
    .replace(/<!(?:subteam|here|channel|everyone)[^>]*>/g, "@group")
    .replace(/<!date\^[^>|]*\|([^>]*)>/g, "$1")
    .replace(/<#[A-Z0-9]+(?:\|([^>]*))?>/g, (_all, name: string | undefined) => `#${name ?? "channel"}`)
    .replace(/<(?:mailto:|tel:)?([^>|]*)(?:\|[^>]*)?>/g, "$1")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .trim();
}

/** A message as it stands: who wrote it and what; or why the app cannot see it. */
export async function readPost(
  client: WebClient,
  { channel, ts, rootTs }: Post,
): Promise<{ author: string | null; words: string } | { says: string }> {
  try {
    const at = { channel, ts: rootTs, oldest: ts, latest: ts, inclusive: true, limit: 10 };
    const { messages = [] } = await client.conversations.replies(at);
    const found = messages.find((message) => message.ts === ts);
    if (!found) return { says: "There is no such message in this channel." };
    const author = found.bot_id === undefined ? (found.user ?? null) : null;
    return { author, words: plainWords(found.text ?? "") };
  } catch (error) {
    const cannotSee = ["channel_not_found", "not_in_channel", "missing_scope"].includes(
      slackError(error) ?? "",
    );
    if (slackError(error) === "thread_not_found")
      return { says: "There is no such message in this channel." };
    return cannotSee
      ? {
          says: "The app is not in this channel, so no answer could be shown here. Invite it with /invite first.",
        }
      : { says: "Slack could not be asked about this message. Please try again." };
  }
}

/** The link of a message, as Slack gives it; null where it gives none. */
export async function linkOf(client: WebClient, channel: string, ts: string): Promise<string | null> {
  const answer = await client.chat.getPermalink({ channel, message_ts: ts }).catch(() => null);
  return answer?.permalink ?? null;
}
