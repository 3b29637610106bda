/** Files that a server shows for their folder. */
const indexFiles = /\/(index|default|home|forum|forums|portal)\.(php|html?|aspx?|jsp|cgi|pl)$/i;

/** An address without what means nothing in it; `host` alone where two forums could share the host. */
export interface AddressKey {
  host: string;
  /** Host and path. Two addresses with the same key are one forum. */
  key: string;
}

/**
 * What an address comes down to when everything is left out that does not tell forums apart: the scheme, a port of that
 * scheme, `www.` and `m.`, capitals, a final slash or index file, what follows `?` or `#`. Takes what a person types,
 * with or without a scheme. Null for what is no web address with a name in it.
 */
export function normaliseAddress(typed: string): AddressKey | null {
  const text = typed.trim();
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(address)) return null;
  const { protocol, hostname, port, pathname, username, password } = new URL(address);
  if (protocol !== "https:" && protocol !== "http:") return null;
  if (username !== "" || password !== "") return null;
  const name = hostname.replace(/^(www\d?|m|mobile)\./, "").replace(/\.$/, "");
  if (!/^[^.]+(\.[^.]+)+$/.test(name) || /^[\d.]+$/.test(name)) return null;
  const host = port === "" ? name : `${name}:${port}`;
  const path = decoded(pathname)
    .replace(/\/{2,}/g, "/")
    .replace(indexFiles, "")
    .replace(/\/+$/, "")
    .toLowerCase();
  return { host, key: host + path };
}

function decoded(path: string): string {
  try {
    return decodeURI(path).normalize("NFC");
  } catch {
    return path;
  }
}
