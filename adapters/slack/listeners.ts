import type { AdapterDeps } from "../../src/contract/adapter.ts";
import { sections } from "./blocks.ts";
import { acknowledge, claim } from "./claims.ts";
import { checkReply, openForm, sendReply, submitForm } from "./deeds.ts";
import { createDesk, type Deed, type Desk } from "./desk.ts";
import { referShortcut, slashCommands } from "./manifest.ts";
import { pressed, submitWriting } from "./members.ts";
import { createPeople } from "./people.ts";
import { openRefer, submitRefer } from "./refer.ts";
import type { App, WebClient } from "./sdk.ts";
import { answerCommand, workBlocks } from "./slash.ts";
import { home, readMeta, readValues, working } from "./view-parts.ts";

const seenMost = 20_000;

/** Whether an event is new to this instance. Another instance is told apart by the core, by the event's id. */
function createSeen(): (id: string) => boolean {
  const seen = new Set<string>();
  return (id) => {
    if (seen.has(id)) return false;
    if (seen.size >= seenMost) seen.clear();
    seen.add(id);
    return true;
  };
}

const known = "claim|decline|reply|ask|release|transfer|resolve|review|show|member:[a-z_]+";
const buttons = new RegExp(`^(?:${known})$`);
const others = new RegExp(`^(?!(?:${known})$)`);

const otherCommands = new RegExp(`^(?!(?:${slashCommands.map(({ command }) => command).join("|")})$)`);
const otherShortcuts = new RegExp(`^(?!${referShortcut.callback_id}$)`);

type BoltApp = InstanceType<typeof App>;

interface Ears {
  desk: Desk;
  isNew(id: string): boolean;
}

/**
 * Every click, modal and command the app hears. Each is acknowledged first. There is no listener for messages, so that
 * nothing said in a thread can go anywhere.
 */
export function createListeners({ deps, client }: { deps: AdapterDeps; client: WebClient }) {
  let team: Promise<string> | null = null;
  const teamOf = (): Promise<string> => {
    team ??= client.auth.test().then(
      (me) => me.team_id ?? "",
      (error: unknown) => {
        team = null;
        throw error;
      },
    );
    return team;
  };
  const desk = createDesk(deps, client, createPeople(deps, client, teamOf));
  const ears: Ears = { desk, isNew: createSeen() };
  return (app: BoltApp): void => {
    hearClicks(app, ears);
    hearViews(app, ears);
    hearCommands(app, ears);
    hearHome(app, ears);
    hearTheRest(app);
  };
}

function hearClicks(app: BoltApp, { desk, isNew }: Ears): void {
  app.action({ type: "block_actions", action_id: buttons }, async ({ ack, body, action }) => {
    await ack();
    if (!("value" in action) || typeof action.value !== "string" || !isNew(body.trigger_id)) return;
    const deed: Deed = {
      user: body.user.id,
      channel: body.channel?.id ?? null,
      reference: action.value,
      trigger: body.trigger_id,
      event: body.trigger_id,
    };
    if (action.action_id === "claim") await claim(desk, deed);
    else if (action.action_id.startsWith("member:"))
      await pressed(desk, deed, action.action_id.slice("member:".length));
    else await openForm(desk, deed, action.action_id);
  });

  const refer = { type: "message_action", callback_id: referShortcut.callback_id } as const;
  app.shortcut(refer, async ({ ack, shortcut }) => {
    await ack();
    if (shortcut.type !== "message_action" || !isNew(shortcut.trigger_id)) return;
    const { trigger_id: trigger, user, channel, message } = shortcut;
    const { ts, thread_ts: root } = message;
    if (ts === undefined) return;
    const deed = { user: user.id, channel: channel.id, reference: "", trigger, event: trigger };
    const rootTs = typeof root === "string" ? root : ts;
    await openRefer(desk, deed, { text: message.text ?? "", post: { channel: channel.id, ts, rootTs } });
  });
}

function hearViews(app: BoltApp, { desk, isNew }: Ears): void {
  app.view({ type: "view_submission", callback_id: /^form:/ }, async ({ ack, body, view }) => {
    if (body.type !== "view_submission") return;
    const meta = readMeta(view.private_metadata);
    const values = readValues(view.state.values);
    const typed = [values.text, values.excerpt, values.note].filter((text) => text !== undefined);
    await ack({ response_action: "update", view: working(view.title.text, meta, typed) });
    if (!isNew(body.trigger_id)) return;
    const { reference, channel, form } = meta;
    const event = body.trigger_id;
    const deed: Deed = { user: body.user.id, channel, reference, trigger: event, event };
    if (form === "refer") await submitRefer(desk, deed, meta, view.id, values);
    else if (form.startsWith("member-")) await submitWriting(desk, deed, meta, view.id, values);
    else if (form === "guidance") await acknowledge(desk, deed, meta, view.id);
    else if (form === "reply") await checkReply(desk, deed, meta, view.id, values);
    else if (form === "send" || form === "approved") await sendReply(desk, deed, meta, view.id);
    else await submitForm(desk, deed, meta, view.id, values);
  });
}

function hearCommands(app: BoltApp, { desk, isNew }: Ears): void {
  for (const { command } of slashCommands) {
    app.command(command, async ({ ack, body, respond }) => {
      await ack();
      const { user_id: user, channel_id: channel, trigger_id: trigger } = body;
      const text = body.text ?? "";
      if (!isNew(trigger)) return;
      if (command === "/refer") {
        await openRefer(desk, { user, channel, reference: "", trigger, event: trigger }, { text });
        return;
      }
      const blocks = await answerCommand(desk, { command, text, user });
      await respond({ response_type: "ephemeral", text: "Referrals", blocks: blocks.slice(0, 50) });
    });
  }
}

function hearHome(app: BoltApp, { desk, isNew }: Ears): void {
  app.event("app_home_opened", async ({ event, body }) => {
    if (event.tab !== "home" || !isNew(body.event_id)) return;
    const found = await desk.people.find(event.user);
    const blocks = found.ok ? await workBlocks(desk.deps, found.colleague) : sections(found.says);
    await desk.client.views.publish({ user_id: event.user, view: home(blocks) });
  });
}

/** What nobody listens for is acknowledged all the same, so that Slack shows no fault for it. */
function hearTheRest(app: BoltApp): void {
  app.command(otherCommands, async ({ ack }) => ack("This command is not one of Fingerpost's."));
  app.shortcut({ callback_id: otherShortcuts }, async ({ ack }) => ack());
  app.action({ type: "block_actions", action_id: others }, async ({ ack }) => ack());
  app.view({ callback_id: /.*/, type: "view_closed" }, async ({ ack }) => ack());
}
