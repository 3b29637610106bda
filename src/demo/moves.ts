import { bodyOf, check, Referral, type Referral as ReferralType, referralOf } from "./answers.ts";
import { type Callback, siteOf } from "./forum-server.ts";
import type { Who } from "./narrator.ts";
import type { Scene, Told } from "./scene.ts";
import type { Signing, Stage } from "./stage.ts";

/** What a forum sends; the rest of the body has values that most posts of the day share. */
export interface Post {
  title: string;
  excerpt: string;
  topic?: string;
  nation?: string;
  language?: string;
  consent?: string;
}

/** The body of a referral, as the forum's software makes it from a post and the moderator's choices. */
export function bodyFor(forum: string, thread: number, post: Post): Record<string, unknown> {
  return {
    url: `https://${siteOf(forum)}/thread/${thread}#post-1`,
    moderator: "moderator-7",
    member: `member-of-${thread}`,
    consent: "member-agreed",
    ...post,
  };
}

/** Where a new referral went and why, as the moderator reads it. */
export const placed = ({ reference, pool, routing }: ReferralType): string[] => [
  `${pool?.name ?? "Triage"} (${reference})`,
  routing.because,
];

interface Refers {
  at: string;
  does: string;
  forum: string;
  thread: number;
  post: Post;
  signing?: Signing;
  /** The pool that has to get it. */
  pool: string;
}

/** A moderator refers a post, which a rule brings to a pool. Gives the reference. */
export async function refers({ stage, step }: Scene, how: Refers): Promise<string> {
  let reference = "";
  await step({
    at: how.at,
    who: "Moderator",
    does: how.does,
    async run() {
      const body = bodyFor(how.forum, how.thread, how.post);
      const referral = referralOf(
        await stage.signed(how.forum, "referrals", body, how.signing),
        201,
        "offered",
      );
      check(referral.pool?.slug === how.pool, `the pool ${how.pool}`, referral.pool?.slug);
      reference = referral.reference;
      return { details: placed(referral) };
    },
  });
  return reference;
}

/** Has an advisor read and acknowledge the guidance, which every first claim needs. */
export async function acknowledge(stage: Stage, advisor: string): Promise<void> {
  const key = await stage.keyOf(`advisor:${advisor}`);
  const path = "/v1/guidance/acknowledgements";
  const { status } = await stage.call({ method: "POST", path, key, body: {} });
  check(status === 201 || status === 200, "the acknowledgement kept", String(status));
}

/** An advisor claims what nobody else wants. */
export async function claims(
  { stage, step }: Scene,
  at: string,
  advisor: string,
  reference: string,
  aside = "",
): Promise<void> {
  await step({
    at,
    who: "Advisor",
    does: `${stage.nameOf(advisor)} claims it${aside}`,
    async run() {
      await acknowledge(stage, advisor);
      referralOf(await stage.verb(`advisor:${advisor}`, reference, "claim"), 200, "claimed");
      return {};
    },
  });
}

/** The newest callback about a referral that its forum has verified. */
export function newest(stage: Stage, reference: string, type: string): Callback {
  const found = stage.forums.callbacks.findLast(({ data }) => data.reference === reference);
  check(found?.type === type, `the callback ${type}, its signature verified`, found?.type ?? "none");
  return found;
}

/** A callback as the forum shows it under the post. */
export function shown({ forum, data }: Callback): Told {
  const signature = data.from ? [`— ${data.from.pool}, ${data.from.department}`] : [];
  const verify = data.verify ? [`Is this official? ${new URL(data.verify.url).pathname}`] : [];
  return {
    box: { title: siteOf(forum), paragraphs: [...(data.text ?? "").split("\n\n"), ...signature, ...verify] },
  };
}

interface Replies {
  at: string;
  advisor: string;
  reference: string;
  does?: string;
  body: { text: string } | { draft: string };
}

/** The owner replies, and the forum has it: sent, received, verified and shown. */
export async function replies({ stage, step }: Scene, how: Replies): Promise<void> {
  const { at, reference, advisor } = how;
  await step({
    at,
    who: "Advisor",
    does: how.does ?? `${stage.nameOf(advisor)} replies`,
    async run() {
      const answer = await stage.verb(`advisor:${advisor}`, reference, "reply", how.body);
      referralOf(answer, 202, "claimed");
      return {};
    },
  });
  await step({
    at,
    who: "Forum",
    does: "has it, finds the signature genuine, and shows it:",
    async run() {
      const callback = newest(stage, reference, "referral.replied");
      referralOf(await look(stage, reference), 200, "replied");
      return shown(callback);
    },
  });
}

/** A referral as an administrator reads it. */
export const look = (stage: Stage, reference: string) =>
  stage.call({ path: `/v1/referrals/${reference}`, key: stage.adminKey });

interface Feedback {
  at: string;
  who: Extract<Who, "Member" | "Moderator">;
  does: string;
  forum: string;
  reference: string;
  result: string;
}

/** The member, or a moderator, says whether it helped; the outcome keeps who said so. */
export async function saysSo({ stage, step }: Scene, how: Feedback): Promise<void> {
  const saidBy = how.who.toLowerCase();
  await step({
    at: how.at,
    who: how.who,
    does: how.does,
    async run() {
      const event = { type: "feedback", reference: how.reference, result: how.result, saidBy };
      const referral = bodyOf(await stage.signed(how.forum, "events", event), 200, Referral);
      const { state, outcome } = referral;
      const said = outcome?.result === how.result && outcome.saidBy === saidBy;
      check(state === "resolved" && said, `resolved: ${how.result}, said by the ${saidBy}`, {
        state,
        outcome,
      });
      return {};
    },
  });
}
