import { z } from "zod";
import { type Api, actorOf } from "../http/api.ts";
import { onceOf } from "../http/idempotency.ts";
import { answerOnce } from "../idempotency/index.ts";
import type { ApplyDeps } from "../register/index.ts";
import { decideProposal } from "./decide-proposal.ts";
import { Decision, type Proposal, ProposalState } from "./proposal.ts";
import { readProposal, readQueue } from "./show-proposals.ts";

const Params = z.strictObject({ reference: z.string().min(1).max(40) });
const Query = z.strictObject({
  state: ProposalState.optional(),
  cursor: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(100).optional(),
});
const time = z.iso.datetime();
const Shown = z.looseObject({
  reference: z.string(),
  kind: z.enum(["forum", "correction"]),
  state: ProposalState,
  forum: z.string().nullable(),
  suggestion: z.unknown(),
  decision: z
    .object({ outcome: z.string(), criteria: z.array(z.string()), because: z.string().nullable() })
    .nullable(),
  createdAt: time,
  decidedAt: time.nullable(),
});

const toAnswer = (proposal: Proposal) => ({
  ...proposal,
  createdAt: proposal.createdAt.toISOString(),
  decidedAt: proposal.decidedAt?.toISOString() ?? null,
});

/** The queue of proposals for the directory, for administrators and publishers. */
export function proposalRoutes(api: Api, deps: ApplyDeps): void {
  const config = { access: ["admin", "person"] } as const;
  const tags = ["directory"];

  api.get(
    "/v1/proposals",
    {
      config,
      schema: {
        tags,
        summary: "Proposals for the directory, waiting ones unless another state is asked for",
        querystring: Query,
        response: { 200: z.object({ items: z.array(Shown), nextCursor: z.string().nullable() }) },
      },
    },
    async (request) => {
      const { items, nextCursor } = await readQueue(deps, request.query, actorOf(request));
      return { items: items.map(toAnswer), nextCursor };
    },
  );

  api.get(
    "/v1/proposals/:reference",
    { config, schema: { tags, summary: "One proposal", params: Params, response: { 200: Shown } } },
    async (request) => toAnswer(await readProposal(deps, request.params.reference, actorOf(request))),
  );

  api.post(
    "/v1/proposals/:reference/decision",
    {
      config,
      schema: {
        tags,
        summary: "Decide a proposal: the decision is published, and its proposer told",
        params: Params,
        body: Decision,
        response: { 200: Shown },
      },
    },
    async (request, reply) => {
      const input = { reference: request.params.reference, decision: request.body };
      const { body } = await deps.transaction((tx) =>
        answerOnce(deps, tx, onceOf(request), async () => {
          const decided = await decideProposal(deps, input, actorOf(request));
          return { status: 200, body: toAnswer(decided) };
        }),
      );
      return reply.send(body);
    },
  );
}
