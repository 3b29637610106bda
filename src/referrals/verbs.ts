import type { Verb } from "./verb.ts";
import { acknowledgeReferral } from "./verbs/acknowledge-referral.ts";
import { answerConsent } from "./verbs/answer-consent.ts";
import { answerQuestion } from "./verbs/answer-question.ts";
import { askMember } from "./verbs/ask-member.ts";
import { claimReferral } from "./verbs/claim-referral.ts";
import { closeReferral } from "./verbs/close-referral.ts";
import { correctReply } from "./verbs/correct-reply.ts";
import { declineReferral } from "./verbs/decline-referral.ts";
import { divertReferral } from "./verbs/divert-referral.ts";
import { draftReply } from "./verbs/draft-reply.ts";
import { followUpReply } from "./verbs/follow-up-reply.ts";
import { giveFeedback } from "./verbs/give-feedback.ts";
import { mergeReferral } from "./verbs/merge-referral.ts";
import { noteReferral } from "./verbs/note-referral.ts";
import { reassignClearance } from "./verbs/reassign-clearance.ts";
import { recallDraft } from "./verbs/recall-draft.ts";
import { releaseReferral } from "./verbs/release-referral.ts";
import { reopenReferral } from "./verbs/reopen-referral.ts";
import { replyReferral } from "./verbs/reply-referral.ts";
import { rerouteReferral } from "./verbs/reroute-referral.ts";
import { resolveReferral } from "./verbs/resolve-referral.ts";
import { retractReply } from "./verbs/retract-reply.ts";
import { reviewDraft } from "./verbs/review-draft.ts";
import { splitReferral } from "./verbs/split-referral.ts";
import { standDownReferral } from "./verbs/stand-down-referral.ts";
import { transferReferral } from "./verbs/transfer-referral.ts";
import { withdrawReferral } from "./verbs/withdraw-referral.ts";

/** Every verb with an address of its own, by the name in that address. */
export const verbs: ReadonlyMap<string, Verb> = new Map(
  [
    answerConsent,
    claimReferral,
    releaseReferral,
    transferReferral,
    declineReferral,
    rerouteReferral,
    divertReferral,
    acknowledgeReferral,
    standDownReferral,
    noteReferral,
    askMember,
    answerQuestion,
    followUpReply,
    draftReply,
    recallDraft,
    reassignClearance,
    reviewDraft,
    replyReferral,
    correctReply,
    retractReply,
    resolveReferral,
    closeReferral,
    withdrawReferral,
    mergeReferral,
    splitReferral,
    reopenReferral,
    giveFeedback,
  ].map((verb) => [verb.name, verb as Verb]),
);
