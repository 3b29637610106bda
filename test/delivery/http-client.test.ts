import { lookup } from "node:dns";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createSocketServer } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { checkCallbackUrl } from "../../src/delivery/callback-url.ts";
import { createHttpClient } from "../../src/delivery/http-client.ts";

const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

async function serve(
  answer: RequestListener,
): Promise<{ url: string; server: Server; requests: () => number }> {
  let count = 0;
  const server = createServer((request, response) => {
    count += 1;
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push({
    close() {
      server.closeAllConnections();
      server.close();
    },
  });
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/`, server, requests: () => count };
}

function client(options: Partial<Parameters<typeof createHttpClient>[0]> = {}) {
  const made = createHttpClient({ allowPrivate: true, ...options });
  open.push(made);
  return made;
}

/** A resolver that gives these answers one after the other, whatever it is asked. */
const resolver = (...answers: string[]): typeof lookup =>
  Object.assign(
    (
      _host: string,
      _options: unknown,
      done: (error: null, found: { address: string; family: number }[]) => void,
    ) => {
      const address = answers.length > 1 ? answers.shift() : answers[0];
      done(
        null,
        (address ?? "").split(" ").map((one) => ({ address: one, family: one.includes(":") ? 6 : 4 })),
      );
    },
    lookup,
  ) as typeof lookup;

describe("an address that is not public is refused without a connection", () => {
  const literals = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "0.0.0.0",
    "0",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:8.8.8.8]",
    "[::127.0.0.1]",
    "[fe80::1]",
    "[fec0::1]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[ff02::1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "[2001::1]",
    "[2001:db8::1]",
    "[100::1]",
  ];

  test.each(literals)("as a literal: %s", async (host) => {
    const url = `https://${host}/`;
    const answer = await client({ allowPrivate: false }).request({ url, method: "POST", body: "{}" });
    expect(answer).toEqual({ ok: false, sent: false, refused: true, reason: "private-address" });
    expect(await checkCallbackUrl(url, { allowPrivate: false })).toBe("private-address");
  });

  test.each(["127.0.0.1", "93.184.215.14 10.0.0.1", "::1", "169.254.169.254"])(
    "as what a name leads to: %s",
    async (found) => {
      const guarded = client({ allowPrivate: false, lookup: resolver(found) });
      const answer = await guarded.request({ url: "https://parents.example/", method: "POST", body: "{}" });
      expect(answer).toEqual({ ok: false, sent: false, refused: true, reason: "private-address" });
      const addresses = found.split(" ").map((address) => ({ address }));
      const refusal = await checkCallbackUrl(
        "https://parents.example/",
        { allowPrivate: false },
        async () => addresses,
      );
      expect(refusal).toBe("private-address");
    },
  );

  test("when a name led elsewhere at the time it was saved", async () => {
    const names = resolver("93.184.215.14", "127.0.0.1");
    const saved = await checkCallbackUrl("https://parents.example/", { allowPrivate: false }, async () => [
      { address: "93.184.215.14" },
    ]);
    expect(saved).toBeNull();
    names("parents.example", { all: true }, () => {});
    const answer = await client({ allowPrivate: false, lookup: names }).request({
      url: "https://parents.example/",
      method: "GET",
    });
    expect(answer).toMatchObject({ ok: false, refused: true });
  });
});

test.each([
  ["http://parents.example/", "not-https"],
  ["ftp://parents.example/", "not-https"],
  ["https://name:word@parents.example/", "has-credentials"],
  ["https://name@parents.example/", "has-credentials"],
  ["//parents.example/", "not-a-url"],
  ["https://", "not-a-url"],
])("%s is refused: %s", async (url, reason) => {
  expect(await checkCallbackUrl(url, { allowPrivate: false })).toBe(reason);
  const answer = await client({ allowPrivate: false }).request({ url, method: "POST" });
  expect(answer).toEqual({ ok: false, sent: false, refused: true, reason });
});

test("a name without an address is told apart from a private one", async () => {
  const refusal = await checkCallbackUrl("https://gone.example/", { allowPrivate: false }, async () => {
    throw new Error("ENOTFOUND");
  });
  expect(refusal).toBe("name-not-found");
});

test("a public name may be saved", async () => {
  const found = [{ address: "93.184.215.14" }, { address: "2606:2800:220:1::1" }];
  expect(
    await checkCallbackUrl("https://parents.example/x", { allowPrivate: false }, async () => found),
  ).toBeNull();
});

describe("a request that is let out", () => {
  test("carries method, headers and body, and brings back status, headers and body", async () => {
    const { url } = await serve((request, response) => {
      response.setHeader("x-method", request.method ?? "");
      response.setHeader("x-seen", String(request.headers["webhook-id"]));
      request.pipe(response);
    });
    const answer = await client().request({
      url,
      method: "POST",
      headers: { "webhook-id": "7" },
      body: "Llanfair ŵ",
    });
    expect(answer).toMatchObject({
      ok: true,
      response: { status: 200, body: "Llanfair ŵ", headers: { "x-method": "POST", "x-seen": "7" } },
    });
  });

  test("follows no redirect", async () => {
    const { url, requests } = await serve((_request, response) => {
      response.writeHead(302, { location: "/elsewhere" }).end();
    });
    expect(await client().request({ url, method: "POST" })).toMatchObject({
      ok: true,
      response: { status: 302 },
    });
    expect(requests()).toBe(1);
  });

  test("reads at most 20 kB of an answer that has no end", async () => {
    const { url } = await serve((_request, response) => {
      const chunk = "x".repeat(16_384);
      const more = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on("drain", more);
      more();
    });
    const answer = await client().request({ url, method: "GET" });
    expect(answer.ok && answer.response.body.length).toBe(20_000);
  });

  test("ends after its time in all, even while an answer drips, and is then of unknown fate", async () => {
    const { url } = await serve((_request, response) => {
      response.writeHead(200);
      const drip = setInterval(() => response.write("."), 10);
      response.on("close", () => clearInterval(drip));
    });
    const answer = await client({ timeoutMs: 150 }).request({ url, method: "POST", body: "{}" });
    expect(answer).toEqual({ ok: false, sent: true, refused: false, reason: "timed-out" });
  });

  test("ends when it is told to", async () => {
    const stop = new AbortController();
    const { url } = await serve(() => stop.abort());
    const answer = await client().request({ url, method: "POST", body: "{}", signal: stop.signal });
    expect(answer).toMatchObject({ ok: false, sent: true, refused: false });
  });

  test("is of unknown fate when the connection breaks after it was sent", async () => {
    const { url } = await serve((request) => request.socket.destroy());
    expect(await client().request({ url, method: "POST", body: "{}" })).toMatchObject({
      ok: false,
      sent: true,
    });
  });

  test("surely never left when nobody listens", async () => {
    const server = createSocketServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    await new Promise((resolve) => server.close(resolve));
    const answer = await client().request({ url: `http://127.0.0.1:${port}/`, method: "POST", body: "{}" });
    expect(answer).toEqual({ ok: false, sent: false, refused: false, reason: "econnrefused" });
  });

  test("uses a connection again", async () => {
    const sockets = new Set<unknown>();
    const { url } = await serve((request, response) => {
      sockets.add(request.socket);
      response.end("ok");
    });
    const one = client();
    for (let turn = 0; turn < 5; turn += 1) await one.request({ url, method: "POST", body: "{}" });
    expect(sockets.size).toBe(1);
  });
});

test("the scheme of an address counts as it is read: HTTPS in capital letters is spoken as TLS", async () => {
  let first: Buffer | undefined;
  const server = createSocketServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", (data) => {
      first = data;
      socket.destroy();
    });
  });
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const answer = await client().request({ url: `HTTPS://127.0.0.1:${port}/`, method: "GET" });
  expect(answer).toMatchObject({ ok: false, sent: false });
  // 22 is the record type of a TLS handshake (RFC 8446, section 5.1).
  expect(first?.[0]).toBe(22);
});
