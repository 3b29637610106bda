import { minuteMs, type World } from "../support/world.ts";

/** A page as a browser asks for it. */
export interface Page {
  status: number;
  headers: Headers;
  html: string;
}

const accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/** Fetches a page of the instance, with a form's fields where it is sent; redirects are not followed. */
export async function visit(
  world: World,
  path: string,
  form?: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Page> {
  const response = await fetch(`${world.instance.address}${path}`, {
    method: form === undefined ? "GET" : "POST",
    redirect: "manual",
    headers: { accept, ...headers },
    ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
  });
  return { status: response.status, headers: response.headers, html: await response.text() };
}

/** What a reader sees of a page: its text without the markup. */
export const textOf = (html: string): string =>
  html
    .replace(/<[^>]*>/g, " ")
    .replaceAll("&#39;", "'")
    .replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .replace(/\s+/g, " ");

export interface Answered {
  reference: string;
  token: string;
  code: string;
}

/** The token of the member's page, from what the forum was told. */
export function tokenOf(world: World, reference: string): string {
  const told = world.callbacks.find(({ data }) => data.reference === reference);
  return String(told?.data.memberLink).split("/m/")[1] ?? "";
}

/** A referral that was claimed and answered with this text, which the forum shows at this address. */
export async function answered(
  world: World,
  text: string,
  body: Record<string, unknown> = {},
  url = "https://parents.example/thread/1#post-9",
): Promise<Answered> {
  const { body: referral } = await world.refer("parents", body);
  await world.settle();
  const { reference } = referral;
  await world.as("advisor:amal.h", reference, "claim");
  await world.pass(32 * minuteMs);
  world.setMood({ status: 200, body: { url } });
  await world.as("advisor:amal.h", reference, "reply", { text });
  await world.settle();
  world.setMood(null);
  const shown = await world.show(reference);
  return { reference, token: tokenOf(world, reference), code: shown.replies[0].verify.code };
}
