import type { KeyObject } from "node:crypto";
import type { FastifyPluginAsync } from "fastify";
import type { AdapterDeps } from "../../src/contract/adapter.ts";
import { DomainError } from "../../src/contract/errors.ts";
import type { Reactions } from "./interactions.ts";
import { answerTypes, Interaction, interactionTypes } from "./schema.ts";
import { verifyRequest } from "./verify.ts";

const single = (header: string | string[] | undefined): string => (typeof header === "string" ? header : "");

/**
 * The address that Discord sends interactions to, `/discord/interactions`. Each is proved over its bytes before it is
 * read; a signature that does not hold gets 401, as Discord's probes expect. Every first answer is given at once.
 */
export function createInbound(
  deps: Pick<AdapterDeps, "now">,
  publicKey: KeyObject,
  reactions: Reactions,
): FastifyPluginAsync {
  return async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, bytes, done) => done(null, bytes));

    app.post(
      "/discord/interactions",
      { config: { access: "public" }, schema: { hide: true } },
      async (request, reply) => {
        const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        const headers = {
          signature: single(request.headers["x-signature-ed25519"]),
          timestamp: single(request.headers["x-signature-timestamp"]),
        };
        const verdict = verifyRequest(publicKey, headers, bytes, deps.now());
        if (verdict !== "holds") throw new DomainError(`signature/${verdict}`);
        const json = readJson(bytes);
        if (typeOf(json) === interactionTypes.ping) return reply.send({ type: answerTypes.pong });
        const parsed = Interaction.safeParse(json);
        if (!parsed.success) throw new DomainError("request/malformed");
        const { first, go } = reactions.begin(parsed.data);
        // Where the answer did not get out, the person was told that it failed, and nothing is done.
        reply.raw.once("close", () => {
          if (reply.raw.writableFinished) go();
        });
        return reply.send(first);
      },
    );
  };
}

function readJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    throw new DomainError("request/malformed", { cause });
  }
}

const typeOf = (json: unknown): unknown =>
  typeof json === "object" && json !== null && "type" in json ? json.type : undefined;
