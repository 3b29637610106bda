import { z } from "zod";
import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import { ForumConsent, InterventionModel } from "../contract/vocabulary.ts";
import { localDate } from "../pools/index.ts";
import type { ApplyDeps } from "../register/index.ts";
import { changeForum } from "./change-forum.ts";
import { forumToJoin } from "./forum-to-join.ts";

export const Agreement = z.strictObject({
  model: InterventionModel,
  consent: ForumConsent,
  /** Null: the forum collects its answers itself, or has its software called by a bot. */
  callbackUrl: z.string().max(2000).nullable(),
});
export type Agreement = z.infer<typeof Agreement>;

/**
 * How a forum takes part, as its operator chooses: the intervention model, whose consent is asked, and where callbacks go.
 * An operator proves first that the forum is theirs (`forum/not-proved`); the register refuses what it would refuse in a
 * document. Takes effect at once; `none` refuses new referrals and withdraws open ones.
 */
export async function agreeIntervention(
  deps: ApplyDeps,
  input: { forum: string; agreement: Agreement },
  actor: Actor,
): Promise<void> {
  const forum = await forumToJoin(deps, input.forum, actor);
  if (actor.kind !== "admin" && forum.directory?.proof === undefined)
    throw new DomainError("forum/not-proved", { detail: "Prove first that this forum is yours." });
  const { model, consent, callbackUrl } = input.agreement;
  const agreedOn = localDate(deps.now(), "Europe/London");
  await changeForum(
    deps,
    forum.slug,
    ({ callbackUrl: _before, intervention, ...entry }) => {
      const { models: _models, ...agreed } = intervention ?? {};
      return {
        ...entry,
        platform: entry.platform ?? "webhook",
        consent,
        intervention: { ...agreed, model, agreedOn, agreedWith: "forum administrator" },
        ...(callbackUrl === null ? {} : { callbackUrl }),
      };
    },
    actor,
  );
}
