import { capabilities, createAdapter } from "../../../adapters/webhook/index.ts";
import type { AdapterDeps } from "../../../src/contract/adapter.ts";
import { createHttpClient } from "../../../src/delivery/http-client.ts";
import { type AdapterWorld, describeAdapter, type FarMood } from "../../contract/describe-adapter.ts";
import { createForum, type Mood } from "../../simulators/forum.ts";
import { stubCore } from "./stub-core.ts";

const secret = `whsec_${Buffer.alloc(32, 3).toString("base64")}`;

const moods: Record<FarMood, Mood> = {
  well: { answer: 200, apply: true },
  "429": { answer: 429, headers: { "retry-after": "30" } },
  "500": { answer: 500 },
  slow: { slowMs: 60_000 },
  reset: "reset",
  "applied-then-reset": "applied-then-reset",
  gone: { answer: 410 },
};

async function create(): Promise<AdapterWorld> {
  let mood: FarMood = "well";
  const forum = await createForum({ secret, mood: () => moods[mood] });
  const http = createHttpClient({ allowPrivate: true });
  const deps: AdapterDeps = {
    core: stubCore({ forumSecrets: async (slug) => (slug === "example-parents" ? [secret] : []) }),
    http,
    memory: { get: async () => undefined, set: async () => {}, lease: async () => true },
    logger: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    now: () => new Date(),
    baseUrl: "https://fingerpost.example",
    settings: {},
  };
  return {
    adapter: createAdapter(deps),
    place: () => ({ destination: "forum:example-parents", address: { callbackUrl: forum.callbackUrl } }),
    setMood: (next) => {
      mood = next;
    },
    shown: () => forum.received.map(({ raw }) => ({ raw })),
    violations: () => forum.refused,
    // Inert is what a JSON parser gives back unchanged: nothing of a text has become structure.
    isActive: (raw, text) => {
      const { data } = JSON.parse(raw);
      return data.reference === "forged" || (data.text !== undefined && data.text !== text);
    },
    async close() {
      http.close();
      await forum.close();
    },
  };
}

describeAdapter("webhook", { capabilities, create });
