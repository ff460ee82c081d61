/**
 * Which addresses a request may go to. A webhook or a source is a request made from inside the operator's network to an
 * address that somebody typed: without this, anybody who may set one could reach what only the server reaches.
 */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';

export type Lookup = (host: string) => Promise<readonly string[]>;

export const systemLookup: Lookup = async (host) => (await lookup(host, { all: true })).map((a) => a.address);

export class PrivateAddress extends Error {
  override readonly name = 'PrivateAddress';
}

/**
 * The address to connect to: looked up once and then used as it is, so that a second answer cannot lead elsewhere.
 * @param isPublic the rule, knowledge/access/public-address.ts.
 * @throws PrivateAddress when any of the host's addresses is not public. Also what the lookup throws.
 */
export async function publicAddress(
  host: string,
  resolve: Lookup,
  isPublic: (address: string) => boolean,
): Promise<string> {
  const bare = host.replace(/^\[|\]$/g, '');
  const addresses = isIP(bare) ? [bare] : await resolve(bare);
  const [first] = addresses;
  if (first === undefined) throw new Error(`${bare} has no address`);
  if (!addresses.every(isPublic)) throw new PrivateAddress(`${bare} is not a public address`);
  return first;
}
