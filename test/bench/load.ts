import { createConnection, type Socket } from "node:net";
import { quantile } from "./figures.ts";

/** What a run of requests gave. Times are from the last byte written to the whole answer read. */
export interface Load {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** How many answers had each status. */
  statuses: Record<number, number>;
}

/** A whole HTTP/1.1 request as bytes, made before the clock runs. */
export function httpRequest(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body = "",
): Buffer {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    "host: bench",
    ...(method === "GET" ? [] : [`content-length: ${Buffer.byteLength(body)}`]),
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${body}`);
}

/**
 * Sends every request once over so many connections, each of which waits for its answer before it sends the next. Built
 * on sockets: a client that costs as much as the server would measure itself. Understands answers with `Content-Length`.
 */
export async function drive(
  address: string,
  requests: readonly Buffer[],
  connections: number,
): Promise<Load> {
  const times: number[] = [];
  const statuses: Record<number, number> = {};
  const { hostname, port } = new URL(address);
  const sockets = await Promise.all(
    Array.from({ length: Math.min(connections, requests.length) }, () => open(hostname, Number(port))),
  );
  let next = 0;
  const startedAt = performance.now();
  await Promise.all(
    sockets.map(async (socket) => {
      const ask = conversation(socket);
      for (let request = requests[next++]; request !== undefined; request = requests[next++]) {
        const sentAt = performance.now();
        const status = await ask(request);
        times.push(performance.now() - sentAt);
        statuses[status] = (statuses[status] ?? 0) + 1;
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  for (const socket of sockets) socket.destroy();
  return {
    perSecond: requests.length / seconds,
    p50Ms: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
    statuses,
  };
}

function open(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host, port, noDelay: true }, () => resolve(socket));
    socket.once("error", reject);
  });
}

/** Asks over one connection and resolves with the status once the answer is whole. */
function conversation(socket: Socket): (request: Buffer) => Promise<number> {
  let settle: { resolve(status: number): void; reject(error: Error): void } | undefined;
  let read = "";
  socket.setEncoding("latin1");
  socket.on("data", (chunk: string) => {
    read += chunk;
    const end = read.indexOf("\r\n\r\n");
    if (end === -1) return;
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(read.slice(0, end))?.[1] ?? 0);
    if (read.length < end + 4 + length) return;
    const status = Number(read.slice(9, 12));
    read = "";
    settle?.resolve(status);
  });
  const fail = () =>
    settle?.reject(new Error("The server closed a connection that was waiting for an answer."));
  socket.on("close", fail);
  socket.on("error", fail);
  return (request) =>
    new Promise((resolve, reject) => {
      settle = { resolve, reject };
      socket.write(request);
    });
}
