/** The address is the state: path and filters. Links are ordinary links; this only saves the reload. */

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

export function go(to: string): void {
  history.pushState(null, '', to);
  read();
  window.scrollTo(0, 0);
}

/** Changes one filter in the address without a new entry in the history. */
export function setQuery(name: string, value: string): void {
  const next = new URLSearchParams(current.query);
  if (value === '') next.delete(name);
  else next.set(name, value);
  const text = next.toString();
  history.replaceState(null, '', text ? `${location.pathname}?${text}` : location.pathname);
  read();
}

window.addEventListener('popstate', read);
document.addEventListener('click', (event) => {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return;
  const link = (event.target as Element | null)?.closest('a');
  if (!link || link.target || link.origin !== location.origin || link.pathname.startsWith('/api') || link.hash) return;
  event.preventDefault();
  go(link.pathname + link.search);
});

export const paths = {
  assets: () => '/',
  asset: (id: string) => `/objekt/${encodeURIComponent(id)}`,
  alerts: () => '/alarmer',
  ledger: () => '/regnskab',
  login: () => '/log-ind',
};
