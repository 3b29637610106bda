import { Readable } from "node:stream";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { Actor } from "../contract/actor.ts";
import { DomainError } from "../contract/errors.ts";
import type { Language } from "../contract/vocabulary.ts";
import type { Visitor } from "../contract/web.ts";
import type { Api } from "../http/api.ts";
import { nameOf, type Register } from "../register/model.ts";
import {
  drawChart,
  queryStats,
  type Stats,
  type StatsQuery,
  type StatsRow,
  streamCsv,
} from "../stats/index.ts";
import type { WebDeps } from "./deps.ts";
import { field } from "./forms.ts";
import { html } from "./pages.ts";
import { addressIn, readPath } from "./site.ts";
import { durationIn } from "./times.ts";
import { renderFor, visitorOf } from "./tools.ts";
import { wordsIn } from "./words/index.ts";

const page = { config: { access: "session" }, schema: { hide: true } } as const;
const dimensions = ["pool", "department", "forum", "topic", "language", "month"] as const;
type Dimension = (typeof dimensions)[number];
const mostBars = 12;
/** Whose figures are shown to somebody who is several: the widest view first. */
const widest: readonly Actor["kind"][] = ["admin", "manager", "person", "advisor", "operator"];
const Query = z.object({ from: field, to: field, by: field, format: field });

/** `/dashboard`: the figures that somebody may see, as tables, one chart and a file. */
export function dashboardRoutes(api: Api, deps: WebDeps): void {
  for (const language of ["en", "cy"] as const) {
    api.get(addressIn(language, "/dashboard"), page, async (request, reply) => {
      const { from, to, by: named, format } = Query.parse(request.query);
      const { notYours } = wordsIn(language).dashboard;
      const by = dimensions.find((name) => name === named) ?? "pool";
      const period = { ...(from ? { from } : {}), ...(to ? { to } : {}) };
      const asked = await ask(deps, visitorOf(request), { ...period, by: [by] }, notYours);
      if (format === "csv" && asked.stats !== null)
        return reply
          .type("text/csv; charset=utf-8")
          .header("content-disposition", 'attachment; filename="figures.csv"')
          .send(Readable.from(streamCsv(asked.stats)));
      const whole = asked.stats === null ? null : await ask(deps, visitorOf(request), period, notYours);
      const register = await deps.register(deps.db);
      return reply
        .code(asked.trouble === null ? 200 : asked.trouble === notYours ? 403 : 422)
        .type(html)
        .send(
          renderFor(request, "dashboard.njk", {
            ...shown(register, language, by, asked.stats),
            whole: whole?.stats?.rows[0] ? figuresOf(language, whole.stats.rows[0]) : null,
            trouble: asked.trouble,
            hasErrors: asked.trouble !== null,
            dimensions,
            by,
            wholeColumns: always,
            columns: by === "pool" ? [...always, ...ofPools] : always,
            firstDay: from,
            lastDay: to,
            csv: csvAddress(request),
            isWide: true,
          }),
        );
    });
  }
}

const csvAddress = (request: FastifyRequest): string => {
  const { from, to, by } = Query.parse(request.query);
  const { language } = readPath(request.url);
  return `${addressIn(language, "/dashboard")}?${new URLSearchParams({ from, to, by, format: "csv" })}`;
};

/** The figures for the widest view that somebody has; a sentence where a period is none, or they have no figures. */
async function ask(
  deps: WebDeps,
  { actors }: Pick<Visitor, "actors">,
  query: StatsQuery,
  nobodys: string,
): Promise<{ stats: Stats | null; trouble: string | null }> {
  for (const actor of actors.toSorted((a, b) => widest.indexOf(a.kind) - widest.indexOf(b.kind))) {
    try {
      return { stats: await queryStats(deps, query, actor), trouble: null };
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
      if (error.code !== "access/forbidden" && !error.code.startsWith("service/"))
        return { stats: null, trouble: error.errors[0]?.detail ?? error.message };
      if (error.code.startsWith("service/")) throw error;
    }
  }
  return { stats: null, trouble: nobodys };
}

interface Figures {
  received: number;
  open: number;
  oldest: string | null;
  claim: string | null;
  claim90: string | null;
  reply: string | null;
  reply90: string | null;
  onTime: string | null;
  resolution: string | null;
  helped: string | null;
  confirmed: string | null;
  /** Open referrals for each advisor, and hours of service without anybody on duty: of a pool alone. */
  load: number | null;
  uncovered: number | null;
}

const always = [
  ...["received", "open", "oldest", "claim", "claim90", "reply", "reply90", "onTime", "resolution"],
  ...["helped", "confirmed"],
];
const ofPools = ["load", "uncovered"];

const percent = (share: number | null): string | null =>
  share === null ? null : `${Math.round(share * 100)}%`;

/** A row as people read it; what cannot be said stays null, never 0. */
function figuresOf(language: Language, row: StatsRow): Figures {
  const time = (seconds: number | null) => durationIn(language, seconds);
  return {
    received: row.received,
    open: row.open,
    oldest: time(row.oldestOpen),
    claim: time(row.timeToClaim.median),
    claim90: time(row.timeToClaim.p90),
    reply: time(row.timeToFirstReply.median),
    reply90: time(row.timeToFirstReply.p90),
    onTime: percent(row.withinTarget.firstReply),
    resolution: percent(row.rates.resolution),
    helped: percent(row.rates.memberHelped),
    confirmed: percent(row.rates.confirmed),
    load: row.load?.openPerAdvisor ?? null,
    uncovered: row.cover && Math.round(row.cover.uncoveredHours),
  };
}

function shown(register: Register, language: Language, by: Dimension, stats: Stats | null) {
  const say = wordsIn(language).dashboard;
  const lines = (stats?.rows ?? [])
    .map((row) => ({ name: labelOf(register, language, by, row), ...figuresOf(language, row) }))
    .sort((a, b) => (by === "month" ? a.name.localeCompare(b.name) : b.received - a.received));
  const bars = lines
    .slice(0, mostBars)
    .map(({ name, received }) => ({ label: name, value: received, text: String(received) }));
  return {
    lines,
    notes: stats?.notes ?? [],
    chart: bars.length > 0 ? drawChart({ title: say.chart, bars, language }) : null,
  };
}

const lists = { pool: "pools", department: "departments", forum: "forums" } as const;

function labelOf(register: Register, language: Language, by: Dimension, row: StatsRow): string {
  const value = row[by];
  if (value === null || value === undefined) return wordsIn(language).dashboard.none;
  if (by === "topic") return register.topics.get(value)?.title ?? value;
  if (by === "language") return wordsIn(language).desk.languages[value as "en" | "cy"] ?? value;
  return by === "month" ? value : nameOf(register, lists[by], value);
}
