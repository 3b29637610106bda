import { z } from "zod";
import type { HttpResponse, Sent } from "../../src/contract/adapter.ts";

const longestWaitMs = 24 * 60 * 60 * 1000;
/** Answers that say "later" by themselves; every other refusal may be mended by whoever runs the forum. */
const reasonOf = (status: number): string =>
  status >= 300 && status < 400 ? "redirect" : `status-${status}`;

const Url = z.url({ protocol: /^https?$/ }).max(2_000);

/**
 * What a forum's answer means. 2xx: delivered, with `{url?, held?}` from the body where they are well-formed. 410: the forum
 * wants no more callbacks. Everything else, redirects and mistakes included, is tried again by the schedule, because
 * the person who can mend it is not at the keyboard when it happens; `Retry-After` is kept to, up to a day.
 */
export function readAnswer(response: HttpResponse, now: Date): Sent {
  const { status, headers } = response;
  if (status >= 200 && status < 300) return { outcome: "delivered", ...readBody(response.body) };
  if (status === 410) return { outcome: "refused", reason: "status-410", stop: true };
  const afterMs = readRetryAfter(headers["retry-after"], now);
  return { outcome: "retry", reason: reasonOf(status), ...(afterMs === undefined ? {} : { afterMs }) };
}

function readBody(body: string): { url?: string; held?: boolean } {
  const answer = parse(body);
  if (typeof answer !== "object" || answer === null) return {};
  const url = "url" in answer ? Url.safeParse(answer.url) : undefined;
  return {
    ...(url?.success ? { url: url.data } : {}),
    ...("held" in answer && answer.held === true ? { held: true } : {}),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Milliseconds from now, of seconds or an HTTP date (RFC 9110 section 10.2.3); undefined where it is neither. */
export function readRetryAfter(header: string | undefined, now: Date): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now.getTime();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms), longestWaitMs);
}
