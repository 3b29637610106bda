import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { endSession, flowSeconds, isSignInLinkGood, mailSignInLink, signInByLink } from "../access/index.ts";
import { DomainError } from "../contract/errors.ts";
import type { Visitor } from "../contract/web.ts";
import type { Api } from "../http/api.ts";
import { refuseOtherSites, visitorBehind } from "../http/auth.ts";
import { clearFlow, clearSession, flowOf, sessionTokenOf, setFlow, setSession } from "../http/cookies.ts";
import { statusOf } from "../http/problems.ts";
import type { WebDeps } from "./deps.ts";
import { field } from "./forms.ts";
import { keepPrivate, publicPage } from "./pages.ts";
import { addressIn, readPath, type Site } from "./site.ts";
import { pagesOf, renderFor, visitorOf } from "./tools.ts";

const signedIn = { access: "session" } as const;
const Token = z.object({ token: z.string() });
const Asked = z.object({ email: field, next: field });
const looksLikeEmail = /^[^\s@]{1,200}@[^\s@]{1,200}$/;

/** Pages that a sign-in may lead to: ours, and never another site's. */
const ownPage = /^(\/cy)?\/(desk|operator|engagement|dashboard|admin)([/?][\x21-\x7e]*)?$/;
const safe = (next: string): string => (ownPage.test(next) && next.length <= 300 ? next : "");

type SignInDeps = Pick<
  WebDeps,
  "session" | "mailer" | "oidc" | "now" | "db" | "transaction" | "register" | "baseUrl" | "logger"
>;

/** `/sign-in`: a link by mail or the identity provider; the link itself; signing out; and where somebody may go. */
export function signInRoutes(api: Api, deps: SignInDeps, site: Site): void {
  for (const language of ["en", "cy"] as const) {
    const base = addressIn(language, "/sign-in");

    api.get(base, publicPage, async (request, reply) => {
      const { next, sent } = z.object({ next: field, sent: field }).parse(request.query);
      request.visitor = await visitorBehind(deps, request);
      keepPrivate(reply, "same-origin");
      if (request.visitor !== null)
        return reply.send(renderFor(request, "sign-in-done.njk", { hasNoTwin: false }));
      return reply.send(askPage(deps, site, request, { next: safe(next), isSent: sent === "1" }));
    });

    api.post(
      base,
      { config: publicPage.config, schema: { hide: true, body: Asked } },
      async (request, reply) => {
        refuseOtherSites(request);
        const { email, next } = request.body;
        keepPrivate(reply, "same-origin");
        if (!looksLikeEmail.test(email.trim()))
          return reply
            .code(422)
            .send(askPage(deps, site, request, { next: safe(next), isSent: false, email, hasErrors: true }));
        await mailSignInLink({ ...deps, send: quietly(deps) }, { email, language });
        return reply.redirect(`${base}?sent=1`, 303);
      },
    );

    api.get(
      `${base}/:token`,
      { config: publicPage.config, schema: { hide: true, params: Token } },
      async (request, reply) => {
        keepPrivate(reply, "same-origin");
        const { token } = request.params;
        const isGood = await isSignInLinkGood(deps, token);
        return reply.code(isGood ? 200 : 404).send(linkPage(site, request, isGood ? token : null));
      },
    );

    // A link is used up by a button, because programs that look at mail open every link in it.
    api.post(
      `${base}/:token`,
      { config: publicPage.config, schema: { hide: true, params: Token } },
      async (request, reply) => {
        refuseOtherSites(request);
        keepPrivate(reply, "same-origin");
        try {
          const { token } = await signInByLink(deps, request.params.token);
          return await welcome(deps, request, reply, token, "");
        } catch (error) {
          if (!(error instanceof DomainError) || error.code !== "access/link-invalid") throw error;
          return reply.code(statusOf[error.code]).send(linkPage(site, request, null));
        }
      },
    );

    api.post(
      addressIn(language, "/sign-out"),
      { config: signedIn, schema: { hide: true } },
      async (request, reply) => {
        await endSession(deps, visitorOf(request));
        clearSession(reply, deps.baseUrl);
        return reply.redirect(`${base}?sent=`, 303);
      },
    );
  }
  providerRoutes(api, deps, site);
}

/** The way through the identity provider; a plain link begins it, because forms lead to no other site. */
function providerRoutes(api: Api, deps: SignInDeps, site: Site): void {
  const { oidc } = deps;
  api.get("/sign-in/provider", publicPage, async (request, reply) => {
    if (oidc === null) return reply.callNotFound();
    const { next } = z.object({ next: field }).parse(request.query);
    const { url, flow } = await oidc.begin(safe(next));
    setFlow(reply, deps.baseUrl, flow, flowSeconds);
    return keepPrivate(reply, "same-origin").redirect(url, 303);
  });

  api.get("/sign-in/callback", publicPage, async (request, reply) => {
    if (oidc === null) return reply.callNotFound();
    keepPrivate(reply, "same-origin");
    clearFlow(reply, deps.baseUrl);
    try {
      const back = new URL(request.url, deps.baseUrl);
      const { token, next } = await oidc.finish(back, flowOf(request));
      return await welcome(deps, request, reply, token, next);
    } catch (error) {
      if (!(error instanceof DomainError) || !/^access\//.test(error.code)) throw error;
      const problem = error.code === "access/stranger" ? "stranger" : "refused";
      const page = askPage(deps, site, request, { next: "", isSent: false, problem });
      return reply.code(403).send(page);
    }
  });
}

/** A mail server that does not answer is no reason to tell a stranger that the address is known. */
const quietly =
  ({ mailer, logger }: SignInDeps) =>
  async (mail: Parameters<typeof mailer.send>[0]): Promise<void> => {
    await mailer.send(mail).catch((error: unknown) => {
      logger.error("a link to sign in could not be mailed", {}, error);
    });
  };

/** Puts the session into the browser, ends the one it had, and leads to where somebody wanted to go. */
async function welcome(
  deps: SignInDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  token: string,
  next: string,
): Promise<FastifyReply> {
  const before = sessionTokenOf(request, deps.baseUrl);
  const former: Visitor | null = before === undefined ? null : await deps.session(before);
  if (former !== null) await endSession(deps, former);
  setSession(reply, deps.baseUrl, token);
  const visitor = await deps.session(token);
  const [first] = visitor === null ? [] : pagesOf(visitor);
  const { language } = readPath(request.url);
  return reply.redirect(safe(next) || addressIn(language, first?.path ?? "/sign-in"), 303);
}

interface Asking {
  next: string;
  isSent: boolean;
  email?: string;
  hasErrors?: boolean;
  problem?: "stranger" | "refused";
}

const frameOf = (request: FastifyRequest) => ({ ...readPath(request.url), isPrivate: true });

const askPage = (deps: SignInDeps, site: Site, request: FastifyRequest, asking: Asking): string => {
  const frame = frameOf(request);
  // The provider's way back has no form of its own.
  const path = frame.path === "/sign-in/callback" ? "/sign-in" : frame.path;
  return site.render("sign-in.njk", { ...frame, path }, { ...asking, hasProvider: deps.oidc !== null });
};

const linkPage = (site: Site, request: FastifyRequest, token: string | null): string =>
  site.render("sign-in-link.njk", frameOf(request), { token });
