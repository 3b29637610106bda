export { type Applied, type ApplyDeps, applyRegister } from "./apply-register.ts";
export { changeRows, summariseChanges } from "./describe-changes.ts";
export { exportRegister, toYaml } from "./export-register.ts";
export { parseRegister, readRegisterText } from "./parse-document.ts";
export { createRegisterReader, registerAtHand, revisionOf } from "./reader.ts";
export { loadRegister } from "./store/load.ts";
export { bumpRevision, lockRegister } from "./store/state.ts";
export { rulesOfVersion } from "./store/versions.ts";
