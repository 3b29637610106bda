import { createHash, randomUUID } from "node:crypto";
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type Json, objectOf, textOf } from "./json.ts";
import type { Carrier } from "./people.ts";
import type { State } from "./state.ts";

const ackMs = 3_000;
/** RFC 6455, section 1.3. */
const magic = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const opcodes = { text: 1, close: 8, ping: 9, pong: 10 } as const;

function frame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  const head = Buffer.from([0x80 | opcode, length < 126 ? length : length < 65_536 ? 126 : 127]);
  const size = Buffer.alloc(length < 126 ? 0 : length < 65_536 ? 2 : 8);
  if (size.length === 2) size.writeUInt16BE(length);
  if (size.length === 8) size.writeBigUInt64BE(BigInt(length));
  return Buffer.concat([head, size, payload]);
}

/** Takes whole masked frames from the front of what has come in. Clients of this simulator send each message in one. */
function takeFrames(bytes: Buffer, onFrame: (opcode: number, payload: Buffer) => void): Buffer {
  let rest = bytes;
  while (rest.length >= 2) {
    const short = rest.readUInt8(1) & 0x7f;
    const sizeLength = short === 126 ? 2 : short === 127 ? 8 : 0;
    const headLength = 2 + sizeLength + 4;
    if (rest.length < headLength) return rest;
    const length =
      sizeLength === 0 ? short : sizeLength === 2 ? rest.readUInt16BE(2) : Number(rest.readBigUInt64BE(2));
    if (rest.length < headLength + length) return rest;
    const mask = rest.subarray(2 + sizeLength, headLength);
    const payload = Buffer.from(rest.subarray(headLength, headLength + length));
    for (const [i, byte] of payload.entries()) payload[i] = byte ^ (mask[i % 4] ?? 0);
    onFrame(rest.readUInt8(0) & 0x0f, payload);
    rest = rest.subarray(headLength + length);
  }
  return rest;
}

/**
 * Socket Mode: one-use tickets, `hello`, envelopes to any one of the open connections, and each acknowledged within
 * three seconds by its own id.
 */
export function createSocketMode(state: State, server: Server, baseUrl: () => string) {
  const tickets = new Set<string>();
  const sockets = new Set<Duplex>();
  const waiting = new Map<string, (answer: Json) => void>();
  const write = (socket: Duplex, value: Json) =>
    socket.write(frame(opcodes.text, Buffer.from(JSON.stringify(value))));
  let turn = 0;

  function take(text: string): void {
    const answer = objectOf(JSON.parse(text));
    const settle = waiting.get(textOf(answer.envelope_id));
    if (settle) settle(objectOf(answer.payload));
    else state.violations.push("socket: an unknown envelope was acknowledged");
  }

  server.on("upgrade", (request: IncomingMessage, socket: Duplex) => {
    const url = new URL(request.url ?? "/", "http://slack.test");
    if (!tickets.delete(url.searchParams.get("ticket") ?? "")) {
      socket.end("HTTP/1.1 401 Unauthorized\r\n\r\n");
      return;
    }
    const key = createHash("sha1").update(`${request.headers["sec-websocket-key"]}${magic}`).digest("base64");
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${key}\r\n\r\n`,
    );
    sockets.add(socket);
    let rest: Buffer = Buffer.alloc(0);
    socket.on("data", (bytes: Buffer) => {
      rest = takeFrames(Buffer.concat([rest, bytes]), (opcode, payload) => {
        if (opcode === opcodes.text) take(payload.toString("utf8"));
        if (opcode === opcodes.ping) socket.write(frame(opcodes.pong, payload));
        if (opcode === opcodes.close) socket.end(frame(opcodes.close, payload));
      });
    });
    socket.on("error", () => sockets.delete(socket));
    socket.on("close", () => sockets.delete(socket));
    write(socket, {
      type: "hello",
      num_connections: sockets.size,
      connection_info: { app_id: "A0000000001" },
    });
  });

  const carrier: Carrier = {
    async carry(type, payload, retry = 0) {
      turn += 1;
      const socket = [...sockets][turn % Math.max(1, sockets.size)];
      if (!socket) throw new Error("Nobody is connected.");
      const id = randomUUID();
      return new Promise((resolve) => {
        const timer = setTimeout(() => {
          waiting.delete(id);
          state.violations.push(`${type}: not acknowledged within 3 s`);
          resolve(null);
        }, ackMs);
        waiting.set(id, (answer) => {
          clearTimeout(timer);
          waiting.delete(id);
          resolve(answer);
        });
        const attempt = { retry_attempt: retry, retry_reason: retry > 0 ? "timeout" : "" };
        write(socket, {
          envelope_id: id,
          type,
          payload,
          accepts_response_payload: type !== "events_api",
          ...attempt,
        });
      });
    },
  };

  return {
    carrier,
    connections: () => sockets.size,
    newUrl(): string {
      const ticket = randomUUID();
      tickets.add(ticket);
      return `${baseUrl().replace(/^http/, "ws")}/link/?ticket=${ticket}`;
    },
    /** Asks every connection to go and come again, as Slack does every few hours. */
    refresh() {
      for (const socket of sockets) {
        write(socket, { type: "disconnect", reason: "refresh_requested" });
        socket.end(frame(opcodes.close, Buffer.alloc(0)));
      }
    },
    close() {
      for (const socket of sockets) socket.destroy();
    },
  };
}
