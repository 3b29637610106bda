import { Registry } from "prom-client";
import { type AppDeps, buildApp } from "../../src/app.ts";
import type { Actor } from "../../src/contract/actor.ts";
import type { Logger } from "../../src/contract/adapter.ts";
import { DomainError } from "../../src/contract/errors.ts";
import { crisisContacts } from "../../src/safety/index.ts";

export const silent: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** One caller of each kind a key can prove, by the bearer that this file's `authenticate` takes. */
export const callers = {
  admin: { kind: "admin", keyId: "k1" },
  manager: { kind: "manager" },
  advisor: { kind: "advisor", id: "amal.h" },
  person: { kind: "person", id: "sam.t" },
  operator: { kind: "operator", forum: "example-parents" },
  forum: { kind: "forum", forum: "example-parents", voice: "moderator" },
} as const satisfies Record<string, Actor>;

async function authenticate(bearer: string): Promise<Actor> {
  const actor = Object.entries(callers).find(([kind]) => kind === bearer)?.[1];
  if (actor === undefined) throw new DomainError("access/unauthenticated");
  return actor;
}

const unreachable = async (): Promise<never> => {
  throw new Error("this test has no database");
};

const refuseKeys = (): never => {
  throw new Error("this test has no keys");
};

/** What an app without a database is built from: every use case that reaches for data meets a fault. */
export function appDeps(changes: Partial<AppDeps> = {}): AppDeps {
  const noData = new Proxy({} as AppDeps["db"], { get: () => unreachable });
  const noKeys = new Proxy({} as AppDeps["keyring"], { get: () => refuseKeys });
  return {
    now: () => new Date("2026-12-01T09:00:00Z"),
    db: noData,
    transaction: unreachable,
    register: unreachable,
    keyring: noKeys,
    contacts: crisisContacts,
    adapters: { known: new Set(), carries: () => undefined },
    nudge: () => {},
    logger: silent,
    baseUrl: "http://127.0.0.1:3000",
    authenticate,
    session: async () => null,
    mailer: { isOn: false, send: async () => {} },
    http: { request: unreachable },
    resolveTxt: unreachable,
    oidc: null,
    routes: [],
    inbound: [],
    afterApply: async () => {},
    settlers: { replayed: async () => {} },
    checkAddress: async () => null,
    checks: async () => [],
    metrics: new Registry(),
    trustProxy: [],
    version: "0.0.0",
    ...changes,
  };
}

export const testApp = (changes: Partial<AppDeps> = {}) => buildApp(appDeps(changes));
