/**
 * Every refusal the product gives, with the sentence a person reads when nothing more exact is known.
 * HTTP knows the status of each (`http/problems.ts`), `docs/errors.md` lists them all; a test holds the three together.
 */
export const errorCodes = {
  "request/malformed": "The body is not well-formed JSON.",
  "request/invalid": "The body does not match what this call accepts.",
  "request/too-large": "The body is larger than this call takes.",
  "request/unsupported-media-type": "Send the body as application/json.",
  "request/not-found": "There is nothing at this address.",
  "request/method-not-allowed": "This address does not accept that method.",
  "request/idempotency-key-missing": "Send an Idempotency-Key header, so that a repeat changes nothing.",
  "request/idempotency-key-reused": "This id was used before with another body.",
  "request/rate-limited": "Too many requests. Wait as long as Retry-After says.",
  "request/timed-out": "The request took too long to arrive.",
  "access/unauthenticated": "No valid key, session or signature came with the request.",
  "access/forbidden": "This key or person may not do that.",
  "access/key-not-found": "There is no such key.",
  "access/email-unknown": "Nobody in the register has this email address.",
  "access/link-invalid": "This sign-in link is unknown, already used or expired.",
  "access/oidc-refused": "Sign-in was not completed.",
  "access/stranger": "Nobody in the register has this verified email address.",
  "access/scope-unknown": "A scope of this key names nobody in the register.",
  "signature/invalid": "The signature does not hold for these bytes and this forum.",
  "signature/stale": "The timestamp is too far from now.",
  "forum/not-found": "There is no such forum.",
  "forum/no-intervention": "This forum has not agreed to take referrals.",
  "forum/direct-not-agreed": "This forum has not agreed to direct participation.",
  "forum/consent-not-allowed": "This forum does not accept that kind of consent.",
  "forum/link-invalid": "This code is unknown, used or out of date.",
  "forum/not-proved": "You have not yet proved that this forum is yours.",
  "forum/no-callback": "This forum has no address to call back, or is not on the webhook platform.",
  "forum/already-joined": "This place belongs to another forum already.",
  "proposal/not-found": "There is no such proposal.",
  "proposal/decided": "This proposal has been decided.",
  "proposal/own-decision": "An appeal is decided by somebody else.",
  "referral/not-found": "There is no such referral.",
  "referral/not-possible": "This step is not possible while the referral is in this state.",
  "referral/changed": "The referral has changed since you read it.",
  "referral/already-claimed": "Somebody else has claimed this referral.",
  "referral/erased": "The content of this referral has been erased.",
  "pool/not-found": "There is no such pool.",
  "pool/already-tried": "That pool has already had this referral.",
  "advisor/guidance-not-acknowledged": "Read and acknowledge the guidance before the first claim.",
  "advisor/not-found": "There is no such advisor in this pool.",
  "reply/in-flight": "A reply is on its way. Wait until the forum has it.",
  "reply/not-found": "There is no such reply.",
  "reply/clearance-needed": "This pool has every reply approved by a second person.",
  "reply/not-approved": "This draft has not been approved.",
  "reply/own-clearance": "You cannot clear your own reply.",
  "outcome/incomplete": "This outcome is missing a part or does not fit together.",
  "outcome/said-by-another": "You may not speak for that person.",
  "register/invalid": "The register has mistakes.",
  "register/in-use": "The register would remove something that has open referrals.",
  "register/adapter-unknown": "No adapter exists for this platform.",
  "delivery/not-found": "There is no such delivery.",
  "delivery/not-replayable": "Only a parked or refused delivery can be replayed.",
  "stats/period-invalid": "The period must end after it begins.",
  "plan/not-found": "There is no such department or plan.",
  "plan/not-possible": "This step is not possible while the plan is in this state.",
  "progress/not-found": "There is no such progress report.",
  "clinic/not-found": "There is no such clinic, session or question.",
  "clinic/not-possible": "This step is not possible while the clinic or session is in this state.",
  "service/unavailable": "The service cannot answer at the moment. Try again.",
  "service/fault": "Something went wrong on our side. Nothing was accepted.",
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** One mistake in an input: where it is (a JSON pointer, RFC 6901), what is wrong, and what to do. */
export interface InputError {
  pointer: string;
  detail: string;
  hint?: string;
}

/** The refusal of one mistake in an input. */
export const invalidAt = (pointer: string, detail: string): DomainError =>
  new DomainError("request/invalid", { errors: [{ pointer, detail }] });

export interface DomainErrorOptions {
  detail?: string;
  /** Safe members that the answer carries beside the code, such as `state` or `claimedBy`. Never content. */
  fields?: Record<string, unknown>;
  errors?: InputError[];
  cause?: unknown;
}

/** A refusal with a literal code and a message that is safe to show. Carries no HTTP. */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly fields: Record<string, unknown>;
  readonly errors: InputError[];

  constructor(code: ErrorCode, options: DomainErrorOptions = {}) {
    super(
      options.detail ?? errorCodes[code],
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = "DomainError";
    this.code = code;
    this.fields = options.fields ?? {};
    this.errors = options.errors ?? [];
  }
}
