import type { FastifyReply } from "fastify";
import { z } from "zod";
import { DomainError } from "../contract/errors.ts";
import type { Deps } from "../deps.ts";
import type { Api } from "../http/api.ts";
import {
  type Compared,
  comparePlans,
  listRecords,
  listReports,
  progressOf,
  showPlan,
} from "../plans/index.ts";
import { answeredBy, heldOpen } from "../plans/standing.ts";
import { nameOf } from "../register/model.ts";
import { aMinute, publicPage, sendPage } from "./pages.ts";
import { addressIn, type PageFrame, readPath, type Site } from "./site.ts";

const Place = z.object({ slug: z.string(), version: z.string() });
const pair = /^(\d{1,5})\.\.\.(\d{1,5})$/;

/** `/plans`, `/progress`, and a department's plan: the latest, each version, and two of them side by side. */
export function planPages(api: Api, deps: Deps, site: Site): void {
  for (const language of ["en", "cy"] as const) {
    const at = (page: string) => addressIn(language, page);
    const send = (reply: FastifyReply, template: string, frame: PageFrame, values: object) =>
      sendPage(reply, aMinute, site.render(template, frame, { ...values }));

    api.get(at("/plans"), publicPage, async (request, reply) => {
      const records = await listRecords(deps);
      return send(reply, "plans.njk", readPath(request.url), {
        records,
        overdueRecords: records.filter(({ overdue, reportDue }) => overdue || reportDue?.overdue),
      });
    });
    api.get(at("/progress"), publicPage, async (request, reply) =>
      send(reply, "progress.njk", readPath(request.url), progressOf(await listRecords(deps))),
    );
    api.get(at("/departments/:slug/plan"), publicPage, async (request, reply) => {
      const { slug } = z.object({ slug: z.string() }).parse(request.params);
      return send(reply, "plan.njk", readPath(request.url), await planPage(deps, slug, "latest"));
    });
    api.get(at("/departments/:slug/plan/:version"), publicPage, async (request, reply) => {
      const { slug, version } = Place.parse(request.params);
      const frame = readPath(request.url);
      const [, from, to] = pair.exec(version) ?? [];
      if (from !== undefined && to !== undefined)
        return send(
          reply,
          "plan-compare.njk",
          frame,
          await comparePage(deps, slug, Number(from), Number(to)),
        );
      if (!/^\d{1,5}$/.test(version)) throw new DomainError("plan/not-found");
      return send(reply, "plan.njk", frame, await planPage(deps, slug, Number(version)));
    });
  }
}

async function planPage(deps: Deps, slug: string, wanted: number | "latest") {
  const plan = await showPlan(deps, slug, wanted);
  const objections = plan.consulted ? heldOpen(plan.consulted) : [];
  return {
    plan,
    isLatest: wanted === "latest",
    objections: [...new Set(objections.flatMap(({ forum }) => forum ?? []))],
    invited: plan.consulted ? answeredBy(plan.consulted) : [],
    reports: await listReports(deps, slug),
  };
}

async function comparePage(deps: Deps, slug: string, from: number, to: number) {
  const [before, after] = [await showPlan(deps, slug, from), await showPlan(deps, slug, to)];
  const all = comparePlans(before.document, after.document);
  const register = await deps.register(deps.db);
  const parts = new Map<string, Compared[]>();
  for (const row of all.filter(({ changed }) => changed)) {
    const item = row.part === "forums" ? nameOf(register, "forums", row.item) : row.item;
    parts.set(row.part, [...(parts.get(row.part) ?? []), { ...row, item }]);
  }
  return {
    before,
    after,
    parts: [...parts].map(([part, rows]) => ({ part, rows })),
    same: all.filter(({ changed }) => !changed).length,
  };
}
