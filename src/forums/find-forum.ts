import type { Register, RegisteredForum } from "../register/model.ts";

/** Where a forum lives on a platform: what the register says of it, and over it what an adapter learned when it joined. */
function placeOf(forum: RegisteredForum, adapter: string): Readonly<Record<string, unknown>> {
  const declared = adapter === "discord" ? forum.discord : adapter === "slack" ? forum.slack : undefined;
  return { ...declared, ...forum.joined[adapter] };
}

/** The forum whose place on this platform has this value, such as a server's id. One that left is not found. */
export function findForumBy(
  register: Register,
  adapter: string,
  field: string,
  value: string,
): RegisteredForum | null {
  for (const forum of register.forums.values()) {
    if (forum.leftAt === null && placeOf(forum, adapter)[field] === value) return forum;
  }
  return null;
}
