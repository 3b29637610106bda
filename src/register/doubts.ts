import type { Finding } from "./checks.ts";
import type { RegisterContent } from "./content.ts";
import { hasAgreed } from "./forum-entry.ts";

/** Which adapters exist, and which of them are on. */
export interface KnownAdapters {
  known: ReadonlySet<string>;
  isOn(adapter: string): boolean;
}

/** Forums that agreed to take part through an adapter that does not exist; `off`: through one that is not switched on. */
export function judgePlatforms(
  content: RegisterContent,
  adapters: KnownAdapters,
): { unknown: Finding[]; off: Finding[] } {
  const unknown: Finding[] = [];
  const off: Finding[] = [];
  for (const [i, forum] of content.forums.entries()) {
    const { platform } = forum;
    if (platform === undefined || !hasAgreed(forum, "referral", "clinic", "direct")) continue;
    const at = ["forums", i, "platform"];
    if (!adapters.known.has(platform)) {
      const hint = `Adapters that exist: ${[...adapters.known].sort().join(", ")}.`;
      unknown.push({ at, detail: `No adapter exists for "${platform}".`, hint });
    } else if (!adapters.isOn(platform)) {
      const hint = "Set its variables and start again; `fingerpost doctor` says which.";
      off.push({ at, detail: `The adapter "${platform}" is off, so nothing reaches "${forum.slug}".`, hint });
    }
  }
  return { unknown, off };
}

/** What is allowed but probably not meant. */
export function findDoubts(content: RegisterContent): Finding[] {
  const staffed = new Set(content.advisors.flatMap(({ pools }) => pools));
  const roles = new Set(content.people.flatMap((person) => person.roles));
  const findings: Finding[] = [];
  for (const [i, pool] of content.pools.entries()) {
    if (!staffed.has(pool.slug) && !pool.closed)
      findings.push({
        at: ["pools", i],
        detail: `"${pool.slug}" has no advisor: what would go there goes to triage.`,
      });
    if (pool.clearance === "every-reply" && !roles.has(`clearer:${pool.slug}`))
      findings.push({
        at: ["pools", i, "clearance"],
        detail: `Nobody can clear the replies of "${pool.slug}".`,
        hint: `Give somebody the role clearer:${pool.slug}.`,
      });
  }
  if (content.pools.length === 0) return findings;
  for (const role of ["triage", "safeguarding"]) {
    if (!roles.has(role))
      findings.push({
        at: ["people"],
        detail: `Nobody holds ${role}: the administrator does, until somebody is named.`,
      });
  }
  return findings;
}
