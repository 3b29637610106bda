import type { AdapterDeps, Check } from "../../src/contract/adapter.ts";
import { readFailure } from "./client.ts";
import { scopes } from "./manifest.ts";
import type { WebClient } from "./sdk.ts";

/** What `doctor` asks of Slack: whether the token holds, whether it was granted what the code uses, and who can read along. */
export function createChecks(core: AdapterDeps["core"], client: WebClient): () => Promise<Check[]> {
  return async () => {
    const app = await checkApp(client);
    if (app.some(({ name, ok }) => name === "slack token" && !ok)) return app;
    const places = await core.listPlaces("slack");
    const channels = new Set(
      places.map(({ address }) => address.channel).filter((one) => typeof one === "string"),
    );
    const checked = await Promise.all([...channels].map((channel) => checkChannel(client, channel)));
    return [...app, ...checked];
  };
}

async function checkApp(client: WebClient): Promise<Check[]> {
  try {
    const me = await client.auth.test();
    const granted = me.response_metadata?.scopes ?? [];
    const missing = scopes.filter((scope) => !granted.includes(scope));
    const token: Check = { name: "slack token", ok: true, detail: `valid for ${me.team ?? "a workspace"}` };
    if (missing.length === 0)
      return [token, { name: "slack scopes", ok: true, detail: "as in the manifest" }];
    const mend = "Update the app with `fingerpost slack manifest` and install it again.";
    return [token, { name: "slack scopes", ok: false, detail: `missing: ${missing.join(", ")}`, mend }];
  } catch (error) {
    const { reason } = readFailure(error);
    const mend =
      "Check SLACK_BOT_TOKEN and SLACK_API_URL; a revoked token is replaced by installing the app again.";
    return [{ name: "slack token", ok: false, detail: reason, mend }];
  }
}

/** What is wrong with a pool's channel: advisors' talk is for the department alone. */
async function checkChannel(client: WebClient, channel: string): Promise<Check> {
  const name = `slack channel ${channel}`;
  try {
    const { channel: found } = await client.conversations.info({ channel });
    const wrong = [
      found?.is_archived ? "is archived" : null,
      found?.is_private ? null : "is public",
      found?.is_ext_shared ? "is shared with another organisation" : null,
      found?.is_member === false ? "does not have the app in it" : null,
      (await hasGuests(client, channel)) ? "has guests or people of other organisations in it" : null,
    ].filter((one) => one !== null);
    if (wrong.length === 0) return { name, ok: true, detail: "private, with the app in it" };
    return {
      name,
      ok: false,
      detail: wrong.join(", "),
      mend: "Use a private channel of the pool, and invite the app.",
    };
  } catch (error) {
    const mend = "Invite the app to the channel, or mend its id in the register.";
    return { name, ok: false, detail: readFailure(error).reason, mend };
  }
}

/** Members looked at in one channel; more would take Slack's whole allowance of a minute. */
const mostMembers = 60;

async function hasGuests(client: WebClient, channel: string): Promise<boolean> {
  const { members = [] } = await client.conversations.members({ channel, limit: mostMembers });
  for (const user of members.slice(0, mostMembers)) {
    const account = (await client.users.info({ user }).catch(() => null))?.user;
    if (account?.is_restricted || account?.is_ultra_restricted || account?.is_stranger) return true;
  }
  return false;
}
