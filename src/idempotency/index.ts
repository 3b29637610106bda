export {
  type Answer,
  answerOnce,
  askOnce,
  changeOnce,
  findAnswer,
  hashRequest,
  hideKey,
  type Work,
} from "./answer-once.ts";
export { type Claimed, claimKey, keepAnswer, type Once } from "./store.ts";
