import type { QuestionBody } from "../contract/bodies.ts";
import type { Asked } from "../contract/core-api.ts";
import { DomainError } from "../contract/errors.ts";
import type { Language } from "../contract/vocabulary.ts";
import type { Deps } from "../deps.ts";
import { changeOnce, hashRequest } from "../idempotency/index.ts";
import { hasAgreed } from "../register/forum-entry.ts";
import type { Register } from "../register/model.ts";
import { askQuestion } from "./ask-question.ts";
import type { Clinic } from "./document.ts";
import { selectClinic } from "./store.ts";

/**
 * Whether anybody may ask on the clinic's own page: the clinic says so, its forum agreed to that, and no member of the
 * forum has to be asked first, because nobody there knows who it was.
 */
export function takesPublicQuestions({ forums }: Register, { document, cancelledAt }: Clinic): boolean {
  const forum = forums.get(document.forum);
  if (!forum || forum.leftAt !== null || cancelledAt !== null || !document.publicQuestions) return false;
  return (
    hasAgreed(forum, "clinic") && forum.intervention?.publicQuestions === true && forum.consent !== "member"
  );
}

/**
 * Puts down what somebody asked on the clinic's page, as `askQuestion` does; they agreed themselves. The same `once` with
 * the same text gives the first answer. A clinic that takes no such questions is `access/forbidden`.
 */
export async function askInPublic(
  deps: Deps,
  input: { slug: string; text: string; language: Language; once: string },
): Promise<Asked> {
  const clinic = await selectClinic(deps.db, input.slug);
  if (!clinic) throw new DomainError("clinic/not-found");
  const { slug, document } = clinic;
  if (!takesPublicQuestions(await deps.register(deps.db), clinic) || document.thread === null)
    throw new DomainError("access/forbidden");
  const body: QuestionBody = {
    clinic: slug,
    excerpt: input.text,
    url: document.thread,
    moderator: "clinic-page",
    consent: "member-agreed",
    language: input.language,
    urgency: "normal",
    concern: false,
    audience: [],
  };
  const once = { scope: `clinic-page:${slug}`, key: input.once, requestHash: hashRequest(input.text) };
  const actor = { kind: "forum", forum: document.forum, voice: "member" } as const;
  return changeOnce(deps, once, (transaction) =>
    askQuestion(
      { ...deps, transaction },
      { forum: document.forum, body, eventId: `page:${input.once}`, isPublic: true },
      actor,
    ),
  );
}
