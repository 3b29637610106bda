import type { AdapterDeps } from "../../src/contract/adapter.ts";
import type { ForumEntry } from "../../src/contract/core-api.ts";
import type { People } from "./people.ts";

export type Moderator = { ok: true; forum: ForumEntry } | { ok: false; says: string };

const noForumSays = "No forum of the register lives in this workspace, so nothing can be referred from it.";
const noModeratorSays =
  "Only this forum's moderators can refer: admins of the workspace, and those whom the register names. Ask one of them.";

/**
 * The forum that lives in this workspace, and who moderates it: the workspace's admins and owners, those its register
 * entry lists as `slack.moderators`, and its operators. Asked anew each time.
 */
export function createForums({ core }: Pick<AdapterDeps, "core">, people: People) {
  const forumHere = async (): Promise<ForumEntry | null> =>
    core.findForum("slack", "teamId", await people.team());

  async function isModerator(user: string, { slug, address }: ForumEntry): Promise<boolean> {
    const account = await people.account(user);
    if (!account.good) return false;
    const { moderators } = address;
    if (account.isAdmin || (Array.isArray(moderators) && moderators.includes(user))) return true;
    const person = await core.findPerson("slackUserId", user);
    return person?.roles.includes(`operator:${slug}`) ?? false;
  }

  return {
    async moderatorOf(user: string): Promise<Moderator> {
      const forum = await forumHere();
      if (forum === null) return { ok: false, says: noForumSays };
      return (await isModerator(user, forum)) ? { ok: true, forum } : { ok: false, says: noModeratorSays };
    },

    /** Whose voice a user has on a referral: its member's, who wrote the post; a moderator's; or nobody's. */
    async voiceOf(user: string, reference: string) {
      const forum = await forumHere();
      if (forum === null) return null;
      const actor = { kind: "forum", forum: forum.slug, voice: "moderator" } as const;
      const { post } = await core.viewReferral(reference, actor);
      const isMember = typeof post === "object" && post !== null && "member" in post && post.member === user;
      if (isMember) return { ...actor, voice: "member" } as const;
      return (await isModerator(user, forum)) ? actor : null;
    },
  };
}
export type Forums = ReturnType<typeof createForums>;
