export { actAs } from "./act-as.ts";
export {
  type AuthenticateDeps,
  authenticateKey,
  createAuthentication,
  type Proof,
} from "./authenticate-key.ts";
export { type CreatedKey, createKey } from "./create-key.ts";
export { type Acknowledgement, acknowledgeGuidance, guidance } from "./guidance.ts";
export { type ListedKey, listKeys } from "./list-keys.ts";
export { createOidc, flowSeconds, type Oidc, type OidcSettings } from "./oidc.ts";
export { type RevokedKey, revokeKey } from "./revoke-key.ts";
export { endSession, findVisitor, forgetEndedSessions, isFormOf } from "./sessions.ts";
export {
  isSignInLinkGood,
  issueLinkFor,
  issueSignInLink,
  type Mail,
  mailSignInLink,
  type SignInLink,
  signInByLink,
} from "./sign-in-links.ts";
export { hasAcknowledged } from "./store.ts";
