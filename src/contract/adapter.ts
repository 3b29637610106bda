import type { FastifyPluginAsync } from "fastify";
import type { CoreApi } from "./core-api.ts";
import type { Notice, NoticeType } from "./notice.ts";
import type { WebTools } from "./web.ts";

/** What an adapter can do, as data. The core plans by it; the contract suite tests by it. */
export interface Capabilities {
  /** The notices it carries. Others are never planned for it. */
  notices: readonly NoticeType[];
  /** Greatest length in characters of one text it can show without splitting; longer texts are split by the adapter. */
  textLength: number;
  /** True where the platform drops a second send of the same delivery; without it `find` is needed. */
  dedupes: boolean;
}

/** One thing to be said at one place. `id` is the same at every attempt. */
export interface Delivery {
  id: string;
  attempt: number;
  /** An earlier attempt may have been applied, in whole or in part. */
  uncertain: boolean;
  /** `forum:<slug>`, `pool:<slug>` or `alert:<name>`. */
  destination: string;
  /** The destination's entry in the register that this adapter reads, such as `{callbackUrl}` or `{channel}`. */
  address: Readonly<Record<string, unknown>>;
  notice: Notice;
  /** What the last `delivered` of this referral at this destination asked to remember. */
  remembered: unknown;
  /** When the use case wrote it; the same at every attempt. */
  createdAt: Date;
}

/**
 * What became of a send. `retry` was surely not applied and may be tried again, after `afterMs` where that is known;
 * `early` says that nothing left because our own limit had no turn for it, which is no failure. `refused` will never be
 * taken; `unknown` may or may not have been applied and is looked up with `find`, or sent again where the platform dedupes.
 */
export type Sent =
  | { outcome: "delivered"; url?: string; held?: boolean; remember?: unknown }
  | { outcome: "retry"; afterMs?: number; early?: true; reason: string }
  | { outcome: "refused"; reason: string /** The destination wants no more of anything. */; stop?: boolean }
  | { outcome: "unknown"; afterMs?: number; reason: string };

export type Found =
  | { outcome: "delivered"; url?: string; remember?: unknown }
  | { outcome: "absent" }
  | { outcome: "unknown"; afterMs?: number; early?: true; reason: string };

/** A finding of `doctor`: what was looked at, whether it is well, and how to mend it. */
export interface Check {
  name: string;
  ok: boolean;
  detail: string;
  mend?: string;
}

/** A verb that an adapter adds to the command line, such as `slack manifest`. */
export interface AdapterCommand {
  name: string;
  summary: string;
  run(args: readonly string[]): Promise<{ text: string; json?: unknown }>;
}

/** What an adapter's verbs are given. */
export interface CommandTools {
  now(): Date;
  /** The environment's part for this adapter, checked when it is asked for; null where the adapter is off. */
  settings(): Readonly<Record<string, string>> | null;
}

/** A plain object from a factory. Expected outcomes are values; a throw is a bug. */
export interface Adapter {
  name: string;
  capabilities: Capabilities;
  deliver(delivery: Delivery, signal: AbortSignal): Promise<Sent>;
  find?(delivery: Delivery, signal: AbortSignal): Promise<Found>;
  /** Routes of its own, registered in a scope of their own. */
  inbound?: FastifyPluginAsync;
  start?(): Promise<void>;
  stop?(): Promise<void>;
  checks?(): Promise<Check[]>;
}

export interface HttpResponse {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** The guarded way out: refuses private addresses, follows no redirect, reads at most 20 kB, ends after 15 s. */
export interface HttpClient {
  /**
   * Sends one request. `sent` is false when the request surely never left (refused address, no connection);
   * otherwise a failure leaves its fate unknown.
   */
  request(input: {
    url: string;
    method: "GET" | "POST";
    headers?: Readonly<Record<string, string>>;
    body?: string;
    signal?: AbortSignal;
  }): Promise<
    { ok: true; response: HttpResponse } | { ok: false; sent: boolean; refused: boolean; reason: string }
  >;
}

/** Small values that an adapter keeps, in its own name space, encrypted; erased with the referral they belong to. */
export interface Memory {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown, options?: { reference?: string; ttlMs?: number }): Promise<void>;
  /** True while this instance holds the name; taken over by another when it is not renewed within `ttlMs`. */
  lease(name: string, ttlMs: number): Promise<boolean>;
}

/** Fields a log line may carry. No body, no secret, no provider's answer, no person's text. */
export interface LogFields {
  adapter?: string;
  address?: string;
  attempt?: number;
  code?: string;
  count?: number;
  delivery?: string;
  destination?: string;
  durationMs?: number;
  event?: string;
  forum?: string;
  instance?: string;
  method?: string;
  migration?: string;
  notice?: string;
  outcome?: string;
  pool?: string;
  reference?: string;
  requestId?: string;
  route?: string;
  signal?: string;
  state?: string;
  status?: number;
  timer?: string;
  version?: number | string;
}

/** A static message with fields from the list above. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields, error?: unknown): void;
}

export interface AdapterDeps {
  core: CoreApi;
  http: HttpClient;
  memory: Memory;
  logger: Logger;
  now(): Date;
  baseUrl: string;
  /** The environment's part for this adapter, already validated. */
  settings: Readonly<Record<string, string>>;
  /** The site's layout and whoever is signed in, for an adapter with pages. */
  web?: WebTools;
}

export type AdapterFactory = (deps: AdapterDeps) => Adapter;

/** What the folder of an adapter offers. Nothing of its SDK is loaded before the adapter is on. */
export interface AdapterModule {
  createAdapter: AdapterFactory;
  capabilities: Capabilities;
  /** Verbs for the command line that need no running server: `fingerpost <adapter> <name>`. */
  createCommands?(tools: CommandTools): readonly AdapterCommand[];
}

/** Adapters by name; a module is loaded when its adapter is on. */
export type AdapterLibrary = Readonly<Record<string, () => Promise<AdapterModule>>>;
