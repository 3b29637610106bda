export { type BackupReport, backup } from "./backup.ts";
export { keptEncryptionKey, replaceKeptKey } from "./encryption-key.ts";
export { type ContentKey, type Keyring, parseEncryptionKey } from "./keyring.ts";
export { containsPersonalData } from "./mask.ts";
export { takeRandom } from "./random.ts";
export { type RestoreReport, restore } from "./restore.ts";
export { followRotation, type Rotation, rotateEncryption } from "./rotate-encryption.ts";
export { loadKeyring } from "./store.ts";
