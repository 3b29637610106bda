import { DomainError } from "../../src/contract/errors.ts";
import { line, sections } from "./blocks.ts";
import { type Deed, type Desk, from, recognise } from "./desk.ts";
import type { Colleague } from "./people.ts";
import { explain } from "./refusals.ts";
import type { Block } from "./sdk.ts";
import { type Meta, modal, working } from "./view-parts.ts";

const title = "Claim";
const metaOf = (deed: Deed): Meta => ({ reference: deed.reference, channel: deed.channel, form: "guidance" });

/**
 * Claims a referral. Somebody we do not know yet to have read the guidance gets a modal at once, before anything is asked
 * of the database, so that there is a place to show it in.
 */
export async function claim(desk: Desk, deed: Deed): Promise<void> {
  const meta = metaOf(deed);
  const viewId = desk.acquainted.has(deed.user) ? null : await desk.open(deed, working(title, meta));
  const colleague = await recognise(desk, deed, viewId, (says) => modal(title, meta, says));
  if (colleague) await tryClaim(desk, deed, colleague, viewId);
}

async function tryClaim(desk: Desk, deed: Deed, colleague: Colleague, viewId: string | null): Promise<void> {
  const meta = metaOf(deed);
  const say = async (blocks: Block[]) => {
    await desk.update(viewId, modal(title, meta, blocks));
    await desk.tell(deed, blocks);
  };
  try {
    await desk.deps.core.perform(deed.reference, "claim", {}, from(colleague, deed));
    desk.acquainted.add(deed.user);
    await say([
      line(`${deed.reference} is yours. Its thread is private: nothing written there leaves Slack.`),
    ]);
  } catch (error) {
    if (error instanceof DomainError && error.code === "advisor/guidance-not-acknowledged") {
      desk.acquainted.delete(deed.user);
      const { text, version } = await desk.deps.core.guidance();
      const asked = modal(
        "Before your first claim",
        { ...meta, draft: version },
        sections(text),
        "I have read it",
      );
      if (await desk.update(viewId, asked)) return;
      await desk.tell(deed, [line("Please acknowledge the guidance first: press Claim once more.")]);
      return;
    }
    await say(explain(error, deed.reference));
  }
}

/** Keeps that the guidance was read, and makes the claim that waited for it. */
export async function acknowledge(desk: Desk, deed: Deed, meta: Meta, viewId: string): Promise<void> {
  const colleague = await recognise(desk, deed, viewId, (says) => modal(title, meta, says));
  if (!colleague) return;
  try {
    await desk.deps.core.acknowledgeGuidance(colleague.id, meta.draft);
  } catch (error) {
    await desk.update(viewId, modal(title, meta, explain(error, deed.reference)));
    return;
  }
  await tryClaim(desk, deed, colleague, viewId);
}
