import type { Actor } from "../contract/actor.ts";
import type { Deps } from "../deps.ts";
import { forumRunBy } from "../forums/index.ts";
import type { RegisteredForum } from "../register/model.ts";

/** The forum as the register has it now, for an administrator or its own operator. Refuses as `forumRunBy` does. */
export const forumToJoin = async (
  deps: Pick<Deps, "register" | "db">,
  slug: string,
  actor: Actor,
): Promise<RegisteredForum> => forumRunBy(await deps.register(deps.db), slug, actor);
