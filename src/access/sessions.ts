import { randomBytes, timingSafeEqual } from "node:crypto";
import type { Visitor } from "../contract/web.ts";
import type { Tx } from "../db/index.ts";
import type { Deps } from "../deps.ts";
import { actorsOf } from "./actors-of.ts";
import { hashKey } from "./keys.ts";
import { recordEvent } from "./store.ts";
import { deleteEnded, findSession, insertSession, markEnded, touchSession } from "./store-sessions.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** A session ends after this long without a request. */
const idleMs = 2 * hourMs;
/** And after a working day, whatever is done meanwhile. */
const longestMs = 12 * hourMs;
/** How exactly the last request is noted. */
const noteEveryMs = minuteMs;
const keptMs = 30 * 24 * hourMs;

const tokenBytes = 32;
const tokenShape = /^[A-Za-z0-9_-]{43}$/;

/** A token nobody can guess, for a session or a link: 256 random bits in base64url. */
export const newToken = (): string => randomBytes(tokenBytes).toString("base64url");
export const isTokenShaped = (text: string): boolean => tokenShape.test(text);

export interface BegunSession {
  /** For the cookie; only its hash is kept. */
  token: string;
  expiresAt: Date;
}

/** Signs somebody in, within a transaction. Ends after two hours without a request, and twelve hours in all. Recorded. */
export async function beginSession(
  deps: Pick<Deps, "now">,
  tx: Tx,
  { scopes, method }: { scopes: readonly string[]; method: "link" | "oidc" },
): Promise<BegunSession> {
  const now = deps.now();
  const token = newToken();
  const expiresAt = new Date(now.getTime() + longestMs);
  const id = await insertSession(tx, { hash: hashKey(token), scopes: [...scopes], method, now, expiresAt });
  const data = { session: id, scopes: [...scopes], method };
  await recordEvent(tx, { type: "session.begun", at: now, ...signedInAs(scopes), data });
  return { token, expiresAt };
}

/**
 * Who a cookie's token is, or null: unknown, ended, idle too long, past its end, or nobody in the register any more. Read
 * anew each time, so that a session that was ended is dead at once.
 */
export async function findVisitor(
  deps: Pick<Deps, "db" | "now" | "register" | "keyring">,
  token: string,
): Promise<Visitor | null> {
  if (!isTokenShaped(token)) return null;
  const now = deps.now();
  const session = await findSession(deps.db, hashKey(token));
  if (session === null || session.revokedAt !== null || session.expiresAt <= now) return null;
  const quietMs = now.getTime() - session.lastSeenAt.getTime();
  if (quietMs >= idleMs) return null;
  const actors = actorsOf(session.scopes, await deps.register(deps.db), session.id);
  if (actors.length === 0) return null;
  if (quietMs >= noteEveryMs) await touchSession(deps.db, session.id, now);
  return {
    sessionId: session.id,
    handle: handleOf(session.scopes),
    actors,
    formToken: formTokenOf(deps, session.id),
  };
}

/** Ends a session at once, on every instance. Ending it again changes nothing. Recorded. */
export async function endSession(
  deps: Pick<Deps, "now" | "transaction">,
  visitor: Pick<Visitor, "sessionId">,
): Promise<void> {
  const now = deps.now();
  await deps.transaction(async (tx) => {
    const scopes = await markEnded(tx, visitor.sessionId, now);
    if (scopes === null) return;
    const data = { session: visitor.sessionId, scopes };
    await recordEvent(tx, { type: "session.ended", at: now, ...signedInAs(scopes), data });
  });
}

/** Forgets sessions and links that ended thirty days ago. */
export async function forgetEndedSessions(deps: Pick<Deps, "db" | "now">): Promise<void> {
  await deleteEnded(deps.db, new Date(deps.now().getTime() - keptMs));
}

/** Whether a form that was sent belongs to this session. */
export function isFormOf(visitor: Visitor, sent: unknown): boolean {
  if (typeof sent !== "string") return false;
  const [given, own] = [Buffer.from(sent), Buffer.from(visitor.formToken)];
  return given.length === own.length && timingSafeEqual(given, own);
}

const formTokenOf = (deps: Pick<Deps, "keyring">, sessionId: string): string =>
  Buffer.from(deps.keyring.hash("form", sessionId)).toString("base64url");

function handleOf(scopes: readonly string[]): string | null {
  const named = scopes.find((scope) => /^(advisor|person):/.test(scope));
  return named === undefined ? null : named.slice(named.indexOf(":") + 1);
}

/** How somebody who signs in stands in the audit. */
export function signedInAs(scopes: readonly string[]): {
  actorRole: "administrator" | "advisor" | "person" | "operator";
  actorId: string | null;
} {
  const [kind] = (scopes[0] ?? "").split(":");
  const actorRole =
    kind === "advisor" || kind === "person" || kind === "operator" ? kind : ("administrator" as const);
  return { actorRole, actorId: handleOf(scopes) };
}
