import type { BenchContext } from "./bench.ts";
import { copyForums, twoDatabases } from "./database.ts";
import { prepareForums } from "./register.ts";
import { type BenchServer, startOurs, startServer } from "./servers.ts";

/** Ours and a floor, each with a database of its own and the same forums. */
export interface Sides {
  databases: { ours: string; floor: string };
  ours: BenchServer;
  floor: BenchServer;
  /** Signing secrets by forum. */
  secrets: Map<string, string>;
}

/** Starts ours and the floor that the script is. They are stopped when the benchmark ends. */
export async function startSides(context: BenchContext, script: string): Promise<Sides> {
  const databases = await twoDatabases(context, { max_connections: "100" });
  const ours = await startOurs(context, { databaseUrl: databases.ours });
  const secrets = await prepareForums(ours.address);
  await copyForums(databases.ours, databases.floor);
  const floor = await startServer(context, { script, options: { databaseUrl: databases.floor } });
  return { databases, ours, floor, secrets };
}
