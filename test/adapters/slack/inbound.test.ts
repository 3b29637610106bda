import { createHmac } from "node:crypto";
import { type FastifyInstance, fastify } from "fastify";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createStage } from "./stage.ts";

type Stage = Awaited<ReturnType<typeof createStage>>;

const minuteMs = 60_000;

describe("Slack's request URL", () => {
  let stage: Stage;
  let app: FastifyInstance;
  beforeEach(async () => {
    stage = await createStage({ core: { findPerson: async () => null } });
    app = fastify({ bodyLimit: 65_536 });
    app.setErrorHandler((error: Error & { code?: string }, _request, reply) =>
      reply.code(error.code?.startsWith("signature/") ? 401 : 500).send({ code: error.code }),
    );
    app.post("/other", async (request) => request.body);
    if (stage.adapter.inbound) await app.register(stage.adapter.inbound);
  });
  afterEach(async () => {
    await app.close();
    await stage.slack.close();
  });

  function signed(body: string | Buffer, shiftMs = 0, secret = stage.slack.signingSecret) {
    const timestamp = String(Math.floor((stage.clock.now().getTime() + shiftMs) / 1000));
    const hmac = createHmac("sha256", secret).update(`v0:${timestamp}:`).update(body);
    return {
      method: "POST" as const,
      url: "/slack/events",
      payload: body,
      headers: {
        "content-type": "application/json",
        "x-slack-request-timestamp": timestamp,
        "x-slack-signature": `v0=${hmac.digest("hex")}`,
      },
    };
  }
  const challenge = JSON.stringify({ type: "url_verification", challenge: "abc" });

  test("answers the challenge it is set up with", async () => {
    const answer = await app.inject(signed(challenge));
    expect(answer.json()).toEqual({ challenge: "abc" });
  });

  test.each([
    ["a forged signature", 0, "another-secret"],
    ["a request of six minutes ago", -6 * minuteMs, undefined],
    ["a request two minutes ahead of us", 2 * minuteMs, undefined],
  ])("refuses %s", async (_what, shiftMs, secret) => {
    expect((await app.inject(signed(challenge, shiftMs, secret))).statusCode).toBe(401);
  });

  test("takes a form of many topics back, which Slack sends whole and encoded for a URL", async () => {
    const view = {
      blocks: [{ options: Array.from({ length: 1_500 }, (_, i) => `{"topic": "number ${i}"}`) }],
    };
    const payload = JSON.stringify({ type: "view_submission", user: { id: "U0AMAL00001" }, view });
    const body = new URLSearchParams({ payload }).toString();
    expect(body.length).toBeGreaterThan(65_536);
    const answer = await app.inject({
      ...signed(body),
      headers: { ...signed(body).headers, "content-type": "application/x-www-form-urlencoded" },
    });
    expect(answer.statusCode).not.toBe(413);
  });

  test("refuses what is unsigned, ssl_check or not, and bytes that are no UTF-8", async () => {
    const bare = { ...signed(challenge), headers: { "content-type": "application/json" } };
    expect((await app.inject(bare)).statusCode).toBe(401);
    expect((await app.inject({ ...bare, payload: "ssl_check=1" })).statusCode).toBe(401);
    expect((await app.inject(signed(Buffer.from([0x7b, 0xff, 0x7d])))).statusCode).toBe(401);
  });

  test("leaves the parsers of every other route as they were", async () => {
    const answer = await app.inject({ method: "POST", url: "/other", payload: { a: 1 } });
    expect(answer.json()).toEqual({ a: 1 });
  });

  test("acknowledges a command, a shortcut and a click that nobody listens for", async () => {
    const team = { id: stage.slack.state.teamId };
    const common = { team, user: { id: "U0AMAL00001", team_id: team.id }, trigger_id: "1.2" };
    for (const payload of [
      {
        ...common,
        type: "message_action",
        callback_id: "unknown",
        channel: { id: "C1" },
        message: { ts: "1.1" },
      },
      { ...common, type: "block_actions", actions: [{ action_id: "unknown", type: "button" }] },
    ])
      expect((await app.inject(signed(JSON.stringify(payload)))).statusCode).toBe(200);
    const command = { command: "/unknown", team_id: team.id, user_id: "U0AMAL00001", text: "" };
    expect((await app.inject(signed(JSON.stringify(command)))).body).toContain("not one of Fingerpost's");
  });

  test("acknowledges an event that nobody listens for", async () => {
    const body = JSON.stringify({
      type: "event_callback",
      team_id: stage.slack.state.teamId,
      event_id: "Ev1",
      event: { type: "message", channel: "C1", user: "U0AMAL00001", text: "private", ts: "1.1" },
    });
    expect((await app.inject(signed(body))).statusCode).toBe(200);
  });
});
