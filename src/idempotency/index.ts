export { type Answer, answerOnce, changeOnce, findAnswer, hideKey, type Work } from "./answer-once.ts";
export { type Claimed, claimKey, keepAnswer, type Once } from "./store.ts";
