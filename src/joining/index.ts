export { Agreement, agreeIntervention } from "./agree.ts";
export { checkSignature, type SignatureVerdict, SignedCall } from "./check-signature.ts";
export {
  hostOf,
  type Mailbox,
  mailboxes,
  mailProof,
  type ProofDeps,
  proofCode,
  proveForum,
  recordFor,
} from "./proof.ts";
export {
  sendTestReferral,
  showTestReferral,
  type Walk,
  withTestNotices,
  withTestSteps,
} from "./test-referral.ts";
