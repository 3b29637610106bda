import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import type { ForumEntry } from "../register/document.ts";
import { type ApplyDeps, applyRegister, exportRegister } from "../register/index.ts";

/** Changes one forum's entry through the register, which checks it as it checks any other and keeps who did it. */
export async function changeForum(
  deps: ApplyDeps,
  slug: string,
  change: (entry: ForumEntry) => unknown,
  actor: Actor,
): Promise<void> {
  const { forums } = exportRegister(await deps.register(deps.db));
  const entry = forums.find((forum) => forum.slug === slug);
  if (!entry) throw new DomainError("forum/not-found");
  const appliedBy = actor.kind === "admin" ? actor.keyId : `operator:${slug}`;
  await applyRegister(deps, { document: { forums: [change(entry)] } }, { kind: "register", appliedBy });
}
