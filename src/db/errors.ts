/** SQLSTATE codes after which the same call may succeed: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const unavailableStates = /^(08|53|57P0[1-5]|57014|55P03|40001|40P01|25P0[34]|58)/;
/** Prisma's codes for the same: https://www.prisma.io/docs/orm/reference/error-reference */
const unavailableCodes = new Set([
  "P1001",
  "P1002",
  "P1008",
  "P1011",
  "P1017",
  "P2024",
  "P2028",
  "P2034",
  "P2037",
]);
const socketCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "ETIMEDOUT",
  "ENOENT",
  "EPIPE",
  "EHOSTUNREACH",
]);
/** What pg says where it gives no code. */
const driverMessages =
  /timeout exceeded when trying to connect|Query read timeout|Connection terminated|connection timeout|Client has encountered a connection error|Cannot use a pool after calling end/i;

/**
 * Whether an error means "not now" rather than "no": the database cannot be reached, is starting or stopping, took too long,
 * or chose this transaction to give way to another. Nothing was committed that the caller was told of.
 */
export function isUnavailable(error: unknown): boolean {
  return chainOf(error).some(
    (link) =>
      codesOf(link).some(
        (code) =>
          unavailableCodes.has(code) ||
          socketCodes.has(code) ||
          (code.length === 5 && unavailableStates.test(code)),
      ) ||
      (link instanceof Error && driverMessages.test(link.message)),
  );
}

/** Whether an error is a row that exists already (SQLSTATE 23505, Prisma's P2002). */
export function isDuplicate(error: unknown): boolean {
  return chainOf(error).some((link) => codesOf(link).some((code) => code === "23505" || code === "P2002"));
}

/** Whether an error is a row that breaks a rule of its table (SQLSTATE 23514). */
export function isCheckViolation(error: unknown): boolean {
  return chainOf(error).some((link) => codesOf(link).includes("23514"));
}

/** The error and what it wraps: Prisma hides the driver's error in `meta.driverAdapterError` and in `cause`. */
function chainOf(error: unknown): object[] {
  const links: object[] = [];
  let link: unknown = error;
  while (typeof link === "object" && link !== null && links.length < 8) {
    links.push(link);
    link = inner(link);
  }
  return links;
}

function inner(link: object): unknown {
  if (
    "meta" in link &&
    typeof link.meta === "object" &&
    link.meta !== null &&
    "driverAdapterError" in link.meta
  ) {
    return link.meta.driverAdapterError;
  }
  return "cause" in link ? link.cause : undefined;
}

function codesOf(link: object): string[] {
  const found = [
    "code" in link ? link.code : undefined,
    "originalCode" in link ? link.originalCode : undefined,
  ];
  return found.filter((code) => typeof code === "string");
}
