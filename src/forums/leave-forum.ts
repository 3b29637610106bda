import type { Actor } from "../contract/actor.ts";
import type { Tx } from "../db/index.ts";
import { changeOnce, type Once } from "../idempotency/index.ts";
import { type ApplyDeps, bumpRevision, loadRegister, lockRegister } from "../register/index.ts";
import { forumRunBy } from "./may-run.ts";
import { recordForumEvent, saveCallbackStopped, saveLeft } from "./store.ts";

/**
 * Takes a forum out at its own wish: no secret, code or callback holds any more and intake is refused from this commit
 * on; then its open referrals are dealt with. Leaving twice changes nothing. It comes back when a register is applied in
 * which something else is agreed. Only an administrator or the forum's operator may. Recorded as `forum.left`.
 */
export async function leaveForum(
  deps: Pick<ApplyDeps, "now" | "transaction" | "afterApply" | "keyring">,
  input: { forum: string },
  actor: Actor,
  once?: Once,
): Promise<{ leftAt: string }> {
  const left = await changeOnce(deps, once, (transaction) =>
    transaction(async (tx) => {
      await lockRegister(tx);
      const forum = forumRunBy((await loadRegister(tx)).register, input.forum, actor);
      const now = deps.now();
      if (!(await saveLeft(tx, forum.slug, now))) return { leftAt: (forum.leftAt ?? now).toISOString() };
      await bumpRevision(tx);
      await recordForumEvent(tx, { type: "forum.left", forum: forum.slug, actor, now });
      return { leftAt: now.toISOString() };
    }),
  );
  await deps.afterApply();
  return left;
}

/**
 * Notes that a destination (`forum:<slug>`) answered that it wants no more callbacks (410); others have none. Another
 * address in the register starts them again.
 */
export async function stopCallbacks(tx: Tx, destination: string, now: Date): Promise<void> {
  const forum = /^forum:(.+)$/.exec(destination)?.[1];
  if (forum === undefined || !(await saveCallbackStopped(tx, forum, now))) return;
  await bumpRevision(tx);
  await recordForumEvent(tx, { type: "forum.callback-stopped", forum, actor: { kind: "delivery" }, now });
}
