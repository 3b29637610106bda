import type { Configuration } from "openid-client";
import { z } from "zod";
import { DomainError } from "../contract/errors.ts";
import type { Deps } from "../deps.ts";
import { scopesOfEmail } from "./actors-of.ts";
import { type BegunSession, beginSession } from "./sessions.ts";

export interface OidcSettings {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** An identity provider without TLS, for tests. */
  allowPlainHttp: boolean;
}

/** What a sign-in under way has to remember until the provider sends the browser back. */
const Flow = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  next: z.string(),
  until: z.number(),
});

/** How long somebody may take at the identity provider. */
export const flowSeconds = 600;

export interface Oidc {
  /** Where to send the browser, and what it keeps until it comes back, sealed. */
  begin(next: string): Promise<{ url: string; flow: string }>;
  /** Signs in whoever comes back. Refuses what does not belong together (`access/oidc-refused`) and strangers (`access/stranger`). */
  finish(back: URL, flow: string | undefined): Promise<BegunSession & { next: string }>;
}

/** Loaded with the first sign-in: most instances have no identity provider. */
const loadClient = () => import("openid-client");

type OidcDeps = Pick<Deps, "now" | "register" | "transaction" | "keyring" | "baseUrl">;

/**
 * Sign-in at the department's identity provider: authorization code with PKCE, state and nonce (OpenID Connect Core 1.0,
 * 3.1). Somebody is who the register names by the email address that the provider says it has verified; an address that
 * is not verified is nobody's.
 */
export function createOidc(deps: OidcDeps, settings: OidcSettings): Oidc {
  let known: Promise<Configuration> | null = null;
  const configuration = (): Promise<Configuration> => {
    known ??= discover(settings).catch((error: unknown) => {
      known = null;
      throw new DomainError("service/unavailable", {
        detail: "The identity provider does not answer.",
        cause: error,
      });
    });
    return known;
  };
  const redirectUri = () => `${deps.baseUrl}/sign-in/callback`;

  return {
    async begin(next) {
      const config = await configuration();
      const client = await loadClient();
      const verifier = client.randomPKCECodeVerifier();
      const [state, nonce] = [client.randomState(), client.randomNonce()];
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri(),
        scope: "openid email",
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
        state,
        nonce,
      });
      const until = deps.now().getTime() + flowSeconds * 1000;
      const kept = JSON.stringify({ state, nonce, verifier, next, until });
      return { url: url.href, flow: Buffer.from(deps.keyring.sealSecret(kept)).toString("base64url") };
    },

    async finish(back, flow) {
      const { state, nonce, verifier, next, until } = openFlow(deps, flow);
      if (until <= deps.now().getTime()) throw new DomainError("access/oidc-refused");
      const config = await configuration();
      const current = new URL(redirectUri());
      current.search = back.search;
      const email = await verifiedEmail(config, current, { state, nonce, verifier });
      return deps.transaction(async (tx) => {
        const scopes = email === null ? [] : scopesOfEmail(await deps.register(tx), email);
        if (scopes.length === 0) throw new DomainError("access/stranger");
        return { ...(await beginSession(deps, tx, { scopes, method: "oidc" })), next };
      });
    },
  };
}

async function discover(settings: OidcSettings): Promise<Configuration> {
  const { issuer, clientId, clientSecret, allowPlainHttp } = settings;
  const { allowInsecureRequests, discovery } = await loadClient();
  return discovery(new URL(issuer), clientId, clientSecret, undefined, {
    ...(allowPlainHttp ? { execute: [allowInsecureRequests] } : {}),
  });
}

function openFlow(deps: Pick<Deps, "keyring">, flow: string | undefined): z.infer<typeof Flow> {
  try {
    const opened = deps.keyring.openSecret(new Uint8Array(Buffer.from(flow ?? "", "base64url")));
    return Flow.parse(JSON.parse(opened));
  } catch (error) {
    throw new DomainError("access/oidc-refused", { cause: error });
  }
}

const Claims = z.object({ email: z.string().optional(), email_verified: z.boolean().optional() });

/** The address that the provider has verified, from the token or, where the token leaves it out, from its user info. */
async function verifiedEmail(
  config: Configuration,
  current: URL,
  { state, nonce, verifier }: { state: string; nonce: string; verifier: string },
): Promise<string | null> {
  try {
    const { authorizationCodeGrant, fetchUserInfo } = await loadClient();
    const tokens = await authorizationCodeGrant(config, current, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: verifier,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    const told = Claims.parse(claims ?? {});
    const { email, email_verified: isVerified } =
      told.email === undefined && claims !== undefined
        ? Claims.parse(await fetchUserInfo(config, tokens.access_token, claims.sub))
        : told;
    return email !== undefined && isVerified === true ? email : null;
  } catch (error) {
    throw new DomainError("access/oidc-refused", { cause: error });
  }
}
