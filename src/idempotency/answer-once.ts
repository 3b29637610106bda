import { hash } from "node:crypto";
import { DomainError } from "../contract/errors.ts";
import type { Tx } from "../db/index.ts";
import type { Deps } from "../deps.ts";
import { type Claimed, claimKey, findKey, keepAnswer, type Once } from "./store.ts";

export interface Answer<Status extends number, Body> {
  status: Status;
  body: Body;
}

export interface Work<Status extends number, Body> extends Answer<Status, Body> {
  /** What a repeat is told where that differs, such as without a secret. */
  kept?: Body;
  referralId?: string;
}

/**
 * Does the work once for a key, in the transaction of the work: a repeat gives the first answer, the same key with
 * another body is refused (`request/idempotency-key-reused`), and work that throws leaves the key free. A repeat whose
 * answer has gone with the content is `referral/erased`. Without `once` the work is simply done.
 */
export async function answerOnce<Status extends number, Body>(
  deps: Pick<Deps, "keyring" | "now">,
  tx: Tx,
  once: Once | undefined,
  work: () => Promise<Work<Status, Body>>,
): Promise<Answer<Status, Body>> {
  if (once === undefined) return pick(await work());
  const hidden = hideKey(deps, once);
  const known = readAnswer<Status, Body>(deps, await claimKey(tx, { ...hidden, now: deps.now() }));
  if (known) return known;
  const done = await work();
  const kept = JSON.stringify("kept" in done ? done.kept : done.body);
  await keepAnswer(tx, {
    scope: hidden.scope,
    key: hidden.key,
    status: done.status,
    response: deps.keyring.sealSecret(kept),
    ...(done.referralId === undefined ? {} : { referralId: done.referralId }),
  });
  return pick(done);
}

/**
 * The same for a use case that opens its own transaction: it is given one that is open already, in which the key is kept
 * with the change. Answers what the change did.
 */
export async function changeOnce<Body>(
  deps: Pick<Deps, "keyring" | "now" | "transaction">,
  once: Once | undefined,
  change: (transaction: Deps["transaction"]) => Promise<Body>,
): Promise<Body> {
  const { body } = await deps.transaction((tx) =>
    answerOnce(deps, tx, once, async () => ({ status: 200, body: await change((work) => work(tx)) })),
  );
  return body;
}

/** The same for a question that changes nothing: without a key it takes no transaction. */
export async function askOnce<Asked extends Pick<Deps, "keyring" | "now" | "transaction" | "db">, Body>(
  deps: Asked,
  once: Once | undefined,
  ask: (deps: Asked) => Promise<Body>,
): Promise<Body> {
  if (once === undefined) return ask(deps);
  return changeOnce(deps, once, (transaction) => transaction((tx) => ask({ ...deps, db: tx })));
}

/** The first answer to a key that was hidden, or null where it is new. Refuses another body, and an answer that is gone. */
export async function findAnswer<Status extends number, Body>(
  deps: Pick<Deps, "keyring">,
  tx: Tx,
  hidden: Once,
): Promise<Answer<Status, Body> | null> {
  return readAnswer(deps, await findKey(tx, hidden));
}

function readAnswer<Status extends number, Body>(
  { keyring }: Pick<Deps, "keyring">,
  claimed: Claimed,
): Answer<Status, Body> | null {
  if (claimed.state === "new") return null;
  if (claimed.state === "other-body") throw new DomainError("request/idempotency-key-reused");
  if (claimed.response === null) throw new DomainError("referral/erased");
  // What this very call kept, so it has the call's own status and shape.
  return { status: claimed.status as Status, body: JSON.parse(keyring.openSecret(claimed.response)) };
}

/** The hash of what a caller sent, for its repeats. */
export const hashRequest = (sent: unknown): Uint8Array<ArrayBuffer> =>
  Buffer.from(hash("sha256", JSON.stringify(sent), "hex"), "hex");

/**
 * What is kept for good of a call: its key and the hash of its body as keyed hashes. A caller may have put anything into a
 * key, and a plain hash of a short text can be guessed.
 */
export function hideKey({ keyring }: Pick<Deps, "keyring">, { scope, key, requestHash }: Once): Once {
  const hashed = keyring.hash("idempotency", key);
  return {
    scope,
    key: Buffer.from(hashed).toString("base64url"),
    requestHash: keyring.hash("request", Buffer.from(requestHash).toString("hex")),
  };
}

function pick<Status extends number, Body>({ status, body }: Answer<Status, Body>): Answer<Status, Body> {
  return { status, body };
}
