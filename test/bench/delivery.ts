import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { type BenchContext, defineBench, type Line } from "./bench.ts";
import { runSql, twoDatabases } from "./database.ts";
import { median, quantile, show } from "./figures.ts";
import { drive } from "./load.ts";
import { signedPosts } from "./posts.ts";
import { asAdmin, benchRegister, issueSecrets } from "./register.ts";
import { startOurs } from "./servers.ts";

/** A forum's server that notes when each callback came. */
interface Sink {
  url: string;
  /** Resolves with the time of the next callback. */
  next(): Promise<number>;
}

export const bench = defineBench({
  name: "delivery",
  about:
    "From a referral's commit to its callback at the forum, same instance and another, beside a request in the process.",
  async run(context) {
    const sink = await listen(context);
    const rounds = context.quick ? 3 : 100;
    const same = await measure(context, sink, { rounds, acceptorDelivers: true });
    const other = await measure(context, sink, { rounds: context.quick ? 3 : 40, acceptorDelivers: false });
    const waiting = context.quick ? 100 : 100_000;
    const crowded = await measure(context, sink, {
      rounds: context.quick ? 3 : 20,
      acceptorDelivers: true,
      waiting,
    });
    const direct: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const arrived = sink.next();
      const startedAt = performance.now();
      await Promise.all([fetch(sink.url, { method: "POST", body: "{}" }), arrived]);
      direct.push((await arrived) - startedAt);
    }
    const floor = show(median(direct), " ms");
    return [
      line("same instance, median", median(same), floor, 5, { times: same }),
      line("another instance, median", median(other), floor, 250, { times: other }),
      line(`${waiting.toLocaleString("en-GB")} others waiting, slowest`, quantile(crowded, 1), floor, 1_000, {
        times: crowded,
      }),
    ];
  },
});

const line = (what: string, ms: number, floor: string, mostMs: number, detail: object): Line => ({
  what,
  ours: show(ms, " ms"),
  floor,
  target: `≤ ${mostMs} ms`,
  holds: ms <= mostMs,
  detail: { ...detail },
});

async function listen(context: BenchContext): Promise<Sink> {
  const waiting: ((at: number) => void)[] = [];
  const server = createServer((request, response) => {
    waiting.shift()?.(performance.now());
    request.resume().on("end", () => response.writeHead(200).end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  context.finally(() => server.closeAllConnections() ?? server.close());
  const at = server.address();
  const url = `http://127.0.0.1:${typeof at === "object" && at ? at.port : 0}/`;
  return { url, next: () => new Promise((resolve) => waiting.push(resolve)) };
}

interface Case {
  rounds: number;
  /** Whether the instance that takes the referral also sends; otherwise another one does. */
  acceptorDelivers: boolean;
  /** Deliveries that wait, due, for another forum whose server is down. */
  waiting?: number;
}

/** Milliseconds from the answer to a referral, which comes after its commit, to its callback; 0 where that was first. */
async function measure(
  context: BenchContext,
  sink: Sink,
  { rounds, acceptorDelivers, waiting = 0 }: Case,
): Promise<number[]> {
  const { ours: databaseUrl } = await twoDatabases(context);
  const env = { ENCRYPTION_KEY: "11".repeat(32) };
  const acceptor = await startOurs(context, { databaseUrl, background: acceptorDelivers, env });
  await asAdmin(acceptor.address, "PUT", "/v1/register", benchRegister(sink.url));
  const secrets = await issueSecrets(acceptor.address);
  if (!acceptorDelivers) await startOurs(context, { databaseUrl, background: true, env });
  if (waiting > 0) await seedWaiting(databaseUrl, waiting);
  const times: number[] = [];
  for (const request of signedPosts(rounds, secrets)) {
    const arrived = sink.next();
    await drive(acceptor.address, [request], 1);
    const answeredAt = performance.now();
    times.push(Math.max(0, (await arrived) - answeredAt));
  }
  context.say(
    `${rounds} callbacks, median ${show(median(times))} ms, slowest ${show(quantile(times, 1))} ms`,
  );
  return times;
}

/** Callbacks of a forum that is in nobody's register any more: each try fails at once, and all of them are due. */
async function seedWaiting(databaseUrl: string, count: number): Promise<void> {
  await runSql(
    databaseUrl,
    `INSERT INTO delivery (id, adapter, destination, notice, seq, data, next_at, created_at)
     SELECT gen_random_uuid(), 'webhook', 'forum:nobody-${randomUUID().slice(0, 8)}', 'referral.offered', 1, '{"v": 1}',
            clock_timestamp(), clock_timestamp() FROM generate_series(1, ${count})`,
    "ANALYZE delivery",
  );
}
