/** A code out of what somebody typed: alone, or at the end of the link that stands beside a reply. Empty when there is none. */
export function readCode(typed: string): string {
  const last = typed
    .trim()
    .replace(/[?#].*$/, "")
    .split("/")
    .findLast((part) => part !== "");
  return (last ?? "").slice(0, 60);
}

/** The host of an address as somebody typed it, with or without its scheme and `www`; undefined when it is none. */
export function placeOf(typed: string): string | undefined {
  const text = typed.trim();
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(address)) return undefined;
  const { protocol, hostname } = new URL(address);
  const isWeb = protocol === "https:" || protocol === "http:";
  return isWeb && hostname.includes(".") ? hostname.replace(/^www\./, "") : undefined;
}
