import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

export interface SlowDatabase {
  /** The address of the database, by way of this. */
  url: string;
  /** From now on every answer of the database comes so much later. */
  slowBy(ms: number): void;
  close(): Promise<void>;
}

/** Stands between a server and its PostgreSQL and holds back what the database answers, in order. */
export async function createSlowDatabase(databaseUrl: string): Promise<SlowDatabase> {
  const target = new URL(databaseUrl);
  const port = Number(target.port || "5432");
  const directory = target.searchParams.get("host");
  const name = `.s.PGSQL.${port}`;
  const near = await mkdtemp(path.join(tmpdir(), "fp-slow-"));
  const sockets = new Set<Socket>();
  let delayMs = 0;
  const server = createServer((client) => {
    const database =
      directory === null ? connect(port, target.hostname) : connect(path.join(directory, name));
    for (const socket of [client, database]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        sockets.delete(socket);
        client.destroy();
        database.destroy();
      });
    }
    client.pipe(database);
    database.on("data", (bytes) => setTimeout(() => client.write(bytes), delayMs));
  });
  await new Promise<void>((resolve) => server.listen(path.join(near, name), resolve));
  target.searchParams.set("host", near);
  return {
    url: target.href,
    slowBy: (ms) => {
      delayMs = ms;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await rm(near, { recursive: true, force: true });
    },
  };
}
