import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { Webhook } from "standardwebhooks";
import { z } from "zod";

const Callback = z.object({
  type: z.string(),
  data: z.looseObject({
    reference: z.string(),
    sequence: z.int(),
    state: z.string(),
    text: z.string().optional(),
    because: z.string().optional(),
    ask: z.string().optional(),
    from: z.object({ department: z.string(), pool: z.string() }).optional(),
    verify: z.object({ code: z.string(), url: z.string() }).optional(),
  }),
});

/** A callback whose signature holds, in the order in which they came. */
export interface Callback extends z.infer<typeof Callback> {
  forum: string;
}

/** The servers of all the demo's forums, behind one address: each forum is a path. */
export interface ForumServer {
  address: string;
  callbacks: readonly Callback[];
  /** How many callbacks came whose signature does not hold. */
  forged(): number;
  /** How many attempts found the server of a forum down. */
  missed(forum: string): number;
  learnSecret(forum: string, secret: string): void;
  goDown(forum: string): void;
  comeBack(forum: string): void;
  close(): Promise<void>;
}

/** The invented address of a forum of the sample. */
export const siteOf = (forum: string): string => `${forum.replace(/^example-/, "")}.example`;

const toleranceSeconds = 5 * 60;

/** Whether a callback was signed with this forum's secret over these bytes, within five minutes of the demo's time. */
function isGenuine(
  secret: string | undefined,
  headers: IncomingHttpHeaders,
  body: string,
  now: Date,
): boolean {
  const [id, time, given] = ["webhook-id", "webhook-timestamp", "webhook-signature"].map((name) =>
    String(headers[name] ?? ""),
  );
  if (secret === undefined || !id || !time || !given) return false;
  if (Math.abs(now.getTime() / 1000 - Number(time)) > toleranceSeconds) return false;
  const expected = Buffer.from(new Webhook(secret).sign(id, new Date(Number(time) * 1000), body));
  return given
    .split(" ")
    .map((one) => Buffer.from(one))
    .some((one) => one.length === expected.length && timingSafeEqual(one, expected));
}

/** Starts the forums' side: it verifies every callback, keeps each once, and answers where a reply can be seen. */
export async function startForumServer(now: () => Date): Promise<ForumServer> {
  const secrets = new Map<string, string>();
  const down = new Set<string>();
  const missed = new Map<string, number>();
  const seen = new Set<string>();
  const callbacks: Callback[] = [];
  let forged = 0;

  const receive = (
    forum: string,
    headers: IncomingHttpHeaders,
    body: string,
  ): { status: number; answer?: object } => {
    if (down.has(forum)) {
      missed.set(forum, (missed.get(forum) ?? 0) + 1);
      return { status: 503 };
    }
    if (!isGenuine(secrets.get(forum), headers, body, now())) {
      forged += 1;
      return { status: 401 };
    }
    const id = String(headers["webhook-id"]);
    const callback = Callback.parse(JSON.parse(body));
    if (!seen.has(id)) callbacks.push({ forum, ...callback });
    seen.add(id);
    const isShown = callback.type === "referral.replied" || callback.type === "referral.corrected";
    const { reference } = callback.data;
    return { status: 200, answer: isShown ? { url: `https://${siteOf(forum)}/answers/${reference}` } : {} };
  };

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const forum = (request.url ?? "").slice(1);
      const { status, answer = {} } = receive(forum, request.headers, Buffer.concat(chunks).toString("utf8"));
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const at = server.address();
  return {
    address: `http://127.0.0.1:${typeof at === "object" && at !== null ? at.port : 0}`,
    callbacks,
    forged: () => forged,
    missed: (forum) => missed.get(forum) ?? 0,
    learnSecret: (forum, secret) => void secrets.set(forum, secret),
    goDown: (forum) => void down.add(forum),
    comeBack: (forum) => void down.delete(forum),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
