import type { Alert } from "../../../adapters/desk/alerts.ts";
import { capabilities, createAdapter } from "../../../adapters/desk/index.ts";
import type { Memory } from "../../../src/contract/adapter.ts";
import { openSite } from "../../../src/web/site.ts";
import { type AdapterWorld, describeAdapter, type FarMood } from "../../contract/describe-adapter.ts";
import { silent } from "../../http/support.ts";
import { strangers } from "../../web/strangers.ts";
import { stubCore } from "../webhook/stub-core.ts";

/** The page as an administrator sees it, of which only the alerts are looked at. */
function rendered(alert: Alert): string {
  const frame = { language: "en", path: "/desk", isPrivate: true } as const;
  const queue = { alerts: [alert], mine: [], duty: [], open: null, found: null, hasMore: false, q: "" };
  const page = openSite().render("desk/queue.njk", frame, {
    ...queue,
    visitor: { formToken: "x" },
    ownPages: [],
  });
  return /<div class="govuk-inset-text fp-alerts">[\s\S]*?<\/div>/.exec(page)?.[0] ?? "";
}

async function create(): Promise<AdapterWorld> {
  const values = new Map<string, unknown>();
  let mood: FarMood = "well";
  const slowly = new Promise<never>(() => undefined);
  const memory: Memory = {
    get: async (key) => structuredClone(values.get(key)),
    async set(key, value) {
      if (mood === "slow") return slowly;
      if (mood === "500" || mood === "reset" || mood === "gone") throw new Error("the database is away");
      values.set(key, structuredClone(value));
      if (mood === "applied-then-reset") throw new Error("the connection broke");
    },
    lease: async () => mood !== "429" && mood !== "gone",
  };
  const unused = async (): Promise<never> => {
    throw new Error("The desk does without this.");
  };
  const now = () => new Date("2026-11-02T09:00:00Z");
  const given = { core: stubCore({}), http: { request: unused }, memory, logger: silent, now };
  const adapter = createAdapter({ ...given, baseUrl: "https://fingerpost.example", settings: {} });
  return {
    adapter,
    place: () => ({ destination: "alert:triage", address: {} }),
    setMood: (next) => {
      mood = next;
    },
    shown: () =>
      [...values.values()].flatMap((kept) => (kept as Alert[]).map((alert) => ({ raw: rendered(alert) }))),
    violations: () =>
      [...values.values()].flatMap((kept) => (JSON.stringify(kept).length > 4096 ? ["too large"] : [])),
    isActive: (raw) => strangers(raw).length > 0,
    close: async () => {},
  };
}

describeAdapter("desk", { capabilities, create });
