import { type BenchContext, defineBench, type Line } from "./bench.ts";
import { median, show } from "./figures.ts";
import { drive, type Load } from "./load.ts";
import { readProcess } from "./machine.ts";
import { alternate, type Pairs, ratioOf } from "./pairs.ts";
import { signedPosts } from "./posts.ts";
import type { BenchServer } from "./servers.ts";
import { type Sides, startSides } from "./sides.ts";

interface Run extends Load {
  /** Processor time of the server's own process for one request. */
  cpuUs: number;
}

export const bench = defineBench({
  name: "intake",
  about:
    "Signed referrals over HTTP, durable when answered, beside one statement of the same rows without any check.",
  async run(context) {
    const sides = await startSides(context, "floors/intake.ts");
    const { ours, floor } = sides;
    const many = await measure(context, sides, 32, context.quick ? 64 : 4000);
    const memory = readProcess(ours.pid);
    const one = await measure(context, sides, 1, context.quick ? 10 : 500);
    return [
      throughput("32 connections, referrals/s", many, 1.5),
      {
        what: "32 connections, p99",
        ours: show(median(many.ours.map((run) => run.p99Ms)), " ms"),
        floor: show(median(many.floor.map((run) => run.p99Ms)), " ms"),
        ratio: ratioOf(many, (run) => run.p99Ms),
        target: "≤ 1 ×",
        holds: ratioOf(many, (run) => run.p99Ms) <= 1,
      },
      {
        what: "memory of the process, at most",
        ours: show(memory?.peakMb ?? Number.NaN, " MB"),
        floor: show(readProcess(floor.pid)?.peakMb ?? Number.NaN, " MB"),
        target: "≤ 250 MB",
        holds: memory === null ? null : memory.peakMb <= 250,
      },
      throughput("one connection, referrals/s", one, 0.7),
    ];
  },
});

async function measure(
  context: BenchContext,
  sides: Sides,
  connections: number,
  count: number,
): Promise<Pairs<Run>> {
  const run = async (server: BenchServer): Promise<Run> => {
    const requests = signedPosts(count, sides.secrets);
    const before = readProcess(server.pid)?.cpuMs ?? 0;
    const load = await drive(server.address, requests, connections);
    const cpuUs = (((readProcess(server.pid)?.cpuMs ?? 0) - before) * 1000) / count;
    if (load.statuses[201] !== count)
      throw new Error(`Not every referral was taken: ${JSON.stringify(load.statuses)}`);
    context.say(
      `${connections} connections: ${show(load.perSecond)}/s, p99 ${show(load.p99Ms)} ms, ${show(cpuUs)} µs`,
    );
    return { ...load, cpuUs };
  };
  return alternate(context.pairs, { ours: () => run(sides.ours), floor: () => run(sides.floor) });
}

function throughput(what: string, pairs: Pairs<Run>, least: number): Line {
  const ratio = ratioOf(pairs, (run) => run.perSecond);
  const of = (read: (run: Run) => number) => ({
    ours: median(pairs.ours.map(read)),
    floor: median(pairs.floor.map(read)),
  });
  const perSecond = of((run) => run.perSecond);
  return {
    what,
    ours: show(perSecond.ours),
    floor: show(perSecond.floor),
    ratio,
    target: `≥ ${least} ×`,
    holds: ratio >= least,
    detail: {
      perSecond,
      p50Ms: of((run) => run.p50Ms),
      p99Ms: of((run) => run.p99Ms),
      cpuUs: of((run) => run.cpuUs),
      pairs,
    },
  };
}
