/** The address is the state: path and filters. Links are ordinary links; this only saves the reload. */
import { tick } from 'svelte';

const current = $state({ path: location.pathname, query: new URLSearchParams(location.search) });

function read(): void {
  current.path = location.pathname;
  current.query = new URLSearchParams(location.search);
}

export function path(): string {
  return current.path;
}

export function query(): URLSearchParams {
  return current.query;
}

/** A new page: from its top, with the keyboard at its beginning. */
export function go(to: string): void {
  const samePage = new URL(to, location.origin).pathname === location.pathname;
  history.pushState(null, '', to);
  read();
  if (samePage) return;
  window.scrollTo(0, 0);
  void tick().then(() => document.getElementById('content')?.focus({ preventScroll: true }));
}

/** The address with other filters; an empty value takes a filter away. */
export function withQuery(changes: Record<string, string>): string {
  const next = new URLSearchParams(current.query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === '') next.delete(name);
    else next.set(name, value);
  }
  const text = next.toString();
  return text ? `${current.path}?${text}` : current.path;
}

/** Changes filters in the address without a new entry in the history. */
export function setQuery(changes: Record<string, string>): void {
  history.replaceState(null, '', withQuery(changes));
  read();
}

window.addEventListener('popstate', read);
document.addEventListener('click', (event) => {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return;
  const link = (event.target as Element | null)?.closest('a');
  if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin || link.hash) return;
  if (link.pathname.startsWith('/api')) return;
  event.preventDefault();
  go(link.pathname + link.search);
});

export const paths = {
  assets: () => '/',
  asset: (id: string) => `/objekt/${encodeURIComponent(id)}`,
  alerts: () => '/alarmer',
  ledger: () => '/regnskab',
  lorawan: () => '/lorawan',
  deviceModels: () => '/sensormodeller',
  deviceModel: (id: string) => `/sensormodeller/${encodeURIComponent(id)}`,
  newDeviceModel: () => '/ny/sensormodel',
  codecs: () => '/kodning',
  codec: (id: string) => `/kodning/${encodeURIComponent(id)}`,
  newCodec: () => '/ny/dekoder',
  supplierTest: () => '/leverandoer',
  /** Signing in leads back to where it was asked for. */
  login: () => {
    const here = location.pathname + location.search;
    return here === '/' || location.pathname === '/log-ind' ? '/log-ind' : `/log-ind?til=${encodeURIComponent(here)}`;
  },
};

/** Where signing in leads; only ever to a page of ours. */
export function afterLogin(): string {
  const to = current.query.get('til') ?? '';
  return /^\/(?![/\\])/.test(to) ? to : paths.assets();
}
