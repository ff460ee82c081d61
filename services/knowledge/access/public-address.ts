/** Which addresses are public: reachable from anywhere, and so no way into the network a server stands in. */
import { BlockList, isIP } from 'node:net';

// One list a family: in a shared one the IPv6 prefixes would also match IPv4, by way of ::ffff:0:0/96.
const refused4 = new BlockList();
const refused6 = new BlockList();
// IANA special-purpose registries (RFC 6890): private, loopback, link-local (cloud metadata), shared, test, multicast.
for (const [address, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  refused4.addSubnet(address, bits, 'ipv4');
}
// Only global unicast, 2000::/3, and of it not what tunnels into IPv4 (Teredo, 6to4) or is documentation.
for (const [address, bits] of [
  ['::', 3],
  ['4000::', 2],
  ['8000::', 1],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
] as const) {
  refused6.addSubnet(address, bits, 'ipv6');
}

export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return false;
  return family === 4 ? !refused4.check(address, 'ipv4') : !refused6.check(address, 'ipv6');
}

/**
 * Whether what a URL names as its host is, without asking anybody, no public address: a number that is none, or this very
 * machine. A name may still lead to one; whoever connects asks what it means then.
 */
export function isPrivateHost(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '');
  if (isIP(bare) !== 0) return !isPublicAddress(bare);
  return /^(.*\.)?localhost\.?$/i.test(bare); // RFC 6761 section 6.3
}
