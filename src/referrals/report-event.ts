import type { ForumEvent } from "../contract/bodies.ts";
import type { Inbound } from "../contract/core-api.ts";
import { DomainError } from "../contract/errors.ts";
import type { Deps } from "../deps.ts";
import { hashRequest } from "../idempotency/index.ts";
import { forumVerbs, verbOfEvent } from "./forum-verbs.ts";
import { type Answered, performVerb } from "./perform-verb.ts";
import type { Verb } from "./verb.ts";
import { verbs } from "./verbs.ts";

/** Takes what a forum reports about one of its referrals: once for each event id, as the voice its proof allows. */
export async function reportEvent(
  deps: Deps,
  forum: string,
  event: ForumEvent,
  from: Inbound,
): Promise<Answered> {
  const { verb: name, body } = verbOfEvent(event);
  const verb: Verb | undefined = verbs.get(name) ?? (forumVerbs.get(name) as Verb | undefined);
  if (!verb) throw new DomainError("request/invalid");
  const once = { scope: `events:${forum}`, key: from.eventId, requestHash: hashRequest(event) };
  return performVerb(deps, verb, { reference: event.reference, body, actor: from.actor, once });
}
