import { fastify } from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DomainError } from "../../../src/contract/errors.ts";
import type { Json } from "../../simulators/slack/json.ts";
import { channel, createStage, guild, mo, moderator } from "./stage.ts";

const odd: readonly unknown[] = [null, [], {}, "", "x".repeat(5_000), "\u0000", 1e300];

const user = { id: mo, username: "mo", discriminator: "0", avatar: null };
const common = {
  id: "800000000000000001",
  application_id: "900000000000000001",
  token: "a.token-of_an-interaction",
  version: 1,
  guild_id: guild,
  channel_id: channel,
  channel: { id: channel, type: 0, name: "benefits", parent_id: null },
  member: { user, permissions: String(moderator), roles: [] },
};
const message = {
  id: "810000000000000001",
  channel_id: channel,
  content: "Late again.",
  author: { ...user },
};

/** One of each kind of use, whole. */
const whole: Readonly<Record<string, Json>> = {
  menu: {
    ...common,
    type: 2,
    data: {
      id: "1",
      name: "Refer to an advisor",
      type: 3,
      target_id: message.id,
      resolved: { messages: { [message.id]: message } },
    },
  },
  slash: {
    ...common,
    type: 2,
    data: {
      id: "1",
      name: "referral",
      type: 1,
      options: [
        { name: "withdraw", type: 1, options: [{ name: "reference", type: 3, value: "FP-7K4M-2QXD" }] },
      ],
    },
  },
  button: {
    ...common,
    type: 3,
    message,
    data: { custom_id: "helped:FP-7K4M-2QXD:abcdef", component_type: 2 },
  },
  form: {
    ...common,
    type: 5,
    data: {
      custom_id: "refer:800000000000000001",
      components: [
        { type: 18, id: 1, component: { type: 3, id: 2, custom_id: "topic", values: ["universal-credit"] } },
        { type: 18, id: 3, component: { type: 4, id: 4, custom_id: "note", value: "words" } },
      ],
    },
  },
};

/** The same with one part replaced or taken away, for every part there is. */
function* spoilt(value: unknown, put: (changed: unknown) => Json): Generator<Json> {
  for (const change of [...odd, undefined]) yield put(change);
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value))
    yield* spoilt(inner, (changed) => {
      const copy: Json = Object.assign(Array.isArray(value) ? [...value] : { ...value });
      copy[key] = changed;
      return put(copy);
    });
}

let stage: Awaited<ReturnType<typeof createStage>>;
const app = fastify({ forceCloseConnections: true });
let url = "";
beforeAll(async () => {
  stage = await createStage({ core: { forumAtHand: () => null, findForum: async () => null } });
  // Nobody waits for what follows the first answer.
  stage.discord.setFault(() => "error:50035");
  // As the whole server does it: a refusal has a code, anything else is a fault.
  app.setErrorHandler((error, _, reply) => reply.code(error instanceof DomainError ? 422 : 500).send());
  if (stage.adapter.inbound) await app.register(stage.adapter.inbound);
  url = `${await app.listen({ port: 0, host: "127.0.0.1" })}/discord/interactions`;
});
afterAll(async () => {
  await stage.adapter.stop?.();
  await app.close();
  await stage.discord.close();
});

test.each(Object.keys(whole))(
  "a signed %s that is spoilt in any place is refused or answered, never a fault",
  async (kind) => {
    const { endpoint } = stage.discord;
    const use = whole[kind] ?? {};
    const statuses = new Map<number, number>();
    const faults: string[] = [];
    let count = 0;
    for (const json of spoilt(use, (changed) => changed as Json)) {
      count += 1;
      const fresh = `8${String(count).padStart(17, "0")}`;
      const sent = json?.id === common.id ? { ...json, id: fresh } : (json ?? {});
      const { status, body } = await endpoint.post(url, sent);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status >= 500 || (status === 200 && typeof body?.type !== "number"))
        faults.push(JSON.stringify(sent).slice(0, 600));
    }
    console.log(
      `${kind}: ${count} spoilt, ${[...statuses].map(([status, n]) => `${n} × ${status}`).join(", ")}`,
    );
    expect(faults.slice(0, 3)).toEqual([]);
  },
);
