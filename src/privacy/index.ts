export { type ContentKey, createKeyring, type Keyring, parseEncryptionKey } from "./keyring.ts";
export { containsPersonalData, maskText } from "./mask.ts";
export { loadKeyring } from "./store.ts";
