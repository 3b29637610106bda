import { createHmac } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { readSecret, sign, verify } from "../../../adapters/webhook/signature.ts";

// The vector that the libraries of Standard Webhooks share.
const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const timestamp = 1_614_265_330;
const body = '{"test": 2432232314}';
const published = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
const now = new Date(timestamp * 1000);
const other = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

const headers = { id, timestamp: String(timestamp), signature: published };
const check = (
  change: Partial<typeof headers>,
  bytes: string | Uint8Array = body,
  secrets = [secret],
  at = now,
) => verify({ ...headers, ...change }, Buffer.from(bytes), secrets, at);

test("the published vector is made and holds", () => {
  expect(sign([secret], { id, timestamp, body })).toBe(published);
  expect(check({})).toBe("holds");
});

test("what we sign, the library accepts, with whichever of the live secrets the forum knows", () => {
  const at = Math.floor(Date.now() / 1000);
  const signature = sign([other, secret], { id, timestamp: at, body });
  for (const known of [secret, other]) {
    const told = { "webhook-id": id, "webhook-timestamp": String(at), "webhook-signature": signature };
    expect(new Webhook(known).verify(body, told)).toEqual({ test: 2432232314 });
  }
});

describe("a signature does not hold", () => {
  const mac = published.slice(3);
  const flipped = `v1,${mac.startsWith("A") ? "B" : "A"}${mac.slice(1)}`;
  const cases: Record<string, () => string> = {
    "for a body changed by one byte": () => check({}, '{"test": 2432232315}'),
    "for the same JSON written differently": () => check({}, '{"test":2432232314}'),
    "for a body with a byte added": () => check({}, `${body}\n`),
    "for an empty body": () => check({}, ""),
    "for another id": () => check({ id: "msg_other" }),
    "for another timestamp": () => check({ timestamp: String(timestamp + 1) }),
    "when one character of it is changed": () => check({ signature: flipped }),
    "when it is cut short": () => check({ signature: published.slice(0, -2) }),
    "when it is written in the other base64": () =>
      check({ signature: published.replaceAll("+", "-").replaceAll("/", "_") }),
    "when its last bits are re-encoded": () => check({ signature: published.replace("1OE=", "1OF=") }),
    "in hexadecimal": () => check({ signature: `v1,${Buffer.from(mac, "base64").toString("hex")}` }),
    "under a scheme we do not know": () => check({ signature: published.replace("v1", "v1a") }),
    "without its scheme": () => check({ signature: mac }),
    "when it is empty": () => check({ signature: "" }),
    "when it was made with another forum's secret": () => check({}, body, [other]),
    "for a forum that has no secret": () => check({}, body, []),
    "when the timestamp has something after its digits": () => check({ timestamp: `${timestamp}junk` }),
    "when the timestamp has a sign": () => check({ timestamp: `+${timestamp}` }),
    "when the timestamp is a fraction": () => check({ timestamp: `${timestamp}.0` }),
    "when the timestamp has leading zeros": () => check({ timestamp: `0${timestamp}` }),
    "when the id has a line break": () => check({ id: `${id}\n` }),
  };
  test.each(Object.keys(cases))("%s", (name) => {
    expect(cases[name]?.()).toBe("invalid");
  });

  test("when any of the three headers is missing", () => {
    for (const name of ["id", "timestamp", "signature"]) {
      expect(verify({ ...headers, [name]: undefined }, Buffer.from(body), [secret], now)).toBe("invalid");
    }
  });

  test("when it is made with a secret of fewer than 24 bytes, however right it is", () => {
    const short = `whsec_${Buffer.from("short").toString("base64")}`;
    const signature = new Webhook(short).sign(id, now, body);
    expect(check({ signature }, body, [short])).toBe("invalid");
    expect(readSecret(short)).toBeNull();
    expect(() => sign([short], { id, timestamp, body })).toThrow("24 bytes");
  });
});

test("any of several signatures is enough, made with any of several secrets", () => {
  const signature = `v1,AAAA v1a,${"B".repeat(20)} ${published}`;
  expect(check({ signature }, body, [other, secret])).toBe("holds");
});

test("a timestamp may be five minutes old or early, and no second more", () => {
  const at = (seconds: number) => new Date((timestamp + seconds) * 1000);
  expect([-300, 300].map((seconds) => check({}, body, [secret], at(seconds)))).toEqual(["holds", "holds"]);
  expect([-301, 301].map((seconds) => check({}, body, [secret], at(seconds)))).toEqual(["stale", "stale"]);
});

describe("bytes that are not text", () => {
  const first = Buffer.from([0x22, 0xff, 0x22]);
  const second = Buffer.from([0x22, 0xfe, 0x22]);
  const bytesMac = (bytes: Buffer) =>
    createHmac("sha256", Buffer.from(secret.slice(6), "base64"))
      .update(`${id}.${timestamp}.`)
      .update(bytes);

  test("hold only for the body they were signed for", () => {
    const signature = `v1,${bytesMac(first).digest("base64")}`;
    expect(check({ signature }, first)).toBe("holds");
    expect(check({ signature }, second)).toBe("invalid");
  });

  test("(mutant) a signature over the body read as text accepts two bodies", () => {
    const mutant = (bytes: Buffer) =>
      createHmac("sha256", Buffer.from(secret.slice(6), "base64"))
        .update(`${id}.${timestamp}.${bytes}`)
        .digest("base64");
    expect(mutant(first)).toBe(mutant(second));
    expect(check({ signature: `v1,${mutant(first)}` }, first)).toBe("invalid");
  });
});
