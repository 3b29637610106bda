import { acknowledgeGuidance, actAs, authenticateKey, guidance } from "./access/index.ts";
import { askQuestion, withdrawQuestion } from "./clinics/index.ts";
import type { Actor } from "./contract/actor.ts";
import type { CoreApi, ForumEntry } from "./contract/core-api.ts";
import { DomainError } from "./contract/errors.ts";
import type { Deps } from "./deps.ts";
import { createSecretMemory, joinForum, liveSecrets } from "./forums/index.ts";
import { changeOnce, hashRequest } from "./idempotency/index.ts";
import { advisorsOnDuty } from "./pools/index.ts";
import {
  checkReply,
  choicesFor,
  createIntake,
  listReferrals,
  performVerb,
  reportEvent,
  rolesOn,
  showReferral,
  suggestTopics,
  verbs,
} from "./referrals/index.ts";
import { registerAtHand } from "./register/index.ts";
import {
  advisorsOf,
  clearersOf,
  forumAt,
  isClosed,
  placeFor,
  type Register,
  type RegisteredForum,
} from "./register/model.ts";
import { pictureStats, queryStats } from "./stats/index.ts";

const toEntry = (forum: RegisteredForum, adapter: string): ForumEntry => ({
  slug: forum.slug,
  name: forum.name,
  language: forum.language,
  consent: forum.consent,
  address: placeFor(forum, adapter),
});

function forumIn(
  register: Register,
  { adapter, field, value }: { adapter: string; field: string; value: string },
): ForumEntry | null {
  const forum = forumAt(register, adapter, field, value);
  return forum && toEntry(forum, adapter);
}

/** Questions for a clinic come from the forum's own software, or from whoever runs it. */
function refuseOtherForums(actor: Actor, forum: string): void {
  const isOwn = (actor.kind === "forum" || actor.kind === "operator") && actor.forum === forum;
  if (!isOwn) throw new DomainError("access/forbidden");
}

/** The core as adapters see it: the use cases behind one object, each given what the adapter proved. */
export function createCore(deps: Deps, adminApiKey: string | null): CoreApi {
  const registerNow = () => deps.register(deps.db);
  const secretsInMemory = createSecretMemory(deps);
  return {
    submitReferral: createIntake(deps),
    async askQuestion(forum, body, { actor, eventId }) {
      refuseOtherForums(actor, forum);
      const once = { scope: `questions:${forum}`, key: eventId, requestHash: hashRequest(body) };
      return changeOnce(deps, once, (transaction) =>
        askQuestion({ ...deps, transaction }, { forum, body, eventId }, actor),
      );
    },
    async withdrawQuestion(forum, id, { actor }) {
      refuseOtherForums(actor, forum);
      return withdrawQuestion(deps, { id, forum }, actor);
    },
    async reportEvent(forum, event, from) {
      const { body } = await reportEvent(deps, forum, event, from);
      return { referral: body };
    },
    async perform(reference, name, body, from) {
      const verb = verbs.get(name);
      if (!verb) throw new DomainError("request/not-found");
      const requestHash = new Uint8Array(Buffer.from(`${reference} ${name}`));
      const once = { scope: `adapter:${JSON.stringify(from.actor)}`, key: from.eventId, requestHash };
      const answered = await performVerb(deps, verb, { reference, body, actor: from.actor, once });
      const { delivery, ...referral } = answered.body;
      return { referral, ...(delivery ? { delivery } : {}) };
    },
    checkReply: async (reference, text, actor) => (await checkReply(deps, reference, text, actor)).findings,
    viewReferral: (reference, actor, reading) => showReferral(deps, reference, actor, reading?.recorded),
    listReferrals: (query, actor) => listReferrals(deps, query, actor),
    rolesOn: (reference, actor) => rolesOn(deps, reference, actor),
    async colleaguesIn(pool) {
      const register = await registerNow();
      return {
        advisors: advisorsOf(register, pool).map(({ id }) => id),
        clearers: clearersOf(register, pool),
        clearsEveryReply: register.pools.get(pool)?.clearance === "every-reply",
      };
    },
    async dutyOf(advisor) {
      const register = await registerNow();
      const pools = (register.advisors.get(advisor)?.pools ?? []).flatMap(
        (slug) => register.pools.get(slug) ?? [],
      );
      return pools
        .filter((pool) => pool.rota.length > 0 && !isClosed(pool, deps.now()))
        .map((pool) => ({
          pool: pool.name,
          onDuty: advisorsOnDuty(pool, advisorsOf(register, pool.slug), deps.now()).map(({ id }) => id),
        }));
    },
    suggestTopics: (text) => suggestTopics(deps, text),
    choicesAtHand(text) {
      const register = registerAtHand(deps.register);
      return register === null ? { likely: [], topics: [], pools: [] } : choicesFor(register, text);
    },
    stats: (query, actor) => queryStats(deps, query, actor),
    statsPicture: (query, actor, language) => pictureStats(deps, query, actor, language),
    forumSecrets: (forum, from) => (from === "memory" ? secretsInMemory(forum) : liveSecrets(deps, forum)),
    async authenticate(bearer, as) {
      const actor = await authenticateKey({ ...deps, adminApiKey }, bearer);
      return actAs(actor, as, await registerNow());
    },
    async findForum(adapter, field, value) {
      return forumIn(await registerNow(), { adapter, field, value });
    },
    forumAtHand(adapter, field, value) {
      const register = registerAtHand(deps.register);
      return register === null ? undefined : forumIn(register, { adapter, field, value });
    },
    async listForums(adapter) {
      return [...(await registerNow()).forums.values()]
        .filter((forum) => forum.leftAt === null && forum.platform === adapter)
        .map((forum) => toEntry(forum, adapter));
    },
    async findPool(adapter, field, value) {
      for (const pool of (await registerNow()).pools.values()) {
        if (placeFor(pool, adapter)[field] === value) return { slug: pool.slug, name: pool.name };
      }
      return null;
    },
    async findPerson(by, value) {
      const register = await registerNow();
      const is = (entry: { slackUserId?: string | undefined; email?: string | undefined }) =>
        entry[by]?.toLowerCase() === value.toLowerCase();
      const advisor = [...register.advisors.values()].find(is);
      const person = [...register.people.values()].find(is);
      const known = advisor ?? person;
      return known ? { id: known.id, pools: advisor?.pools ?? [], roles: person?.roles ?? [] } : null;
    },
    async listPlaces(adapter) {
      const { pools, alerts } = await registerNow();
      const places = [
        ...[...pools.values()].map((pool) => ({
          destination: `pool:${pool.slug}`,
          name: pool.name,
          entry: pool,
        })),
        ...Object.entries(alerts).map(([name, entry]) => ({
          destination: `alert:${name}`,
          name,
          entry: entry ?? {},
        })),
      ];
      return places
        .map(({ entry, ...place }) => ({ ...place, address: placeFor(entry, adapter) }))
        .filter(({ address }) => Object.keys(address).length > 0);
    },
    async joinForum(adapter, code, joined) {
      const slug = await joinForum(deps, { adapter, code, joined });
      const forum = (await registerNow()).forums.get(slug);
      if (!forum) throw new DomainError("forum/not-found");
      return toEntry(forum, adapter);
    },
    async acknowledgeGuidance(advisor, version) {
      const body = version === undefined ? {} : { version };
      await deps.transaction((tx) => acknowledgeGuidance(deps, tx, body, { kind: "advisor", id: advisor }));
    },
    guidance: async () => guidance(),
  };
}
