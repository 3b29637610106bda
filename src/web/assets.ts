import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import type { FastifyInstance } from "fastify";

interface Asset {
  /** Its address, which changes with its bytes, so that it may be kept for ever. */
  path: string;
  type: string;
  bytes: Buffer;
}

const here = (name: string) => new URL(name, import.meta.url);

function load(file: string, name: string, type: string): Asset {
  if (!existsSync(here(file))) throw new Error(`The pages' ${name} is not built: npm run build`);
  const bytes = readFileSync(here(file));
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
  return { path: `/assets/${name.replace(".", `-${hash}.`)}`, type, bytes };
}

export interface Assets {
  stylesheet: Asset;
  mark: Asset;
  proof: Asset;
}

/** All that the pages load: one style sheet, which the build compiles, a picture for the tab, and the one script. */
export const loadAssets = (): Assets => ({
  stylesheet: load("./generated/site.css", "site.css", "text/css; charset=utf-8"),
  mark: load("./styles/mark.svg", "mark.svg", "image/svg+xml"),
  proof: load("./scripts/proof.js", "proof.js", "text/javascript; charset=utf-8"),
});

/** `GET /assets/{file}`: what the pages load and nothing else, kept by browsers for a year. */
export function assetRoutes(app: FastifyInstance, { stylesheet, mark, proof }: Assets): void {
  const byPath = new Map([stylesheet, mark, proof].map((asset) => [asset.path, asset]));
  app.get<{ Params: { file: string } }>(
    "/assets/:file",
    { config: { access: "public" }, schema: { hide: true } },
    async (request, reply) => {
      const asset = byPath.get(`/assets/${request.params.file}`);
      if (!asset) return reply.callNotFound();
      return reply
        .type(asset.type)
        .header("cache-control", "public, max-age=31536000, immutable")
        .send(asset.bytes);
    },
  );
}
