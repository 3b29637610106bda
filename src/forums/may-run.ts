import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import type { Register, RegisteredForum } from "../register/model.ts";

/**
 * The forum, for an administrator or its own operator. Everybody else is `access/forbidden`, an operator of another
 * forum whether this one exists or not; an unknown one is `forum/not-found`.
 */
export function forumRunBy(register: Register, slug: string, actor: Actor): RegisteredForum {
  const isOperator = actor.kind === "operator" && actor.forum === slug;
  if (actor.kind !== "admin" && !isOperator) throw new DomainError("access/forbidden");
  const forum = register.forums.get(slug);
  if (!forum) throw new DomainError("forum/not-found");
  return forum;
}

/** As `forumRunBy`, and the forum has not left. */
export function presentForumRunBy(register: Register, slug: string, actor: Actor): RegisteredForum {
  const forum = forumRunBy(register, slug, actor);
  if (forum.leftAt)
    throw new DomainError("forum/no-intervention", {
      detail: "This forum has left. Agree on an intervention model again first.",
    });
  return forum;
}
