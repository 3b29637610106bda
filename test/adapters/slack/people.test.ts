import { expect, test } from "vitest";
import { DomainError } from "../../../src/contract/errors.ts";
import { createHttpCarrier } from "../../simulators/slack/people.ts";
import { createOffice } from "./office.ts";
import { poolChannel } from "./stage.ts";

const noReferral = async (): Promise<never> => {
  throw new DomainError("referral/not-found");
};

test.each([
  ["a guest", { guest: true }],
  ["a deactivated account", { deleted: true }],
  ["somebody of another workspace", { teamId: "T0000000002" }],
  ["somebody whose email Slack has not verified", { emailConfirmed: false }],
  ["somebody the register does not know", { email: "nobody@example.gov.uk" }],
])("%s is refused politely, and the core is asked for nothing", async (_who, account) => {
  const performed: unknown[] = [];
  const office = await createOffice({
    findPerson: async (by, value) =>
      by === "email" && value === "amal@example.gov.uk" ? { id: "amal.h", pools: ["uc"], roles: [] } : null,
    perform: async (...call) => {
      performed.push(call);
      return noReferral();
    },
  });
  office.slack.addPerson("U0OTHER0001", { email: "amal@example.gov.uk", ...account });
  office.slack.state.channels.get(poolChannel)?.members.add("U0OTHER0001");
  await office.slack.click("U0OTHER0001", office.card, "claim");
  await office.until(() =>
    office.slack.openViews("U0OTHER0001").some(({ view }) => !JSON.stringify(view).includes("One moment")),
  );
  expect(performed).toEqual([]);
  expect(JSON.stringify(office.slack.openViews("U0OTHER0001")[0]?.view)).toMatch(
    /cannot act|not one of an advisor/,
  );
  expect(office.slack.state.violations).toEqual([]);
  await office.close();
});

test("an advisor is known by the email that Slack has verified", async () => {
  const performed: unknown[] = [];
  const office = await createOffice({
    findPerson: async (by) => (by === "email" ? { id: "amal.h", pools: ["uc"], roles: [] } : null),
    perform: async (...call) => {
      performed.push(call);
      return noReferral();
    },
  });
  await office.slack.click("U0AMAL00001", office.card, "claim");
  await office.until(() => performed.length === 1);
  expect(performed[0]).toMatchObject([
    "FP-7K4M-2QXD",
    "claim",
    {},
    { actor: { kind: "advisor", id: "amal.h" } },
  ]);
  await office.close();
});

test("an advisor who clears for another pool acts there as a clearer, and nowhere as a stranger", async () => {
  const tried: unknown[] = [];
  const office = await createOffice({
    findPerson: async () => ({ id: "amal.h", pools: ["uc"], roles: ["clearer:cleared"] }),
    perform: async (_reference, _verb, _body, { actor }) => {
      tried.push(actor.kind);
      if (actor.kind === "advisor") return noReferral();
      return { referral: shown };
    },
  });
  await office.slack.click("U0AMAL00001", office.card, "decline");
  await office.slack.submit(await modalOf(office, "Why"), { reason: "not-ours" });
  await modalOf(office, "It has been passed on");
  expect(tried).toEqual(["advisor", "person"]);
  expect(office.slack.state.violations).toEqual([]);
  await office.close();
});

test("a click that Slack delivers four times is acknowledged four times and done once", async () => {
  const performed: unknown[] = [];
  const office = await createOffice({
    findPerson: async () => ({ id: "amal.h", pools: ["uc"], roles: [] }),
    perform: async (...call) => {
      performed.push(call);
      return noReferral();
    },
  });
  const { slack, clock, url } = office;
  const carrier = createHttpCarrier({
    state: slack.state,
    url: () => url,
    signingSecret: slack.signingSecret,
    now: () => clock.now(),
  });
  const payload = slack.clickPayload("U0AMAL00001", office.card, "claim");
  const answers = await Promise.all([0, 1, 2, 3].map(() => carrier.carry("interactive", payload)));
  expect(answers).toEqual([{}, {}, {}, {}]);
  await office.until(() => slack.state.ephemerals.length > 0);
  expect(performed.length).toBe(1);
  await office.close();
});

const advisor = async () => ({ id: "amal.h", pools: ["uc"], roles: [] });
type Office = Awaited<ReturnType<typeof createOffice>>;

async function modalOf(office: Office, says: string) {
  const find = () =>
    office.slack.openViews("U0AMAL00001").find(({ view }) => JSON.stringify(view).includes(says));
  await office.until(find);
  const found = find();
  if (!found) throw new Error("There is no such modal.");
  return found;
}

test("the first claim shows the guidance, and acknowledging it makes the claim", async () => {
  const acknowledged: string[] = [];
  const office = await createOffice({
    findPerson: advisor,
    guidance: async () => ({ version: "2026-01-05", text: "Never discuss a person's own case." }),
    acknowledgeGuidance: async (id, version) => void acknowledged.push(`${id} ${version}`),
    perform: async () => {
      if (acknowledged.length === 0) throw new DomainError("advisor/guidance-not-acknowledged");
      return noReferral();
    },
  });
  await office.slack.click("U0AMAL00001", office.card, "claim");
  const guidance = await modalOf(office, "Never discuss");
  await office.slack.submit(guidance);
  await office.until(() => office.slack.state.ephemerals.length > 0);
  expect(acknowledged).toEqual(["amal.h 2026-01-05"]);
  expect(office.slack.state.violations).toEqual([]);
  await office.close();
});

test("a reply that needs clearance is kept whole and goes to a second person", async () => {
  const performed: unknown[][] = [];
  const office = await createOffice({
    findPerson: advisor,
    checkReply: async () => [{ code: "hard-to-read", says: "Split the sentences.", stops: false }],
    viewReferral: async () => ({ ...shown }),
    perform: async (...call) => {
      performed.push(call.slice(1, 3));
      if (call[1] === "reply") throw new DomainError("reply/clearance-needed");
      return { referral: shown };
    },
  });
  const text = `${"A long reply <!channel> 👩‍👩‍👧‍👦. ".repeat(100)}`.slice(0, 2_900).trim();
  const card = office.slack.messagesIn(poolChannel)[0];
  if (card)
    card.blocks = [
      { type: "actions", elements: [{ type: "button", action_id: "reply", value: shown.reference }] },
    ];
  await office.slack.click("U0AMAL00001", office.card, "reply");
  await office.slack.submit(await modalOf(office, "Your reply"), { text });
  const preview = await modalOf(office, "Split the sentences.");
  expect(performed).toEqual([]);
  await office.slack.submit(preview);
  await office.slack.submit(await modalOf(office, "cleared by a second person"));
  await office.until(() => performed.length === 2);
  expect(performed).toEqual([
    ["reply", { text }],
    ["draft", { text }],
  ]);
  expect(office.slack.state.violations).toEqual([]);
  await office.close();
});

const shown = {
  reference: "FP-7K4M-2QXD",
  state: "claimed",
  version: 2,
  forum: { slug: "parents", name: "Example parents' forum" },
  pool: { slug: "uc", name: "Universal Credit specialists" },
  externalId: null,
  routing: { rule: 1, because: "", guessed: false },
  next: { owner: "advisor", clock: null, dueAt: null },
  replies: [],
  outcome: null,
  history: [],
  masked: [],
  links: {},
};
