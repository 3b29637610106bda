import { type LookupAddress, type LookupOptions, lookup as systemLookup } from "node:dns";
import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import type { LookupFunction } from "node:net";
import type { HttpClient, HttpResponse } from "../contract/adapter.ts";
import { type EgressRules, refuseUrl } from "./callback-url.ts";
import { isPublicAddress } from "./public-address.ts";

export interface HttpClientOptions extends EgressRules {
  /** The whole of one request, in milliseconds. */
  timeoutMs?: number;
  /** Most bytes of an answer that are read. */
  maxBytes?: number;
  lookup?: typeof systemLookup;
}

type Answer = Awaited<ReturnType<HttpClient["request"]>>;

class AddressRefused extends Error {}

const keepAliveMs = 30_000;

/**
 * The one way out for addresses that other people chose. Checks the URL and every address its name leads to at the moment
 * of connecting, follows no redirect, ends after 15 s in all and reads at most 20 kB (the sizes of the Standard
 * Webhooks specification). `close` ends connections that are kept for later.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient & { close(): void } {
  const { timeoutMs = 15_000, maxBytes = 20_000, allowPrivate } = options;
  const lookup = guardedLookup(options.lookup ?? systemLookup, allowPrivate);
  const settings = { keepAlive: true, keepAliveMsecs: keepAliveMs, timeout: keepAliveMs, maxFreeSockets: 64 };
  const plain = new http.Agent(settings);
  const secure = new https.Agent(settings);

  return {
    async request({ url, method, headers = {}, body, signal }) {
      const refusal = refuseUrl(url, { allowPrivate });
      if (refusal !== null) return { ok: false, sent: false, refused: true, reason: refusal };
      // As the address is read, not as it is written: a scheme may have capital letters.
      const isSecure = new URL(url).protocol === "https:";
      const { request } = isSecure ? https : http;
      const agent = isSecure ? secure : plain;
      const time = AbortSignal.timeout(timeoutMs);
      const bound = signal ? AbortSignal.any([signal, time]) : time;

      return new Promise<Answer>((resolve) => {
        let isSent = false;
        const fail = (error: Error) => resolve(failure(error, isSent, time.aborted));
        const outgoing = request(
          url,
          { method, headers: { ...headers, ...lengthOf(body) }, agent, lookup, signal: bound },
          (incoming) => {
            read(incoming, maxBytes).then((response) => resolve({ ok: true, response }), fail);
          },
        );
        // Once there is a connection, the request may have been read whatever happens next.
        outgoing.on("socket", (socket) => {
          if (!socket.connecting) isSent = true;
          else
            socket.once(isSecure ? "secureConnect" : "connect", () => {
              isSent = true;
            });
        });
        outgoing.on("error", fail);
        outgoing.end(body);
      });
    },
    close() {
      plain.destroy();
      secure.destroy();
    },
  };
}

function lengthOf(body: string | undefined): Record<string, number> {
  return body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
}

function failure(error: Error, isSent: boolean, isOver: boolean): Answer {
  if (error instanceof AddressRefused) {
    return { ok: false, sent: false, refused: true, reason: "private-address" };
  }
  const reason = isOver ? "timed-out" : "code" in error ? String(error.code).toLowerCase() : "failed";
  return { ok: false, sent: isSent, refused: false, reason };
}

/** Reads as much of an answer as is allowed; the rest is cut off together with the connection. */
async function read(incoming: IncomingMessage, maxBytes: number): Promise<HttpResponse> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    const bytes: Buffer = Buffer.from(chunk);
    chunks.push(bytes);
    size += bytes.length;
    if (size >= maxBytes) break;
  }
  const headers = Object.entries(incoming.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]],
  );
  const body = Buffer.concat(chunks).subarray(0, maxBytes).toString("utf8");
  return { status: incoming.statusCode ?? 0, headers: Object.fromEntries(headers), body };
}

/** Looks a name up and refuses it when any of its addresses is not public: the connection uses what was checked. */
function guardedLookup(lookup: typeof systemLookup, allowPrivate: boolean): LookupFunction {
  return (hostname, options, callback) => {
    const wanted: LookupOptions = { ...options, all: true };
    lookup(hostname, wanted, (error, found) => {
      const addresses: LookupAddress[] = Array.isArray(found) ? found : [];
      const first = addresses[0];
      if (error || !first) return callback(error ?? new Error("The name has no address."), "", 0);
      if (!allowPrivate && !addresses.every(({ address }) => isPublicAddress(address))) {
        return callback(new AddressRefused("An address is not public."), "", 0);
      }
      if (options.all) return callback(null, addresses);
      callback(null, first.address, first.family);
    });
  };
}
