import { z } from "zod";
import { listClinics, sessionsIn, showCalendar, showClinic } from "../clinics/index.ts";
import type { Deps } from "../deps.ts";
import type { Api } from "../http/api.ts";
import { aMinute, html, publicPage, sendPage } from "./pages.ts";
import { askable } from "./question-routes.ts";
import { addressIn, readPath, type Site } from "./site.ts";
import { clockIn } from "./times.ts";

const Slug = z.object({ slug: z.string() });
/** Past sessions shown on one page; the others are on the pages of their clinics. */
const mostPast = 20;

/** `/clinics`, the page of each clinic, and the calendars: of a clinic, and of every clinic of a department. */
export function clinicPages(api: Api, deps: Deps, site: Site): void {
  for (const language of ["en", "cy"] as const) {
    const at = (page: string) => addressIn(language, page);
    api.get(at("/clinics"), publicPage, async (request, reply) => {
      const clinics = await listClinics(deps);
      const { next, past } = sessionsIn(clinics);
      const departments = new Map(clinics.map(({ department }) => [department.slug, department]));
      const values = {
        next,
        past: past.slice(0, mostPast),
        departments: [...departments.values()],
        clock: clockIn,
      };
      return sendPage(reply, aMinute, site.render("clinics.njk", readPath(request.url), values));
    });
    api.get(at("/clinics/:slug"), publicPage, async (request, reply) => {
      const { slug } = Slug.parse(request.params);
      reply.header("cache-control", aMinute);
      if (slug.endsWith(".ics"))
        return sendCalendar(reply, await showCalendar(deps, { clinic: slug.slice(0, -4) }));
      const clinic = await showClinic(deps, slug);
      return reply.type(html).send(
        site.render("clinic.njk", readPath(request.url), {
          clinic,
          asking: askable(clinic, deps.now()),
          clock: clockIn,
        }),
      );
    });
  }
  api.get("/departments/:slug/clinics.ics", publicPage, async (request, reply) => {
    const { slug } = Slug.parse(request.params);
    reply.header("cache-control", aMinute);
    return sendCalendar(reply, await showCalendar(deps, { department: slug }));
  });
}

function sendCalendar(
  reply: { type(type: string): { send(body: string): unknown } },
  calendar: string,
): unknown {
  return reply.type("text/calendar; charset=utf-8; method=PUBLISH").send(calendar);
}
