import type { FastifyReply, FastifyRequest } from "fastify";
import type { Actor } from "../../src/contract/actor.ts";
import { dispositions, languages } from "../../src/contract/vocabulary.ts";
import { newestIn, type Values } from "./actions.ts";
import { type Desk, newOnce, onceOf, show, type Trouble, troubleOf, valuesOf } from "./page.ts";
import { done, postOf, type Seen } from "./referral.ts";

interface Written {
  values: Values;
  troubles?: readonly Trouble[];
}

/** Where a reply is written; where an approved one waits, that is sent as it stands. */
export async function showReplyForm(
  desk: Desk,
  request: FastifyRequest,
  reply: FastifyReply,
  seen: Seen,
  { values, troubles = [] }: Written,
): Promise<FastifyReply> {
  const approved = newestIn(seen.view, "approved");
  if (approved?.text && values.text === undefined)
    return showPreview(desk, request, reply, seen, { draft: approved.id, text: approved.text, findings: [] });
  return show(desk, request, reply.code(troubles.length > 0 ? 422 : 200), "reply", {
    view: seen.view,
    post: postOf(seen.view, false),
    values,
    troubles,
    hasErrors: troubles.length > 0,
    languages,
    dispositions,
  });
}

interface Preview {
  text: string;
  /** The id of an approved draft, which is sent byte for byte. */
  draft?: string;
  language?: string | undefined;
  disposition?: string | undefined;
  findings: readonly { code: string; says: string; stops: boolean }[];
  trouble?: Trouble;
}

/** Exactly what the forum will show; only this page's button sends. */
async function showPreview(
  desk: Desk,
  request: FastifyRequest,
  reply: FastifyReply,
  { view }: Seen,
  preview: Preview,
): Promise<FastifyReply> {
  const { pool } = view;
  const { clearers, clearsEveryReply } = pool
    ? await desk.core.colleaguesIn(pool.slug)
    : { clearers: [], clearsEveryReply: false };
  const department = desk.core.choicesAtHand("").pools.find(({ slug }) => slug === pool?.slug)?.department;
  return show(desk, request, reply.code(preview.trouble ? 409 : 200), "preview", {
    view,
    ...preview,
    department: department ?? "",
    mustClear: clearsEveryReply && preview.draft === undefined,
    clearers: clearers.filter((id) => id !== desk.web.visitorOf(request).handle),
    once: newOnce(),
  });
}

/** What a form of the reply asks for: to look at it, to write on, to send it, or to have it cleared. */
export async function takeReply(
  desk: Desk,
  request: FastifyRequest,
  reply: FastifyReply,
  seen: Seen,
  actor: Actor,
): Promise<FastifyReply> {
  const values = valuesOf(request);
  const { text = "", draft } = values;
  if (values.do === "change") return showReplyForm(desk, request, reply, seen, { values });
  if (!draft && text === "") {
    const missing = { code: "missing", says: "", field: "text" };
    return showReplyForm(desk, request, reply, seen, { values, troubles: [missing] });
  }
  try {
    if (values.do === "send" || values.do === "clear") {
      await send(desk, seen, actor, values);
      return done(desk, request, reply, values.do === "send" ? "reply" : "clear");
    }
    const findings = await desk.core.checkReply(seen.view.reference, text, actor);
    const stopping = findings.filter(({ stops }) => stops);
    if (stopping.length > 0) {
      const troubles = stopping.map(({ code, says }) => ({ code, says, field: "text" }));
      return await showReplyForm(desk, request, reply, seen, { values, troubles });
    }
    const { language, disposition } = values;
    return await showPreview(desk, request, reply, seen, { text, language, disposition, findings });
  } catch (error) {
    const trouble = troubleOf(error);
    const kept = draft ? newestIn(seen.view, "approved")?.text : text;
    if (draft && kept)
      return showPreview(desk, request, reply, seen, { draft, text: kept, findings: [], trouble });
    return showReplyForm(desk, request, reply, seen, { values, troubles: [{ ...trouble, field: "text" }] });
  }
}

async function send({ core }: Desk, { view }: Seen, actor: Actor, values: Values): Promise<void> {
  const { text = "", draft, language, disposition, clearer } = values;
  const from = { actor, eventId: `desk:${onceOf(values)}` };
  if (values.do === "clear") {
    await core.perform(view.reference, "draft", { text, ...(clearer ? { clearer } : {}) }, from);
    return;
  }
  const written = {
    text,
    ...(language ? { language } : {}),
    ...(disposition ? { disposition } : {}),
  };
  await core.perform(view.reference, "reply", draft ? { draft } : written, from);
}
