import { randomUUID } from "node:crypto";
import type { Json } from "./json.ts";

export interface Person {
  id: string;
  name: string;
  email: string;
  emailConfirmed: boolean;
  deleted: boolean;
  guest: boolean;
  admin: boolean;
  teamId: string;
}

export interface Message {
  ts: string;
  threadTs: string | null;
  user: string;
  /** Of another app; ours is known by its user. */
  botId?: string;
  text: string;
  blocks: Json[];
  metadata: Json | null;
  edits: number;
}

export interface Channel {
  id: string;
  name: string;
  private: boolean;
  archived: boolean;
  shared: boolean;
  members: Set<string>;
  messages: Message[];
}

export interface View {
  id: string;
  hash: string;
  user: string;
  view: Json;
  open: boolean;
}

export interface Trigger {
  atMs: number;
  used: boolean;
  user: string;
}

/** How one call is answered instead of as usual. Any other word is an error of Slack's with that name. */
export type Fault = "429" | "500" | "slow" | "reset" | "applied-then-reset" | `error:${string}`;

export const allScopes = [
  "chat:write",
  "commands",
  "channels:history",
  "groups:history",
  "channels:read",
  "groups:read",
  "users:read",
  "users:read.email",
] as const;

/** Everything a workspace knows. `app` is our bot user. */
export function createState(options: { now(): Date; elapsedMs(): number; scopes: readonly string[] }) {
  let counted = 0;
  let lastTs = 0;
  const state = {
    teamId: "T0000000001",
    botUser: "U0BOT000001",
    botId: "B0BOT000001",
    botToken: "xoxb-test-bot-token",
    appToken: "xapp-1-test-app-token",
    elapsedMs: options.elapsedMs,
    scopes: new Set<string>(options.scopes),
    people: new Map<string, Person>(),
    channels: new Map<string, Channel>(),
    ephemerals: [] as { channel: string; user: string; text: string; blocks: Json[] }[],
    answers: [] as { user: string; body: Json }[],
    views: new Map<string, View>(),
    homes: new Map<string, Json>(),
    triggers: new Map<string, Trigger>(),
    responseUrls: new Map<string, { user: string; uses: number; atMs: number }>(),
    violations: [] as string[],
    called: new Map<string, number>(),
    nextId: (letter: string): string => {
      counted += 1;
      return `${letter}${String(counted).padStart(10, "0")}`;
    },
    /** A time stamp of its own for every message, as Slack makes them. */
    nextTs(): string {
      lastTs = Math.max(lastTs + 1, options.now().getTime() * 1000);
      return `${Math.floor(lastTs / 1_000_000)}.${String(lastTs % 1_000_000).padStart(6, "0")}`;
    },
    newTrigger(user: string): string {
      const id = `${randomUUID()}.trigger`;
      state.triggers.set(id, { atMs: options.elapsedMs(), used: false, user });
      return id;
    },
  };
  return state;
}
export type State = ReturnType<typeof createState>;
