import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import type { Deps } from "../deps.ts";
import type { RegisteredForum } from "../register/model.ts";

/** The forum, for an administrator or its own operator; everybody else is `access/forbidden`. */
export async function forumToJoin(
  deps: Pick<Deps, "register" | "db">,
  slug: string,
  actor: Actor,
): Promise<RegisteredForum> {
  const isOperator = actor.kind === "operator" && actor.forum === slug;
  if (actor.kind !== "admin" && !isOperator) throw new DomainError("access/forbidden");
  const forum = (await deps.register(deps.db)).forums.get(slug);
  if (!forum) throw new DomainError("forum/not-found");
  return forum;
}
