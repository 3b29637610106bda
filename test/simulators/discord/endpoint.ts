import { randomBytes, sign } from "node:crypto";
import { isObject, type Json } from "../slack/json.ts";
import { takeCallback } from "./callbacks.ts";
import type { Gateway } from "./gateway.ts";
import { interactionShape, userShape } from "./shapes.ts";
import type { Interaction, State } from "./state.ts";

const firstMs = 3_000;
/** How long a person looks at the screen, in real time, before this test is told that nothing came. */
const patienceMs = 60_000;

interface Said {
  status: number;
  body: Json | null;
}

/** Where uses of the app go: to its own address, signed, or over the gateway where it has named none. */
export function createEndpoint(state: State, gateway: () => Gateway) {
  const probes = { every: 5, sent: 0, since: 0 };
  /** Further addresses that get a copy of every use, and how often each gets it. */
  const copies = { urls: [] as string[], times: 1 };

  async function post(url: string, json: Json, isForged = false): Promise<Said> {
    const body = JSON.stringify(json);
    const timestamp = String(Math.floor(state.now().getTime() / 1000));
    const signature = isForged
      ? randomBytes(64)
      : sign(null, Buffer.from(timestamp + body), state.privateKey);
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "user-agent": "Discord-Interactions/1.0 (+https://discord.com)",
        "x-signature-ed25519": signature.toString("hex"),
        "x-signature-timestamp": timestamp,
      },
      body,
    });
    const text = await response.text();
    try {
      const read: unknown = text === "" ? null : JSON.parse(text);
      return { status: response.status, body: isObject(read) ? read : null };
    } catch {
      return { status: response.status, body: null };
    }
  }

  const ping = (): Json => ({
    id: state.nextId(),
    application_id: state.applicationId,
    type: 1,
    token: "ping",
    version: 1,
    user: userShape(state.bot),
    entitlements: [],
  });

  /** What Discord does when an address is saved, and again from time to time: a PING, and one with a false signature. */
  async function probe(url: string | null = state.interactionsUrl): Promise<boolean> {
    if (url === null) return false;
    probes.sent += 1;
    const [forged, genuine] = [await post(url, ping(), true), await post(url, ping())];
    const isWell = forged.status === 401 && genuine.status === 200 && genuine.body?.type === 1;
    if (!isWell) {
      state.violations.push(
        `endpoint: PING ${genuine.status}, false signature ${forged.status}: address removed`,
      );
      state.interactionsUrl = null;
    }
    return isWell;
  }

  async function carry(interaction: Interaction, url: string, json: Json): Promise<void> {
    const said = await post(url, json);
    if (said.status === 202 || said.status === 204) return;
    if (said.status === 200 && said.body !== null) {
      if (!interaction.first || interaction.copies < 2) takeCallback(state, interaction, said.body);
    } else if (!interaction.first && interaction.copies < 2)
      state.violations.push(`endpoint: answered with ${said.status}`);
  }

  /** Waits for the first answer. What is too late by the clock, or never comes, the person sees as a failure. */
  async function answered(interaction: Interaction): Promise<void> {
    const from = performance.now();
    while (!interaction.first && !interaction.isDead) {
      const isLate =
        state.now().getTime() - interaction.atMs > firstMs || performance.now() - from > patienceMs;
      if (isLate) {
        interaction.isDead = true;
        state.violations.push(`interaction ${interaction.type}: no first answer within 3 s`);
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
  }

  return {
    probes,
    copies,
    probe,
    post,
    /** Takes an address, or not: it must pass the probe first. */
    async setInteractionsUrl(url: string | null): Promise<boolean> {
      if (url !== null && !(await probe(url))) return false;
      state.interactionsUrl = url;
      return true;
    },
    /** Brings one use to the app, as often as `copies` says, and waits for its first answer. */
    async deliver(interaction: Interaction): Promise<Interaction> {
      const json = interactionShape(state, interaction);
      interaction.copies += copies.times * (1 + copies.urls.length);
      if (state.interactionsUrl === null) {
        let heard = 0;
        for (let i = 0; i < copies.times; i += 1) heard = gateway().sendInteraction(json);
        interaction.copies = Math.max(interaction.copies, heard * copies.times);
        if (heard === 0) interaction.isDead = true;
        await answered(interaction);
        return interaction;
      }
      probes.since += 1;
      if (probes.every > 0 && probes.since % probes.every === 0) await probe();
      const urls = [state.interactionsUrl, ...copies.urls].filter((url) => url !== null);
      const all = urls.flatMap((url) =>
        Array.from({ length: copies.times }, () => carry(interaction, url, json)),
      );
      await Promise.all([...all, answered(interaction)]);
      return interaction;
    },
  };
}
export type Endpoint = ReturnType<typeof createEndpoint>;
