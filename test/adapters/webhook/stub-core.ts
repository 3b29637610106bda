import type { CoreApi } from "../../../src/contract/core-api.ts";

/** A core of which a test gives only the verbs it means to see used; every other one is an error. */
export function stubCore(given: Partial<CoreApi>): CoreApi {
  const unused = (verb: string) => async (): Promise<never> => {
    throw new Error(`The core was asked for ${verb}.`);
  };
  return {
    submitReferral: unused("submitReferral"),
    reportEvent: unused("reportEvent"),
    askQuestion: unused("askQuestion"),
    withdrawQuestion: unused("withdrawQuestion"),
    perform: unused("perform"),
    checkReply: unused("checkReply"),
    viewReferral: unused("viewReferral"),
    listReferrals: unused("listReferrals"),
    rolesOn: unused("rolesOn"),
    colleaguesIn: unused("colleaguesIn"),
    dutyOf: unused("dutyOf"),
    suggestTopics: unused("suggestTopics"),
    choicesAtHand: () => ({ likely: [], topics: [], pools: [] }),
    stats: unused("stats"),
    statsPicture: unused("statsPicture"),
    forumSecrets: unused("forumSecrets"),
    authenticate: unused("authenticate"),
    findForum: unused("findForum"),
    forumAtHand: () => undefined,
    listForums: unused("listForums"),
    findPool: unused("findPool"),
    findPerson: unused("findPerson"),
    listPlaces: unused("listPlaces"),
    joinForum: unused("joinForum"),
    acknowledgeGuidance: unused("acknowledgeGuidance"),
    guidance: unused("guidance"),
    ...given,
  };
}
