export {
  type Audience,
  audienceLabel,
  audiences,
  audienceVersion,
  type Facet,
  facets,
  findAudience,
} from "./audiences.ts";
export { type Directory, directoryOf, findDuplicates, searchDirectory } from "./directory.ts";
export { idOf } from "./forum-id.ts";
export { stopCallbacks } from "./leave-forum.ts";
export { type IssuedLink, issueLink, joinForum } from "./links.ts";
export type { PublicEntry } from "./public-entry.ts";
export { type IssuedSecret, issueSecret, liveSecrets } from "./secrets.ts";
export { type DirectoryChange, showHistory } from "./show-history.ts";
export { listingLink, readListingToken, withdrawListing } from "./withdraw-listing.ts";
