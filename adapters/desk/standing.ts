import type { Actor } from "../../src/contract/actor.ts";
import type { CoreApi, ReferralView } from "../../src/contract/core-api.ts";
import { DomainError } from "../../src/contract/errors.ts";
import type { Role } from "../../src/contract/vocabulary.ts";
import type { Visitor } from "../../src/contract/web.ts";
import { type Action, actionsFor } from "./actions.ts";

/** What somebody signed in is for one referral: as an advisor, as a person with a duty, as an administrator. */
export interface Standing {
  actor: Actor;
  roles: ReadonlySet<Role>;
}

const atDesk: readonly Actor["kind"][] = ["advisor", "person", "admin"];

/** The actors of somebody that have business at the desk; the least powerful first. */
export const actorsAtDesk = ({ actors }: Pick<Visitor, "actors">): Actor[] =>
  actors.filter(({ kind }) => atDesk.includes(kind));

/** Every way in which somebody may see a referral; `referral/not-found` where there is none. */
export async function standingsOn(core: CoreApi, visitor: Visitor, reference: string): Promise<Standing[]> {
  const found = await Promise.all(
    actorsAtDesk(visitor).map(async (actor): Promise<Standing[]> => {
      try {
        return [{ actor, roles: new Set(await core.rolesOn(reference, actor)) }];
      } catch (error) {
        if (error instanceof DomainError && error.code === "referral/not-found") return [];
        throw error;
      }
    }),
  );
  const standings = found.flat();
  if (standings.length === 0) throw new DomainError("referral/not-found");
  return standings;
}

export interface Possible {
  action: Action;
  /** As whom it is done. */
  actor: Actor;
}

/** What somebody may do with a referral as it stands, each once, and as which of their actors. */
export function possibleFor(view: ReferralView, standings: readonly Standing[]): Possible[] {
  const possible = new Map<string, Possible>();
  for (const { actor, roles } of standings)
    for (const action of actionsFor(view, roles))
      if (!possible.has(action.id)) possible.set(action.id, { action, actor });
  return [...possible.values()];
}
