import { DomainError, type ErrorCode, errorCodes, type InputError } from "../contract/errors.ts";
import { isUnavailable } from "../db/index.ts";

/** The status of every refusal. Total: a code without a status does not compile. */
export const statusOf: Record<ErrorCode, number> = {
  "request/malformed": 400,
  "request/invalid": 422,
  "request/too-large": 413,
  "request/unsupported-media-type": 415,
  "request/not-found": 404,
  "request/method-not-allowed": 405,
  "request/idempotency-key-missing": 422,
  "request/idempotency-key-reused": 409,
  "request/rate-limited": 429,
  "request/timed-out": 408,
  "access/unauthenticated": 401,
  "access/forbidden": 403,
  "access/key-not-found": 404,
  "access/email-unknown": 404,
  "access/link-invalid": 404,
  "access/oidc-refused": 403,
  "access/stranger": 403,
  "access/scope-unknown": 422,
  "signature/invalid": 401,
  "signature/stale": 401,
  "forum/not-found": 404,
  "forum/no-intervention": 403,
  "forum/direct-not-agreed": 403,
  "forum/consent-not-allowed": 422,
  "forum/link-invalid": 404,
  "forum/already-joined": 409,
  "forum/not-proved": 403,
  "forum/no-callback": 409,
  "proposal/not-found": 404,
  "proposal/decided": 409,
  "proposal/own-decision": 403,
  "referral/not-found": 404,
  "referral/not-possible": 409,
  "referral/changed": 409,
  "referral/already-claimed": 409,
  "referral/erased": 410,
  "pool/not-found": 404,
  "pool/already-tried": 409,
  "advisor/guidance-not-acknowledged": 403,
  "advisor/not-found": 404,
  "reply/in-flight": 409,
  "reply/not-found": 404,
  "reply/clearance-needed": 409,
  "reply/not-approved": 409,
  "reply/own-clearance": 403,
  "outcome/incomplete": 422,
  "outcome/said-by-another": 403,
  "register/invalid": 422,
  "register/in-use": 409,
  "register/adapter-unknown": 422,
  "delivery/not-found": 404,
  "delivery/not-replayable": 409,
  "stats/period-invalid": 422,
  "plan/not-found": 404,
  "plan/not-possible": 409,
  "progress/not-found": 404,
  "clinic/not-found": 404,
  "clinic/not-possible": 409,
  "service/unavailable": 503,
  "service/fault": 500,
};

/** The body of a refusal (RFC 9457), as `application/problem+json`. Members of the error's own may follow. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ErrorCode;
  /** Names this one occurrence: the id of the request, which the log has too. */
  instance?: string;
  errors?: InputError[];
  [field: string]: unknown;
}

/** Fastify's refusals that are not told by their status alone. */
const frameworkCodes: Record<string, ErrorCode> = {
  FST_ERR_CTP_BODY_TOO_LARGE: "request/too-large",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "request/unsupported-media-type",
  FST_ERR_BAD_URL: "request/not-found",
  FST_ERR_MAX_PARAM_LENGTH: "request/not-found",
  FST_ERR_NOT_FOUND: "request/not-found",
};

const statusCodes: Record<number, ErrorCode> = {
  404: "request/not-found",
  408: "request/timed-out",
  413: "request/too-large",
  415: "request/unsupported-media-type",
  429: "request/rate-limited",
};

/**
 * Any error as the refusal a caller may see. What the product did not foresee becomes `service/fault`, without a word
 * of the error's own; a database that does not answer becomes `service/unavailable`.
 */
export function toDomainError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  const code = frameworkCode(error);
  if (code !== undefined) return new DomainError(code, { cause: error });
  if (isUnavailable(error)) return new DomainError("service/unavailable", { cause: error });
  return new DomainError("service/fault", { cause: error });
}

/** The answer's body for an error. `requestId` becomes `instance`. */
export function toProblem(error: unknown, requestId?: string): Problem {
  const refusal = toDomainError(error);
  const { code, fields, errors, message } = refusal;
  return {
    ...fields,
    type: `urn:fingerpost:error:${code}`,
    title: errorCodes[code],
    status: statusOf[code],
    detail: message,
    code,
    ...(requestId === undefined ? {} : { instance: `urn:uuid:${requestId}` }),
    ...(errors.length === 0 ? {} : { errors }),
  };
}

/** Only errors that Fastify or a plugin of it made are read this way: they carry a code and a 4xx status. */
function frameworkCode(error: unknown): ErrorCode | undefined {
  if (!(error instanceof Error) || !("statusCode" in error) || typeof error.statusCode !== "number")
    return undefined;
  const { statusCode } = error;
  if (statusCode < 400 || statusCode >= 500) return undefined;
  const known = "code" in error && typeof error.code === "string" ? frameworkCodes[error.code] : undefined;
  return known ?? statusCodes[statusCode] ?? "request/malformed";
}
