import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Api } from "../http/api.ts";
import { adminRoutes } from "./admin-routes.ts";
import { assetRoutes } from "./assets.ts";
import { clinicPages } from "./clinic-routes.ts";
import { dashboardRoutes } from "./dashboard-routes.ts";
import { dataPages } from "./data-routes.ts";
import { decidePages } from "./decide-routes.ts";
import { departmentPages } from "./department-routes.ts";
import type { WebDeps } from "./deps.ts";
import { directoryRoutes } from "./directory-routes.ts";
import { engagementRoutes } from "./engagement-routes.ts";
import { takeForms } from "./forms.ts";
import { memberRoutes } from "./member-routes.ts";
import { operatorRoutes } from "./operator-routes.ts";
import { aWhile, publicPage, sendPage } from "./pages.ts";
import { planPages } from "./plan-routes.ts";
import { proposalPages } from "./proposal-routes.ts";
import { questionPages } from "./question-routes.ts";
import { reportPages } from "./report-routes.ts";
import { securityText } from "./security-text.ts";
import { signInRoutes } from "./sign-in-routes.ts";
import { addressIn, openSite, readPath, type Site } from "./site.ts";
import { statisticsPages } from "./statistics-routes.ts";
import { verifyRoutes } from "./verify-routes.ts";
import { type ProseName, proseIn } from "./words/index.ts";

const proseNames: readonly ProseName[] = ["accessibility", "privacy", "cookies", "security"];

/** The public pages, in a scope of their own: only here are forms taken. */
export function webRoutes(api: Api, deps: WebDeps): void {
  const site = openSite();
  api.register(async (scope) => {
    takeForms(scope);
    const pages = scope.withTypeProvider<ZodTypeProvider>();
    assetRoutes(pages, site.assets);
    textRoutes(pages, site);
    verifyRoutes(pages, deps, site);
    directoryRoutes(pages, deps, site);
    proposalPages(pages, deps, site);
    departmentPages(pages, deps, site);
    statisticsPages(pages, deps, site);
    dataPages(pages, deps, site);
    decidePages(pages, deps);
    memberRoutes(pages, deps, site);
    planPages(pages, deps, site);
    reportPages(pages, deps, site);
    clinicPages(pages, deps, site);
    questionPages(pages, deps, site);
    engagementRoutes(pages, deps);
    signInRoutes(pages, deps, site);
    operatorRoutes(pages, deps);
    dashboardRoutes(pages, deps);
    adminRoutes(pages, deps);
    pages.get("/.well-known/security.txt", publicPage, async (_request, reply) =>
      reply.type("text/plain; charset=utf-8").send(securityText(deps.baseUrl, deps.now())),
    );
  });
}

/** The pages that are the same for everybody. */
function textRoutes(pages: Api, site: Site): void {
  for (const address of ["/", "/cy", "/cy/"]) {
    pages.get(address, publicPage, async (request, reply) =>
      sendPage(reply, aWhile, site.render("home.njk", readPath(request.url), {})),
    );
  }
  for (const name of proseNames) {
    for (const language of ["en", "cy"] as const) {
      pages.get(addressIn(language, `/${name}`), publicPage, async (request, reply) =>
        sendPage(
          reply,
          aWhile,
          site.render("prose.njk", readPath(request.url), { prose: proseIn(language, name) }),
        ),
      );
    }
  }
}
