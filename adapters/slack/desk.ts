import type { AdapterDeps } from "../../src/contract/adapter.ts";
import type { Inbound } from "../../src/contract/core-api.ts";
import { sections } from "./blocks.ts";
import { createForums, type Forums } from "./forums.ts";
import type { Colleague, People } from "./people.ts";
import type { Block, ModalView, WebClient } from "./sdk.ts";

/** One thing somebody did: who, where, on which referral. `event` is the same at every delivery of it. */
export interface Deed {
  user: string;
  channel: string | null;
  reference: string;
  trigger: string;
  event: string;
}

/** What the handlers of clicks and modals share. */
export interface Desk {
  deps: AdapterDeps;
  client: WebClient;
  people: People;
  forums: Forums;
  /** Advisors known here to have acknowledged the guidance: for them a claim needs no modal. */
  acquainted: Set<string>;
  open(deed: Deed, view: ModalView): Promise<string | null>;
  update(viewId: string | null, view: ModalView): Promise<boolean>;
  tell(deed: Pick<Deed, "user" | "channel">, blocks: Block[]): Promise<void>;
}

export const from = ({ actor }: Pick<Colleague, "actor">, deed: Pick<Deed, "event">): Inbound => ({
  actor,
  eventId: `slack:${deed.event}`,
});

/** Ways back to the person: a modal, or a message only they see. A way that fails is no fault of what was done. */
export function createDesk(deps: AdapterDeps, client: WebClient, people: People): Desk {
  const failed = (what: string) => (): null => {
    deps.logger.warn("Slack did not take an answer to a click.", { adapter: "slack", event: what });
    return null;
  };
  return {
    deps,
    client,
    people,
    forums: createForums(deps, people),
    acquainted: new Set(),
    async open(deed, view) {
      const opened = await client.views.open({ trigger_id: deed.trigger, view }).catch(failed("views.open"));
      return opened?.view?.id ?? null;
    },
    async update(viewId, view) {
      if (viewId === null) return false;
      return (await client.views.update({ view_id: viewId, view }).catch(failed("views.update"))) !== null;
    },
    async tell({ user, channel }, blocks) {
      if (channel === null) return;
      const text = "An answer to what you did.";
      await client.chat.postEphemeral({ channel, user, text, blocks }).catch(failed("chat.postEphemeral"));
    },
  };
}

/** The colleague who did it, or null after telling them why they may not. */
export async function recognise(
  desk: Desk,
  deed: Deed,
  viewId: string | null,
  refuse: (says: Block[]) => ModalView,
) {
  const known = await desk.people.find(deed.user);
  if (known.ok) return known.colleague;
  const says = sections(known.says);
  if (!(await desk.update(viewId, refuse(says)))) await desk.tell(deed, says);
  return null;
}
