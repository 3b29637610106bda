import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readPublicKey, verifyRequest } from "../../../adapters/discord/verify.ts";
import { createWorld, minuteMs, type World } from "../../support/world.ts";

const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const hexOf = (key: KeyObject) => key.export({ format: "der", type: "spki" }).subarray(-32).toString("hex");

let world: World;
beforeAll(async () => {
  world = await createWorld({
    env: {
      DISCORD_TOKEN: "token",
      DISCORD_GATEWAY: "off",
      DISCORD_PUBLIC_KEY: hexOf(publicKey),
      DISCORD_APPLICATION_ID: "1",
      DISCORD_API_URL: "http://127.0.0.1:9",
    },
  });
});
afterAll(() => world.close());

interface Wish {
  key?: KeyObject;
  aheadMs?: number;
  /** What is sent instead of what was signed. */
  sent?: string | Buffer;
  headers?: Record<string, string>;
}

async function post(body: string | Buffer, wish: Wish = {}) {
  const { key = privateKey, aheadMs = 0, sent = body, headers = {} } = wish;
  const timestamp = String(Math.floor((world.clock.now().getTime() + aheadMs) / 1000));
  const signature = sign(null, Buffer.concat([Buffer.from(timestamp), Buffer.from(body)]), key).toString(
    "hex",
  );
  const response = await fetch(`${world.instance.address}/discord/interactions`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-signature-ed25519": signature,
      "x-signature-timestamp": timestamp,
      ...headers,
    },
    body: sent,
  });
  const text = await response.text();
  return { status: response.status, json: text === "" ? null : JSON.parse(text) };
}
const ping = '{"type":1,"id":"1","application_id":"1","token":"t"}';

test("a PING that Discord signed is answered as Discord wants it", async () => {
  expect(await post(ping)).toEqual({ status: 200, json: { type: 1 } });
});

test.each<[string, Wish]>([
  ["another key's signature", { key: generateKeyPairSync("ed25519").privateKey }],
  ["another body than was signed", { sent: `${ping} ` }],
  ["no signature", { headers: { "x-signature-ed25519": "" } }],
  ["a signature that is no hex", { headers: { "x-signature-ed25519": "z".repeat(128) } }],
  ["a signature cut short", { headers: { "x-signature-ed25519": "00" } }],
  ["another timestamp than was signed", { headers: { "x-signature-timestamp": "1" } }],
  ["a timestamp that is no number", { headers: { "x-signature-timestamp": "1e9" } }],
  ["a time six minutes ago", { aheadMs: -6 * minuteMs }],
  ["a time two minutes ahead", { aheadMs: 2 * minuteMs }],
])("%s gets 401", async (_, wish) => {
  expect((await post(ping, wish)).status).toBe(401);
});

test("the signature is over bytes: a body of no UTF-8 and the text it would be read as are two bodies", async () => {
  const body = Buffer.concat([Buffer.from('{"type":1,"x":"'), Buffer.from([0xff]), Buffer.from('"}')]);
  expect((await post(body)).status).toBe(200);
  expect((await post(body, { sent: body.toString("utf8") })).status).toBe(401);
});

test("what is signed and makes no sense is refused, and nothing falls over", async () => {
  for (const body of ["", "{", "[]", "null", '{"type":2}', '{"type":"2","id":1}', '"x"'])
    expect((await post(body)).status, body).toBe(400);
  const odd = { id: "2", application_id: "1", token: "t", type: 77, data: { custom_id: "x" } };
  expect((await post(JSON.stringify(odd))).json).toMatchObject({ type: 4, data: { flags: 68 } });
  const lost = { ...odd, id: "3", type: 3, data: { custom_id: "helped:FP-0000-0000:x" } };
  expect((await post(JSON.stringify(lost))).status).toBe(200);
});

describe("a mutant that verifies the text rather than the bytes", () => {
  const verifyText: typeof verifyRequest = (key, headers, body, now) =>
    verifyRequest(key, headers, Buffer.from(Buffer.from(body).toString("utf8")), now);

  test("takes a body that nobody signed, which the real one does not", () => {
    const now = new Date("2026-06-15T09:00:00Z");
    const key = createPrivateKey(privateKey.export({ format: "pem", type: "pkcs8" }));
    const timestamp = String(now.getTime() / 1000);
    const signed = Buffer.from('{"a":"\uFFFD"}');
    const sent = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff]), Buffer.from('"}')]);
    const signature = sign(null, Buffer.concat([Buffer.from(timestamp), signed]), key).toString("hex");
    const own = readPublicKey(hexOf(publicKey));
    expect(verifyText(own, { signature, timestamp }, sent, now)).toBe("holds");
    expect(verifyRequest(own, { signature, timestamp }, sent, now)).toBe("invalid");
  });
});
