const validForMs = 180 * 24 * 3_600_000;

/** `/.well-known/security.txt` (RFC 9116): where to read how to report a weakness, valid for half a year from now. */
export function securityText(baseUrl: string, now: Date): string {
  return [
    `Contact: ${baseUrl}/security`,
    `Policy: ${baseUrl}/security`,
    `Canonical: ${baseUrl}/.well-known/security.txt`,
    `Expires: ${new Date(now.getTime() + validForMs).toISOString()}`,
    "Preferred-Languages: en, cy",
    "",
  ].join("\n");
}
