import { expect, test } from "vitest";
import { clientOptions, createClient } from "../../../adapters/slack/client.ts";
import type { Memory } from "../../../src/contract/adapter.ts";
import type { CoreApi } from "../../../src/contract/core-api.ts";
import { createOffice } from "./office.ts";
import { poolChannel } from "./stage.ts";

const amal = "U0AMAL00001";
const reference = "FP-7K4M-2QXD";
/** Longer than Slack waits for an acknowledgement, and than a trigger lives. */
const slowMs = 4_000;

/**
 * An office whose every call of the core or the memory takes four seconds of Slack's own clock, which nothing else moves:
 * whatever is asked before an acknowledgement or before a modal is open makes it too late, on a fast machine and on a slow
 * one alike.
 */
async function createSlowOffice() {
  let elapsed = 0;
  const asked: string[] = [];
  const slow = (what: string) => async (): Promise<never> => {
    asked.push(what);
    elapsed += slowMs;
    throw new Error("The database is away.");
  };
  const verbs = [
    "submitReferral",
    "reportEvent",
    "perform",
    "checkReply",
    "viewReferral",
    "listReferrals",
    "suggestTopics",
    "stats",
    "findForum",
    "findPool",
    "findPerson",
    "listPlaces",
    "acknowledgeGuidance",
    "guidance",
  ] as const satisfies (keyof CoreApi)[];
  const core: Partial<CoreApi> = {
    ...Object.fromEntries(verbs.map((verb) => [verb, slow(verb)])),
    choicesAtHand: () => ({
      likely: [{ code: "universal-credit", title: "Universal Credit" }],
      topics: [
        { code: "vaccination", title: "Vaccinations" },
        { code: "universal-credit", title: "Universal Credit" },
      ],
      pools: [{ slug: "uc", name: "Universal Credit specialists", department: "DWP" }],
    }),
  };
  const memory: Memory = { get: slow("memory"), set: slow("memory"), lease: slow("memory") };
  const office = await createOffice(core, { memory, elapsedMs: () => elapsed });
  return { ...office, asked };
}

/** A card with one button, as another state of the referral would show it. */
function offerButton(office: Awaited<ReturnType<typeof createSlowOffice>>, action: string) {
  const card = office.slack.messagesIn(poolChannel)[0];
  if (card)
    card.blocks = [{ type: "actions", elements: [{ type: "button", action_id: action, value: reference }] }];
}

const modalsOf = (office: { slack: { state: { views: Map<string, unknown> } } }) =>
  office.slack.state.views.size;

test.each([
  "claim",
  "decline",
  "reply",
  "ask",
  "release",
  "transfer",
  "resolve",
  "review",
  "show",
  "member:answer",
  "member:again",
])("%s opens its modal before anything is asked of the database", async (action) => {
  const office = await createSlowOffice();
  offerButton(office, action);
  await office.slack.click(amal, office.card, action);
  await office.until(() => modalsOf(office) === 1);
  expect(office.slack.state.violations).toEqual([]);
  await office.close();
});

test.each([
  [
    "the message shortcut",
    (office: Awaited<ReturnType<typeof createSlowOffice>>) =>
      office.slack.shortcut(amal, "refer", poolChannel, office.card.ts),
  ],
  [
    "/refer",
    (office: Awaited<ReturnType<typeof createSlowOffice>>) =>
      office.slack.command(amal, "/refer", "My work coach does not answer", poolChannel),
  ],
])(
  "%s opens its modal, with the likeliest topics first, before anything is asked of the database",
  async (_way, refer) => {
    const office = await createSlowOffice();
    await refer(office);
    await office.until(() => modalsOf(office) === 1);
    expect(office.asked).toEqual([]);
    const shown = JSON.stringify(office.slack.openViews(amal)[0]?.view);
    expect(shown.indexOf("Likeliest")).toBeGreaterThan(0);
    expect(shown.indexOf('"universal-credit"')).toBeLessThan(shown.indexOf('"vaccination"'));
    expect(office.slack.state.violations).toEqual([]);
    await office.close();
  },
);

test("a mutant that looks the person up first is seen to be too late", async () => {
  const office = await createSlowOffice();
  const { findPerson } = office.deps.core;
  const click = office.slack.clickPayload(amal, office.card, "claim");
  await findPerson("slackUserId", amal).catch(() => null);
  const { settings, logger } = office.deps;
  const client = createClient(settings.botToken ?? "", clientOptions(settings, logger));
  const opened = client.views.open({
    trigger_id: String(click.trigger_id),
    view: { type: "modal", title: { type: "plain_text", text: "Late" }, blocks: [] },
  });
  await expect(opened).rejects.toThrow("expired_trigger_id");
  expect(office.slack.state.violations).toEqual(["views.open: later than 3 s"]);
  await office.close();
});

test("clicks are all acknowledged while the database answers none of them", async () => {
  const many = 25;
  let release = () => {};
  const away = new Promise<void>((resolve) => {
    release = resolve;
  });
  let answered = 0;
  const findPerson = async () => {
    await away;
    answered += 1;
    return null;
  };
  const office = await createOffice({ findPerson }, { elapsedMs: () => 0 });
  const acknowledgements = Array.from({ length: many }, () => office.slack.click(amal, office.card, "claim"));
  expect(await Promise.all(acknowledgements)).toEqual(Array.from({ length: many }, () => ({})));
  await office.until(() => modalsOf(office) === many);
  expect(answered).toBe(0);
  release();
  await office.until(() => answered >= many);
  expect(office.slack.state.violations).toEqual([]);
  await office.close();
});
