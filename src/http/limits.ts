/** What one connection and one address may take. */
export interface Limits {
  /** A whole body, in bytes. */
  bodyBytes: number;
  /** From the first byte of a request to its last. */
  requestMs: number;
  /** The headers' part of that. */
  headersMs: number;
  /** How often slow connections are looked for; a request may outlast its limit by this much. */
  checkConnectionsMs: number;
  /** Requests with no or a wrong key or signature from one address, before they are told to wait. */
  failedAttemptsPerMinute: number;
}

export const limits: Limits = {
  bodyBytes: 64 * 1024,
  requestMs: 15_000,
  headersMs: 10_000,
  checkConnectionsMs: 1_000,
  failedAttemptsPerMinute: 600,
};
