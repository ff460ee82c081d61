/** Whether a request goes through the operator's proxy. Decided here and not by Node, because a proxied one is not pinned. */

/** As the environment variables of the same names. */
export interface ProxySettings {
  HTTPS_PROXY?: string;
  HTTP_PROXY?: string;
  /** Hosts, or domains beginning with a dot, separated by commas; `*` is all. */
  NO_PROXY?: string;
}

/** What Node's agents take as `proxyEnv`; `undefined` for a direct connection. */
export type ProxyRoute = { HTTPS_PROXY: string } | { HTTP_PROXY: string } | undefined;

export function proxyFor(url: URL, settings: ProxySettings | undefined): ProxyRoute {
  const { HTTPS_PROXY, HTTP_PROXY, NO_PROXY = '' } = settings ?? {};
  const direct = NO_PROXY.split(',').some((entry) => covers(entry.trim().toLowerCase(), url.hostname));
  if (direct) return undefined;
  if (url.protocol === 'https:') return HTTPS_PROXY ? { HTTPS_PROXY } : undefined;
  return HTTP_PROXY ? { HTTP_PROXY } : undefined;
}

function covers(entry: string, host: string): boolean {
  if (entry === '') return false;
  if (entry === '*') return true;
  const domain = entry.replace(/^\*?\./, '');
  return host === domain || host.endsWith(`.${domain}`);
}
