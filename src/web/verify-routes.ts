import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { DomainError } from "../contract/errors.ts";
import type { Deps } from "../deps.ts";
import type { Api } from "../http/api.ts";
import { toProblem } from "../http/problems.ts";
import {
  type Compared,
  compareReply,
  shownCharacters,
  type Verified,
  verifyReply,
} from "../referrals/index.ts";
import { field } from "./forms.ts";
import { prefersJson } from "./negotiate.ts";
import { html, publicPage } from "./pages.ts";
import { type Pieces, piecesOf } from "./pieces.ts";
import { placeOf, readCode } from "./reading.ts";
import { addressIn, readPath, type Site } from "./site.ts";
import { wordsIn } from "./words/index.ts";

const longest = 20_000;
const fewestWords = 5;
const Code = z.object({ code: z.string() });
const Seen = z.object({ text: field, where: field });

interface Compare {
  text: string;
  where: string;
  errors: { text?: string; where?: string };
  result: Compared | null;
  /** Where it was seen, when that is none of the places it was sent to, and where it was sent. */
  elsewhere: string | null;
  home: string;
  /** The words that were seen, in the pieces that the page marks or leaves. */
  pieces: Pieces | null;
}

const untouched: Compare = {
  text: "",
  where: "",
  errors: {},
  result: null,
  elsewhere: null,
  home: "",
  pieces: null,
};

/** `/verify` and `/verify/{code}`: whether a reply was official, for people and, by `Accept`, for programs. */
export function verifyRoutes(api: Api, deps: Deps, site: Site): void {
  for (const base of ["/verify", "/cy/verify"]) {
    const hide = { hide: base !== "/verify" };
    api.get(base, publicPage, async (request, reply) => {
      const { code } = z.object({ code: field.optional() }).catch({}).parse(request.query);
      const frame = readPath(request.url);
      const wanted = code === undefined ? undefined : readCode(code);
      if (wanted)
        return reply.redirect(`${addressIn(frame.language, "/verify")}/${encodeURIComponent(wanted)}`, 303);
      const isEmpty = wanted === "";
      return reply
        .code(isEmpty ? 422 : 200)
        .type(html)
        .send(site.render("verify.njk", frame, { isEmpty }));
    });

    api.get(
      `${base}/:code`,
      {
        config: publicPage.config,
        schema: { ...hide, tags: ["verify"], summary: "Whether a reply was official", params: Code },
      },
      async (request, reply) => showReply(deps, site, request, reply, request.params.code, untouched),
    );

    api.post(
      `${base}/:code`,
      { config: publicPage.config, schema: { hide: true, params: Code, body: Seen } },
      async (request, reply) => {
        const seen = { ...untouched, ...request.body };
        return showReply(deps, site, request, reply, request.params.code, seen, "compare");
      },
    );
  }
}

async function showReply(
  deps: Deps,
  site: Site,
  request: FastifyRequest,
  reply: FastifyReply,
  typed: string,
  seen: Compare,
  compare?: "compare",
): Promise<FastifyReply> {
  const found = await verifyReply(deps, typed);
  reply.header("cache-control", "no-cache").header("vary", "accept");
  if (prefersJson(request.headers.accept) && !compare) {
    if (found) return reply.type("application/json; charset=utf-8").send(JSON.stringify(found));
    const problem = toProblem(new DomainError("reply/not-found"), request.id);
    return reply.code(404).type("application/problem+json; charset=utf-8").send(JSON.stringify(problem));
  }
  const frame = readPath(request.url);
  const compared = found && compare ? await judge(deps, found, seen, frame.language) : seen;
  const hasErrors = Object.keys(compared.errors).length > 0;
  const page = site.render("reply.njk", frame, {
    found,
    typed: typed.slice(0, 60),
    compared,
    hasErrors,
    hasCompared: compare !== undefined && !hasErrors,
    isCut: [...(found?.begins ?? "")].length === shownCharacters,
  });
  return reply
    .code(found ? (hasErrors ? 422 : 200) : 404)
    .type(html)
    .send(page);
}

/** Compares what somebody saw, and where, with what was sent; says what is missing in the reader's language. */
async function judge(deps: Deps, found: Verified, seen: Compare, language: "en" | "cy"): Promise<Compare> {
  const { compare: say } = wordsIn(language).verify;
  const errors: Compare["errors"] = {};
  const words = seen.text.trim().split(/\s+/).filter(Boolean).length;
  if (words === 0) errors.text = say.empty;
  else if (seen.text.length > longest) errors.text = say.long;
  else if (words < fewestWords) errors.text = say.short;
  const place = seen.where.trim() === "" ? null : placeOf(seen.where);
  if (place === undefined) errors.where = say.address;
  if (Object.keys(errors).length > 0) return { ...seen, errors };
  const register = await deps.register(deps.db);
  const homes = [found.url, register.forums.get(found.forum.slug)?.url].flatMap((url) =>
    url ? (placeOf(url) ?? []) : [],
  );
  const isElsewhere = place && homes.length > 0 && !homes.some((home) => isWithin(place, home));
  const result = await compareReply(deps, found.code, seen.text);
  const pieces = result && piecesOf(result);
  return { ...seen, result, pieces, elsewhere: isElsewhere ? place : null, home: homes[0] ?? "" };
}

/** The same host, or one below it: `m.forum.example` belongs to `forum.example`, `forum.example.evil` does not. */
const isWithin = (place: string, home: string): boolean => place === home || place.endsWith(`.${home}`);
