import type { Line } from "./bench.ts";
import { median, show } from "./figures.ts";
import { drive, type Load } from "./load.ts";
import { readProcess } from "./machine.ts";
import { type Pairs, ratioOf } from "./pairs.ts";
import type { BenchServer } from "./servers.ts";

/** What a run of requests gave, and what it cost. */
export interface Run extends Load {
  /** Processor time of the server's own process for one request. */
  cpuUs: number;
}

/** Sends every request once over so many connections, as `drive` does, and reads what that cost the server. */
export async function driveServer(
  server: BenchServer,
  requests: readonly Buffer[],
  connections: number,
): Promise<Run> {
  const before = readProcess(server.pid)?.cpuMs ?? 0;
  const load = await drive(server.address, requests, connections);
  const cpuUs = (((readProcess(server.pid)?.cpuMs ?? 0) - before) * 1000) / requests.length;
  return { ...load, cpuUs };
}

/** The row that holds requests per second against the floor's. */
export function throughput(what: string, pairs: Pairs<Run>, least: number): Line {
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
