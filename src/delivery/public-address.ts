import ipaddr from "ipaddr.js";

/**
 * Whether an IP address belongs to the public internet: false for loopback, private, link-local, carrier-grade NAT,
 * unspecified, multicast, reserved and documentation ranges of both families, for every form that carries an IPv4
 * address inside an IPv6 one (mapped, 6to4, Teredo, NAT64), and for what is no address. Ranges are ipaddr.js's, which follow
 * IANA's registries of special-purpose addresses, with the ones it takes for public named below.
 */
export function isPublicAddress(address: string): boolean {
  // A zone such as `%eth0` names an interface of this machine.
  if (address.includes("%") || !ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== "unicast") return false;
  const embedded = parsed instanceof ipaddr.IPv6 && embeddingRanges.some((range) => parsed.match(range));
  return !embedded;
}

/** NAT64 for local use (RFC 8215), IPv4-compatible addresses (RFC 4291), and what IANA has not given out for unicast. */
const embeddingRanges = ["64:ff9b:1::/48", "::/96", "fec0::/10", "5f00::/16"].map((range) =>
  ipaddr.IPv6.parseCIDR(range),
);
