import { createHmac } from "node:crypto";
import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import { type Answer, adminKey } from "../support/world.ts";

const connections = new Agent({ keepAlive: true, maxSockets: 256 });

/** One call over HTTP, with connections kept open; the path and the body go out as they are, an object as JSON. */
export async function call(
  address: string,
  method: string,
  path: string,
  key: string | null,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const { hostname, port } = new URL(address);
  const bytes = typeof body === "string" || body === undefined ? (body ?? "") : JSON.stringify(body);
  const sent = request({
    agent: connections,
    hostname,
    port,
    method,
    path,
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      "content-length": Buffer.byteLength(bytes),
      ...headers,
    },
  });
  sent.end(bytes);
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString("utf8");
  const told = new Headers();
  for (const [name, value] of Object.entries(response.headers)) told.set(name, String(value));
  const isJson = /json/.test(told.get("content-type") ?? "");
  return {
    status: response.statusCode ?? 0,
    headers: told,
    body: isJson && text !== "" ? JSON.parse(text) : text,
  };
}

/** What a caller does who does not give up: asks again, elsewhere where there is more than one, until an answer is whole. */
export async function insist(
  addressOf: (turn: number) => string,
  turn: number,
  send: (address: string) => Promise<Answer>,
): Promise<Answer> {
  const until = performance.now() + 60_000;
  for (let attempt = turn; performance.now() < until; attempt += 1) {
    const answer = await send(addressOf(attempt)).catch(() => null);
    if (answer !== null && answer.status !== 503) return answer;
  }
  throw new Error("No instance answered for a minute.");
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
