import type { Actor } from "../contract/actor.ts";
import type { ListQuery, ReferralView } from "../contract/core-api.ts";
import { DomainError } from "../contract/errors.ts";
import { type Role, State } from "../contract/vocabulary.ts";
import type { Tx } from "../db/index.ts";
import type { Deps } from "../deps.ts";
import type { ContentKey } from "../privacy/index.ts";
import type { Register } from "../register/model.ts";
import { type Collected, collect } from "./collect.ts";
import type { Referral, TextRecord } from "./model.ts";
import { readOrigins } from "./origins.ts";
import { partsOfReference } from "./reference.ts";
import { rolesOf, scopesOf, viewpointOf } from "./roles.ts";
import { chainOf } from "./step.ts";
import { appendEvent, readHistory, readReplies, readTexts } from "./store/records.ts";
import { findReferral, listVisible } from "./store/referrals.ts";
import { findWaiting } from "./store/waiting.ts";
import { viewReferral } from "./view.ts";

/** The view of a referral for this actor, with its history and replies. */
export async function makeView(
  deps: Deps,
  tx: Tx,
  referral: Referral,
  actor: Actor,
  register: Register,
): Promise<ReferralView> {
  const histories = await readHistory(tx, [referral.id]);
  const replies = await readReplies(tx, [referral.id]);
  const viewpoint = viewpointOf(actor, referral, register);
  const texts = await readTexts(tx, referral.id);
  const key = referral.sealed ? deps.keyring.unwrap(referral.sealed.key) : null;
  const view = viewReferral(
    {
      referral,
      ...(viewpoint === "forum" ? {} : { origins: await readOrigins(tx, referral.id, register) }),
      history: histories.get(referral.id) ?? [],
      replies: replies.get(referral.id) ?? [],
      texts,
      key,
      register,
      baseUrl: deps.baseUrl,
      memberToken: deps.keyring.token("member", referral.id),
    },
    viewpoint,
  );
  const kept = key === null ? [] : keptFor(actor, texts, key, deps.now());
  return kept.length === 0 ? view : { ...view, kept };
}

/** What this actor typed in vain, as their own drafts; nobody else sees them, and after seven days nobody at all. */
function keptFor(actor: Actor, texts: readonly TextRecord[], key: ContentKey, now: Date) {
  if (actor.kind !== "advisor" && actor.kind !== "person") return [];
  return texts.flatMap(({ kind, authorId, authorRole: verb, body, createdAt, expiresAt }) => {
    const isTheirs = kind === "kept" && authorId === actor.id;
    if (!isTheirs || body === null || expiresAt === null || expiresAt <= now) return [];
    return [{ verb, text: key.open(body), at: createdAt.toISOString() }];
  });
}

/** Who read, as the audit keeps it. */
function readerOf(actor: Actor, isAuditor: boolean) {
  if (actor.kind === "admin") return { actorRole: "administrator", actorId: null, actedBy: actor.keyId };
  const isNamed = actor.kind === "advisor" || actor.kind === "person";
  return { actorRole: isAuditor ? "auditor" : actor.kind, actorId: isNamed ? actor.id : null, actedBy: null };
}

/**
 * Shows one referral to whoever may see it; everybody else gets the same “not found” as for one that does not exist.
 * What is read in the auditor's view, by administrators and auditors, is recorded, and any other reading where
 * `isRecorded` says so.
 */
export async function showReferral(
  deps: Deps,
  reference: string,
  actor: Actor,
  isRecorded = false,
): Promise<ReferralView> {
  return deps.transaction(async (tx) => {
    const register = await deps.register(tx);
    const referral = await findReferral(tx, reference, scopesOf(actor, register), false);
    if (!referral) throw new DomainError("referral/not-found");
    const isAuditor = viewpointOf(actor, referral, register) === "auditor";
    if (isAuditor || isRecorded) {
      await appendEvent(tx, {
        referralId: referral.id,
        seq: null,
        type: "referral.read",
        at: deps.now(),
        ...readerOf(actor, isAuditor),
        stateFrom: null,
        stateTo: null,
        poolSlug: referral.poolSlug,
        because: null,
        data: {},
        textId: null,
        chain: chainOf(register, referral.poolSlug),
      });
    }
    return makeView(deps, tx, referral, actor, register);
  });
}

/** The roles this actor holds for one referral now; `referral/not-found` for whoever may not see it. */
export async function rolesOn(deps: Deps, reference: string, actor: Actor): Promise<Role[]> {
  const register = await deps.register(deps.db);
  const referral = await findReferral(deps.db, reference, scopesOf(actor, register), false);
  if (!referral) throw new DomainError("referral/not-found");
  return [...rolesOf(actor, referral, register)];
}

const mostItems = 100;

/** Lists referrals that this actor may see, newest first, without their content. `limit` is at most 100. */
export async function listReferrals(
  deps: Deps,
  query: ListQuery,
  actor: Actor,
): Promise<{ items: ReferralView[]; nextCursor: string | null }> {
  const tx = deps.db;
  const register = await deps.register(tx);
  const scopes = scopesOf(actor, register);
  const limit = Math.min(query.limit ?? 20, mostItems);
  const ids =
    query.waiting === undefined
      ? undefined
      : await findWaiting(tx, query.waiting, query.forum ?? forumOf(actor), query.cursor);
  const found = await listVisible(
    tx,
    {
      limit,
      ...(query.state === undefined
        ? {}
        : { states: query.state.split(",").filter((state) => State.safeParse(state).success) }),
      ...(query.pool === undefined ? {} : { pool: query.pool }),
      ...(query.forum === undefined ? {} : { forum: query.forum }),
      ...(query.owner === undefined ? {} : { owner: query.owner }),
      byDue: query.order === "due",
      ...(query.q?.trim() ? { q: searchFor(query.q.trim(), register) } : {}),
      ...(query.cursor === undefined ? {} : { before: query.cursor }),
      ...(ids === undefined ? {} : { ids }),
    },
    scopes,
  );
  const page = found.slice(0, limit);
  const histories = await readHistory(
    tx,
    page.map((referral) => referral.id),
  );
  const replies = await readReplies(
    tx,
    page.map((referral) => referral.id),
  );
  // Whoever collects for a forum is given what is to be posted there; every other list is without content.
  const isCollected = query.waiting !== undefined && forumOf(actor) !== undefined;
  const collected = isCollected
    ? await collect(deps, tx, query.waiting, page, histories)
    : new Map<string, Collected>();
  const items = page.map((referral) => ({
    ...viewReferral(
      {
        referral,
        history: histories.get(referral.id) ?? [],
        replies: replies.get(referral.id) ?? [],
        texts: collected.get(referral.id)?.texts ?? [],
        key: collected.get(referral.id)?.key ?? null,
        register,
        baseUrl: deps.baseUrl,
        memberToken: deps.keyring.token("member", referral.id),
      },
      viewpointOf(actor, referral, register),
    ),
    ...collected.get(referral.id)?.words,
  }));
  return {
    items,
    nextCursor: found.length > limit && query.order !== "due" ? (page.at(-1)?.id ?? null) : null,
  };
}

/** What a text that somebody searches for may be: a part of a reference or of a topic, or of a forum's slug or name. */
function searchFor(q: string, register: Register) {
  const wanted = q.toLowerCase();
  const named = [...register.forums.values()].filter(({ name }) => name.toLowerCase().includes(wanted));
  return { part: wanted, references: partsOfReference(q), forums: named.map(({ slug }) => slug) };
}

const forumOf = (actor: Actor): string | undefined =>
  actor.kind === "forum" || actor.kind === "operator" ? actor.forum : undefined;
