import type { Json } from "./json.ts";
import { type Carrier, createHttpCarrier, createPeople } from "./people.ts";
import { createWebApi } from "./server.ts";
import { createSocketMode } from "./socket.ts";
import { allScopes, type Channel, createState, type Fault, type Person } from "./state.ts";

export { liveParts } from "./blocks.ts";
export type { Json } from "./json.ts";
export type { Fault, Message, View } from "./state.ts";

export interface SlackOptions {
  now(): Date;
  /** What Slack's three seconds are measured on; a real clock where none is given. */
  elapsedMs?(): number;
  scopes?: readonly string[];
  /** Messages on credit in one channel; strict Slack has one. */
  burst?: number;
}

/**
 * A Slack workspace on this machine: its Web API over HTTP, the people in it, and the requests it sends to the app. It
 * refuses what Slack refuses, and keeps a list of what Slack would have found wrong with the app (`violations`).
 */
export async function createSlack(options: SlackOptions) {
  const { now, elapsedMs = () => performance.now(), scopes = allScopes, burst = 1 } = options;
  const state = createState({ now, elapsedMs, scopes });
  const signingSecret = "0123456789abcdef0123456789abcdef";
  let appUrl = "";
  let fault: (method: string, args: Json) => Fault | null = () => null;
  let carrier: Carrier = createHttpCarrier({ state, url: () => appUrl, signingSecret, now });

  const server = createWebApi({
    state,
    now,
    burst,
    fault: (method, args) => fault(method, args),
    socketUrl: () => socketMode.newUrl(),
  });
  let url = "";
  const socketMode = createSocketMode(state, server, () => url);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;

  return {
    state,
    signingSecret,
    /** As `SLACK_API_URL` takes it. */
    apiUrl: `${url}/api/`,
    ...createPeople(
      state,
      () => carrier,
      () => url,
    ),
    setAppUrl: (next: string) => {
      appUrl = next;
    },
    useCarrier: (next: Carrier) => {
      carrier = next;
    },
    setFault: (next: typeof fault) => {
      fault = next;
    },
    addPerson(id: string, given: Partial<Person> = {}): Person {
      const plain = { name: id, email: `${id.toLowerCase()}@example.gov.uk`, teamId: state.teamId };
      const standing = { emailConfirmed: true, deleted: false, guest: false, admin: false };
      const person = { id, ...standing, ...plain, ...given };
      state.people.set(id, person);
      return person;
    },
    addChannel(id: string, members: readonly string[], given: Partial<Channel> = {}): Channel {
      const channel: Channel = {
        id,
        name: id.toLowerCase(),
        private: true,
        archived: false,
        shared: false,
        messages: [],
        ...given,
        members: new Set([state.botUser, ...members]),
      };
      state.channels.set(id, channel);
      return channel;
    },
    messagesIn: (channel: string) => state.channels.get(channel)?.messages ?? [],
    socketMode,
    async close() {
      socketMode.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
export type Slack = Awaited<ReturnType<typeof createSlack>>;
