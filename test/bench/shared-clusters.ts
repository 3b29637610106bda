import { startThrowawayCluster, type ThrowawayCluster } from "../../src/db/index.ts";
import { runSql } from "./database.ts";

/** Servers that are shared by whoever asks for the same settings, each with a database of its own. */
export function createSharedClusters() {
  const started = new Map<string, Promise<ThrowawayCluster>>();
  let count = 0;

  return {
    async databaseOn(settings: Readonly<Record<string, string>>): Promise<ThrowawayCluster> {
      const key = JSON.stringify(settings);
      const starting = started.get(key) ?? startThrowawayCluster(settings);
      started.set(key, starting);
      const cluster = await starting;
      const url = new URL(cluster.url);
      url.pathname = `/bench_${++count}`;
      await runSql(cluster.adminUrl, `CREATE DATABASE bench_${count} OWNER "${url.username}"`);
      return { ...cluster, url: url.href, close: async () => {} };
    },
    async close(): Promise<void> {
      for (const cluster of started.values()) await (await cluster).close();
    },
  };
}
