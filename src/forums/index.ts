export { stopCallbacks } from "./leave-forum.ts";
export { type IssuedLink, issueLink, joinForum } from "./links.ts";
export { type IssuedSecret, issueSecret, liveSecrets } from "./secrets.ts";
