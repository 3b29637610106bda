export { type Answer, answerOnce, type Work } from "./answer-once.ts";
export { type Claimed, claimKey, keepAnswer, type Once } from "./store.ts";
