import { mkdtemp, rm } from "node:fs/promises";
import net from "node:net";
import os from "node:os";
import path from "node:path";

export interface StallableProxy {
  /** The address of the database, through the proxy. */
  url: string;
  /** From now on nothing passes, and nobody is told: a half-open network. */
  stall(): void;
  resume(): void;
  close(): Promise<void>;
}

/** Stands between a client and a PostgreSQL and can stop passing bytes without closing anything. */
export async function createStallableProxy(databaseUrl: string): Promise<StallableProxy> {
  const target = new URL(databaseUrl);
  const socketDirectory = target.searchParams.get("host");
  const port = target.port || "5432";
  const socketName = `.s.PGSQL.${port}`;
  const connect = () =>
    socketDirectory === null
      ? net.connect(Number(port), target.hostname)
      : net.connect(path.join(socketDirectory, socketName));
  const directory = await mkdtemp(path.join(os.tmpdir(), "fp-proxy-"));
  const sockets = new Set<net.Socket>();
  const server = net.createServer((near) => {
    const far = connect();
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => sockets.delete(socket));
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(path.join(directory, socketName), resolve));
  target.searchParams.set("host", directory);
  return {
    url: target.href,
    stall: () => {
      for (const socket of sockets) socket.unpipe().pause();
    },
    resume: () => {
      for (const socket of sockets) socket.destroy();
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await rm(directory, { recursive: true, force: true });
    },
  };
}
