export { listingCriteria } from "../register/directory-facts.ts";
export {
  type Audience,
  audienceLabel,
  audiences,
  audienceVersion,
  type Facet,
  findAudience,
} from "./audiences.ts";
export { decideProposal } from "./decide-proposal.ts";
export { type Directory, directoryOf, searchDirectory } from "./directory.ts";
export { directoryColumns, rowOf as directoryRow } from "./directory-table.ts";
export {
  type ExchangeFormat,
  exchangeFormats,
  exportDirectory,
  importDirectory,
  toCsv,
} from "./exchange-directory.ts";
export { idOf } from "./forum-id.ts";
export { leaveForum, stopCallbacks } from "./leave-forum.ts";
export { type IssuedLink, issueLink, joinForum } from "./links.ts";
export { decidesProposals } from "./may-decide.ts";
export { forumRunBy } from "./may-run.ts";
export {
  Correction,
  Decision,
  NewForum,
  outcomesOf,
  type Proposal,
  Proposer,
  proposerRelations,
  slugOf,
} from "./proposal.ts";
export { type Known, lookUpAddress, proposeCorrection, proposeForum } from "./propose.ts";
export { isNamedOnly, type PublicEntry } from "./public-entry.ts";
export { createSecretMemory, type IssuedSecret, issueSecret, liveSecrets } from "./secrets.ts";
export { type DirectoryChange, showHistory } from "./show-history.ts";
export {
  listDecisions,
  type PublicProposal,
  readProposal,
  readQueue,
  showProposal,
} from "./show-proposals.ts";
export { buildDecisionNotice, forgetProposer, forgetProposers, isForProposer } from "./tell-proposer.ts";
export { listingLink, listingLinkFor, readListingToken, withdrawListing } from "./withdraw-listing.ts";
