import { type BenchContext, defineBench } from "./bench.ts";
import { median, show } from "./figures.ts";
import { readProcess } from "./machine.ts";
import { alternate, type Pairs, ratioOf } from "./pairs.ts";
import { signedPosts } from "./posts.ts";
import type { BenchServer } from "./servers.ts";
import { type Sides, startSides } from "./sides.ts";
import { driveServer, type Run, throughput } from "./throughput.ts";

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
    const load = await driveServer(server, requests, connections);
    if (load.statuses[201] !== count)
      throw new Error(`Not every referral was taken: ${JSON.stringify(load.statuses)}`);
    context.say(
      `${connections} connections: ${show(load.perSecond)}/s, p99 ${show(load.p99Ms)} ms, ${show(load.cpuUs)} µs`,
    );
    return load;
  };
  return alternate(context.pairs, { ours: () => run(sides.ours), floor: () => run(sides.floor) });
}
