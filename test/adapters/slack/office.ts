import { fastify } from "fastify";
import { expect } from "vitest";
import type { Memory } from "../../../src/contract/adapter.ts";
import type { CoreApi } from "../../../src/contract/core-api.ts";
import { noticeOf } from "../../contract/notices.ts";
import { createStage, poolChannel } from "./stage.ts";

/** The adapter behind HTTP with a card in its channel, and a core that notes what it is asked. */
export async function createOffice(
  core: Partial<CoreApi>,
  given: { memory?: Memory; elapsedMs?: () => number } = {},
) {
  const { memory, elapsedMs } = given;
  const slack = { burst: 20, ...(elapsedMs ? { elapsedMs } : {}) };
  const stage = await createStage({ core, slack, ...(memory ? { memory } : {}) });
  const app = fastify({ forceCloseConnections: true });
  if (stage.adapter.inbound) await app.register(stage.adapter.inbound);
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  stage.slack.setAppUrl(`${url}/slack/events`);
  const sent = await stage.adapter.deliver(
    {
      id: "019a0000-0000-7000-8000-000000000001",
      attempt: 1,
      uncertain: false,
      destination: "pool:uc",
      address: { channel: poolChannel },
      notice: noticeOf("card"),
      remembered: undefined,
      createdAt: stage.clock.now(),
    },
    AbortSignal.timeout(5_000),
  );
  expect(sent.outcome).toBe("delivered");
  const card = { channel: poolChannel, ts: stage.slack.messagesIn(poolChannel)[0]?.ts ?? "" };
  return {
    ...stage,
    card,
    url: `${url}/slack/events`,
    async until(holds: () => unknown) {
      const end = performance.now() + 25_000;
      while (!holds()) {
        if (performance.now() > end) throw new Error(`It did not come to ${holds.toString()}`);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    async close() {
      await app.close();
      await stage.slack.close();
    },
  };
}
