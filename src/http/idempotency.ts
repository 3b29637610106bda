import { createHash } from "node:crypto";
import type { FastifyRequest } from "fastify";
import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import type { Once } from "../idempotency/index.ts";
import { actorOf } from "./api.ts";

const keyShape = /^[\x21-\x7e]{1,200}$/;

/**
 * What a repeat of this request is known by: its `Idempotency-Key` within its caller, method and path, and its bytes.
 * Undefined without the header; refuses a key that is empty, longer than 200 characters or not printable ASCII.
 */
export function onceOf(request: FastifyRequest): Once | undefined {
  const key = request.headers["idempotency-key"];
  if (key === undefined) return undefined;
  if (typeof key !== "string" || !keyShape.test(key)) {
    const detail = "Send one key of 1 to 200 printable characters, without spaces.";
    throw new DomainError("request/invalid", { errors: [{ pointer: "/headers/idempotency-key", detail }] });
  }
  const path = request.url.split("?", 1)[0];
  return {
    scope: `${callerOf(actorOf(request))} ${request.method} ${path}`,
    key,
    requestHash: new Uint8Array(createHash("sha256").update(request.rawBody).digest()),
  };
}

function callerOf(actor: Actor): string {
  switch (actor.kind) {
    case "admin":
      return `admin:${actor.keyId}`;
    case "manager":
      return `manager:${actor.department ?? ""}`;
    case "advisor":
    case "person":
      return `${actor.kind}:${actor.id}`;
    case "operator":
    case "forum":
      return `${actor.kind}:${actor.forum}`;
    case "member":
      return `member:${actor.referralId}`;
    default:
      return actor.kind;
  }
}
