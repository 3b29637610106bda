import { createHmac } from "node:crypto";
import { type Answer, adminKey } from "../support/world.ts";

/** One call over HTTP, with connections kept open; the body goes out as it is, or as JSON. */
export async function call(
  address: string,
  method: string,
  path: string,
  key: string | null,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(`${address}${path}`, {
    method,
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get("content-type") ?? "");
  return {
    status: response.status,
    headers: response.headers,
    body: isJson && text !== "" ? JSON.parse(text) : text,
  };
}

/** The headers of Standard Webhooks, made here and not by the product's own code. */
export function signatureHeaders(secret: string, id: string, at: Date, body: string): Record<string, string> {
  const timestamp = Math.floor(at.getTime() / 1000);
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const mac = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return { "webhook-id": id, "webhook-timestamp": String(timestamp), "webhook-signature": `v1,${mac}` };
}

/** A body that a forum might send; `change` replaces members of it. */
export const referralBody = (change: Record<string, unknown> = {}) => ({
  excerpt: "My Universal Credit advance payment has not come and my work coach does not answer.",
  url: "https://parents.example/thread/1#post-2",
  moderator: "mod-1",
  member: "member-1",
  consent: "member-agreed",
  topic: "universal-credit",
  nation: "england",
  ...change,
});

/** Puts the register in force and makes a signing secret for a forum. */
export async function prepare(address: string, register: unknown, forum: string): Promise<string> {
  const applied = await call(address, "PUT", "/v1/register", adminKey, register);
  if (applied.status !== 200) throw new Error(`The register was refused: ${JSON.stringify(applied.body)}`);
  const { body } = await call(address, "POST", `/v1/forums/${forum}/secrets`, adminKey, {});
  return body.secret;
}

/** A key for each advisor, who has read the guidance. */
export async function advisorKeys(address: string, ids: readonly string[]): Promise<string[]> {
  return Promise.all(
    ids.map(async (id) => {
      const made = await call(address, "POST", "/v1/keys", adminKey, { name: id, scopes: [`advisor:${id}`] });
      await call(address, "POST", "/v1/guidance/acknowledgements", made.body.key, {});
      return String(made.body.key);
    }),
  );
}

/** Does the work for each item, so many at a time. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index];
      if (item !== undefined) results[index] = await work(item, index);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return results;
}
