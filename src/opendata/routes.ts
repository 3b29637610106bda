import { createHash } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { DomainError } from "../contract/errors.ts";
import type { Deps } from "../deps.ts";
import { showHistory } from "../forums/index.ts";
import type { Api } from "../http/api.ts";
import { datasets } from "./datasets.ts";
import { catalogue } from "./describe.ts";
import { atomFeed, jsonFeed } from "./feeds.ts";
import { type OpenFile, openEntry, openFile } from "./files.ts";
import { hsdsRoot, listServices, showService } from "./hsds.ts";

const config = { access: "public" } as const;
const tags = ["open data"];
const jsonType = "application/json; charset=utf-8";
const File = z.object({ file: z.string().max(200) });
const Services = z.object({
  page: z.coerce.number().int().min(1).max(1_000_000).default(1),
  per_page: z.coerce.number().int().min(1).max(100).default(50),
  search: z.string().max(200).optional(),
});

/** Open data as files, catalogues, feeds and HSDS, for anybody and from any site. */
export function openDataRoutes(api: Api, deps: Deps): void {
  const file = (path: string, summary: string, find: (file: string) => Promise<OpenFile | null>) =>
    api.get(path, { config, schema: { tags, summary, params: File } }, async (request, reply) => {
      const found = await find(request.params.file);
      if (!found) throw new DomainError("request/not-found");
      return send(request, reply, found);
    });
  file("/data/:file", "A table as CSV, as JSON, or its CSVW metadata", (name) => openFile(deps, name));
  file("/data/forums/:file", "One entry of the directory as JSON", (name) => openEntry(deps, name));

  api.get(
    "/data.json",
    { config, schema: { tags, summary: "Every file, for harvesters" } },
    async (request, reply) => {
      const [latest] = await showHistory(deps, { limit: 1 });
      const modified = (latest?.at ?? deps.now()).toISOString().slice(0, 10);
      const text = JSON.stringify(catalogue(datasets, deps.baseUrl, modified));
      return send(request, reply, { type: jsonType, text });
    },
  );

  api.get(
    "/forums/changes.atom",
    { config, schema: { tags, summary: "Changes of the directory, as Atom" } },
    async (request, reply) => {
      const text = atomFeed(await showHistory(deps), deps.baseUrl, deps.now());
      return send(request, reply, { type: "application/atom+xml; charset=utf-8", text });
    },
  );
  api.get(
    "/forums/changes.json",
    { config, schema: { tags, summary: "Changes of the directory, as JSON Feed" } },
    async (request, reply) => {
      const text = JSON.stringify(jsonFeed(await showHistory(deps), deps.baseUrl));
      return send(request, reply, { type: "application/feed+json; charset=utf-8", text });
    },
  );
  hsdsRoutes(api, deps);
}

/** The directory as the HSDS 3 API has it, made to the Open Referral UK profile. */
function hsdsRoutes(api: Api, deps: Deps): void {
  const sendJson = (request: FastifyRequest, reply: FastifyReply, value: object) =>
    send(request, reply, { type: jsonType, text: JSON.stringify(value) });

  api.get(
    "/hsds",
    { config, schema: { tags, summary: "What the HSDS interface follows" } },
    async (request, reply) => sendJson(request, reply, hsdsRoot(deps.baseUrl)),
  );
  api.get(
    "/hsds/services",
    { config, schema: { tags, summary: "Forums as services of HSDS 3", querystring: Services } },
    async (request, reply) => {
      const { page, per_page: perPage, search: text } = request.query;
      return sendJson(request, reply, listServices(await deps.register(deps.db), { page, perPage, text }));
    },
  );
  api.get(
    "/hsds/services/:id",
    {
      config,
      schema: {
        tags,
        summary: "One forum as a service of HSDS 3",
        params: z.object({ id: z.string().max(100) }),
      },
    },
    async (request, reply) => sendJson(request, reply, await showService(deps, request.params.id)),
  );
}

/** Sends a file to whoever does not have it yet. Any site may read it, and it may be kept for five minutes. */
function send(request: FastifyRequest, reply: FastifyReply, { type, text }: OpenFile): FastifyReply {
  const etag = `"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`;
  reply
    .header("etag", etag)
    .header("cache-control", "public, max-age=300")
    .header("access-control-allow-origin", "*")
    .header("cross-origin-resource-policy", "cross-origin");
  if (request.headers["if-none-match"] === etag) return reply.code(304).send();
  return reply.type(type).send(text);
}
