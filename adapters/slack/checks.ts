import type { Check } from "../../src/contract/adapter.ts";
import { readFailure } from "./client.ts";
import { scopes } from "./manifest.ts";
import type { WebClient } from "./sdk.ts";

/** What `doctor` asks of Slack: whether the token holds, and whether it was granted what the code uses. */
export function createChecks(client: WebClient): () => Promise<Check[]> {
  return async () => {
    try {
      const me = await client.auth.test();
      const granted = me.response_metadata?.scopes ?? [];
      const missing = scopes.filter((scope) => !granted.includes(scope));
      const token: Check = { name: "slack token", ok: true, detail: `holds for ${me.team ?? "a workspace"}` };
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
  };
}

/** What is wrong with a pool's channel: advisors' talk is for the department alone. */
export async function checkChannel(client: WebClient, channel: string): Promise<Check> {
  const name = `slack channel ${channel}`;
  try {
    const { channel: found } = await client.conversations.info({ channel });
    const wrong = [
      found?.is_archived ? "is archived" : null,
      found?.is_private ? null : "is public",
      found?.is_ext_shared ? "is shared with another organisation" : null,
      found?.is_member === false ? "does not have the app in it" : null,
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
