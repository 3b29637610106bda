import type { FastifyReply, FastifyRequest } from "fastify";
import type { Actor } from "../../src/contract/actor.ts";
import { DomainError } from "../../src/contract/errors.ts";
import { bodyOf, choices, newestIn, type Values } from "./actions.ts";
import {
  type Desk,
  goTo,
  newOnce,
  onceOf,
  paramsOf,
  show,
  type Trouble,
  troubleOf,
  valuesOf,
} from "./page.ts";
import { choicesIn, done, type Seen, see, showReferral } from "./referral.ts";
import { showReplyForm, takeReply } from "./replying.ts";
import type { Possible } from "./standing.ts";

/** The action an address names, where it may be done now; otherwise the referral says how it stands. */
const wanted = ({ possible }: Seen, request: FastifyRequest): Possible | undefined =>
  possible.find(({ action }) => action.id === paramsOf(request).action);

const gone = (seen: Seen): Trouble => ({
  code: "referral/not-possible",
  says: "",
  state: seen.view.state,
});

/** `GET /desk/{reference}/{action}`: the form of an action. */
export async function showForm(
  desk: Desk,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const seen = await see(desk, request);
  const chosen = wanted(seen, request);
  if (chosen === undefined) return showReferral(desk, request, reply.code(409), gone(seen));
  if (chosen.action.id === "reply") return showReplyForm(desk, request, reply, seen, { values: {} });
  const reviewed = chosen.action.id === "correct" ? newestIn(seen.view, "delivered", "corrected") : undefined;
  return formPage(desk, request, reply, seen, chosen, { text: reviewed?.text ?? "" }, []);
}

async function formPage(
  desk: Desk,
  request: FastifyRequest,
  reply: FastifyReply,
  { view }: Seen,
  { action }: Possible,
  values: Values,
  troubles: readonly Trouble[],
): Promise<FastifyReply> {
  const offered = await choicesIn(desk.core, view, action);
  return show(desk, request, reply.code(troubles.length > 0 ? 422 : 200), "form", {
    view,
    action,
    values,
    troubles,
    hasErrors: troubles.length > 0,
    once: newOnce(),
    choices,
    ...offered,
    about: action.id === "review" ? newestIn(view, "draft") : null,
  });
}

/** `POST /desk/{reference}/{action}`: does it, once for each form, and leads back to the referral. */
export async function act(desk: Desk, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const seen = await see(desk, request);
  const values = valuesOf(request);
  const { action: id } = paramsOf(request);
  const chosen = wanted(seen, request);
  if (chosen === undefined) return actAgain(desk, request, reply, seen, values);
  if (id === "reply") return takeReply(desk, request, reply, seen, chosen.actor);
  const missing = chosen.action.fields
    .filter(({ name, optional }) => !optional && !values[name])
    .map(({ name }): Trouble => ({ code: "missing", says: "", field: name }));
  if (missing.length > 0) return formPage(desk, request, reply, seen, chosen, values, missing);
  try {
    await perform(desk, seen, chosen, values);
    return done(desk, request, reply, id);
  } catch (error) {
    if (error instanceof DomainError && error.code === "advisor/guidance-not-acknowledged")
      return goTo(desk, request, reply, `/desk/guidance?ref=${encodeURIComponent(seen.view.reference)}`);
    const trouble = troubleOf(error);
    return chosen.action.fields.length === 0
      ? showReferral(desk, request, reply.code(409), trouble)
      : formPage(desk, request, reply, seen, chosen, values, [trouble]);
  }
}

const perform = ({ core }: Desk, { view }: Seen, { action, actor }: Possible, values: Values) =>
  core.perform(view.reference, action.verb, bodyOf(action, view, values), inboundOf(actor, values));

const inboundOf = (actor: Actor, values: Values) => ({ actor, eventId: `desk:${onceOf(values)}` });

/**
 * An action that is possible no more. The race for a claim is asked of the core all the same, which counts who lost it and
 * tells who won; a form that was sent twice gets the answer of the first time.
 */
async function actAgain(
  desk: Desk,
  request: FastifyRequest,
  reply: FastifyReply,
  seen: Seen,
  values: Values,
): Promise<FastifyReply> {
  const { action } = paramsOf(request);
  const advisor = seen.standings.find(({ actor }) => actor.kind === "advisor")?.actor;
  if (action !== "claim" || advisor === undefined)
    return showReferral(desk, request, reply.code(409), gone(seen));
  try {
    await desk.core.perform(seen.view.reference, "claim", {}, inboundOf(advisor, values));
    return done(desk, request, reply, "claim");
  } catch (error) {
    return showReferral(desk, request, reply.code(409), troubleOf(error));
  }
}
