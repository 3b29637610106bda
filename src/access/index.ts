export { actAs } from "./act-as.ts";
export { type AuthenticateDeps, authenticateKey } from "./authenticate-key.ts";
export { type CreatedKey, createKey } from "./create-key.ts";
export { type Acknowledgement, acknowledgeGuidance, guidance } from "./guidance.ts";
export { type ListedKey, listKeys } from "./list-keys.ts";
export { type RevokedKey, revokeKey } from "./revoke-key.ts";
export { hasAcknowledged } from "./store.ts";
