import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Webhook } from "standardwebhooks";
import { z } from "zod";

/** What the forum does with one callback. */
export type Mood =
  | { answer: number; headers?: Readonly<Record<string, string>>; body?: string; apply?: boolean }
  | { slowMs: number }
  | "reset"
  | "applied-then-reset";

const Callback = z.object({
  type: z.string(),
  timestamp: z.iso.datetime(),
  data: z.looseObject({ sequence: z.number(), reference: z.string().optional() }),
});
export type Callback = z.infer<typeof Callback> & { id: string; raw: string };

export interface ForumOptions {
  secret: string;
  mood?: (callback: Callback) => Mood | undefined;
}

const well: Mood = { answer: 200, apply: true };

/**
 * A forum's server: it takes callbacks over HTTP, believes only those whose signature the `standardwebhooks` package
 * accepts, drops what it has seen by `webhook-id`, and keeps the rest in order. Its mood can be told for each callback.
 */
export async function createForum(options: ForumOptions) {
  const webhook = new Webhook(options.secret);
  const received: Callback[] = [];
  const refused: string[] = [];
  const seen = new Set<string>();
  let requests = 0;

  const apply = (callback: Callback): void => {
    if (seen.has(callback.id)) return;
    seen.add(callback.id);
    received.push(callback);
  };

  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    requests += 1;
    const callback = read(webhook, request, await bodyOf(request));
    if (typeof callback === "string") {
      refused.push(callback);
      response.writeHead(401).end();
      return;
    }
    const mood = options.mood?.(callback) ?? well;
    if (mood === "applied-then-reset" || (typeof mood === "object" && "answer" in mood && mood.apply))
      apply(callback);
    if (typeof mood === "string") request.socket.destroy();
    else if ("slowMs" in mood) setTimeout(() => response.writeHead(200).end(), mood.slowMs).unref();
    else response.writeHead(mood.answer, mood.headers).end(mood.body ?? "");
  };

  const server = createServer((request, response) => {
    take(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    callbackUrl: `http://127.0.0.1:${port}/fingerpost`,
    received,
    refused,
    requests: () => requests,
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The callback, or why it is not believed. */
function read(webhook: Webhook, request: IncomingMessage, raw: string): Callback | string {
  const header = (name: string) => String(request.headers[name] ?? "");
  const id = header("webhook-id");
  try {
    const told = {
      "webhook-id": id,
      "webhook-timestamp": header("webhook-timestamp"),
      "webhook-signature": header("webhook-signature"),
    };
    return { ...Callback.parse(webhook.verify(raw, told)), id, raw };
  } catch (error) {
    return error instanceof Error ? error.message : "refused";
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}
