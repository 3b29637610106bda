import { createKey, issueSignInLink, listKeys, type SignInLink } from "./access/index.ts";
import type { Deps } from "./deps.ts";
import { lockRegister } from "./register/index.ts";

/** Whether no administrator's key was ever made, revoked ones included. */
export async function isWithoutAdmin(deps: Deps): Promise<boolean> {
  const keys = await listKeys(deps);
  return !keys.some(({ scopes }) => scopes.includes("admin"));
}

/** What lets an administrator in, for programs and for a browser. */
export interface FirstKey {
  key: string;
  link: SignInLink;
}

/**
 * Makes an administrator's key, and a link to sign in, where there has never been one, and answers them; null otherwise.
 * Servers that start at once make one between them.
 */
export async function makeFirstKey(deps: Deps): Promise<FirstKey | null> {
  return deps.transaction(async (tx) => {
    await lockRegister(tx);
    if (!(await isWithoutAdmin({ ...deps, db: tx }))) return null;
    const body = { name: "Made on the first start", scopes: ["admin"] };
    const { key } = await createKey(deps, tx, body, { kind: "admin", keyId: "first-start" });
    return { key, link: await issueSignInLink(deps, tx, { scopes: ["admin"] }) };
  });
}

/** How to get in, for the terminal of whoever started the server. */
export function howToGetIn({ key, link }: FirstKey, address: string): string {
  return [
    "",
    "  This is the first start, so here is an administrator's key. It is shown this one time:",
    "",
    `    ${key}`,
    "",
    "  Try it:",
    "",
    `    curl -H "Authorization: Bearer ${key}" ${address}/v1/register`,
    "",
    "  In a browser, open this link; it signs you in once, within 24 hours:",
    "",
    `    ${link.url}`,
    "",
    "  docs/getting-started.md goes on from here. Another key: npx fingerpost key create --scope admin",
    "",
    "",
  ].join("\n");
}

/** The same in production, where no key is made unasked. */
export const howToMakeAKey = [
  "",
  "  There is no administrator's key yet. Make one on this machine, with the environment of this server:",
  "",
  "    npx fingerpost key create --name NAME --scope admin",
  "",
  "",
].join("\n");
