/** SANSEVAERK_SERIES_URL: which series engine, and where it is. */

export type SeriesAddress =
  | { engine: 'duckdb' }
  | { engine: 'influxdb'; url: string; org: string; bucket: string }
  | { engine: 'victoriametrics'; address: VictoriametricsAddress };

type VictoriametricsAddress =
  | { kind: 'single'; url: string }
  | { kind: 'cluster'; insert: string; select: string; tenant: string };

export const SERIES_URLS =
  'duckdb: (embedded), influxdb://host:8086/org/bucket (for InfluxDB 1 only /bucket), or ' +
  'victoriametrics://host:8428?corrections=ignored (it cannot correct what it has stored, and wants that said; a cluster also ' +
  '&select=http://host:8481&tenant=0), for TLS influxdb+https: or victoriametrics+https:, and the token in SANSEVAERK_SERIES_TOKEN';

const SCHEME = /^(influxdb|victoriametrics)(\+https)?:\/\//;
const TENANT = /^\d{1,10}(:\d{1,10})?$/;

/** `undefined` for what is no such address. */
export function readSeriesUrl(text: string): SeriesAddress | undefined {
  if (text === 'duckdb:') return { engine: 'duckdb' };
  const [scheme, engine, secure] = SCHEME.exec(text) ?? [];
  if (scheme === undefined) return undefined;
  // As http, whose addresses the URL standard takes apart: it leaves those of schemes it does not know in one piece.
  const rest = `${secure ? 'https' : 'http'}://${text.slice(scheme.length)}`;
  if (!URL.canParse(rest)) return undefined;
  const url = new URL(rest);
  // The address is shown by --print-config and in messages; secrets are not.
  if (url.username !== '' || url.password !== '' || url.hash !== '') return undefined;
  return engine === 'influxdb' ? readInfluxdb(url) : readVictoriametrics(url);
}

function readInfluxdb(url: URL): SeriesAddress | undefined {
  if (url.search !== '') return undefined;
  const names = decoded(url.pathname.slice(1).split('/'));
  if (!names || names.includes('') || names.length > 2) return undefined;
  const [bucket = '', org = ''] = names.toReversed();
  return { engine: 'influxdb', url: url.origin, org, bucket };
}

function readVictoriametrics(url: URL): SeriesAddress | undefined {
  const query = new Map(url.searchParams);
  const known = ['corrections', 'select', 'tenant'];
  if (query.size !== url.searchParams.size || [...query.keys()].some((name) => !known.includes(name))) return undefined;
  if (query.get('corrections') !== 'ignored') return undefined;
  const base = `${url.origin}${url.pathname.replace(/\/$/, '')}`;
  const select = query.get('select');
  const tenant = query.get('tenant');
  if (select === undefined)
    return tenant === undefined ? { engine: 'victoriametrics', address: { kind: 'single', url: base } } : undefined;
  if (!isHttp(select) || !TENANT.test(tenant ?? '0')) return undefined;
  const address = { kind: 'cluster', insert: base, select: select.replace(/\/$/, ''), tenant: tenant ?? '0' } as const;
  return { engine: 'victoriametrics', address };
}

function isHttp(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return ['http:', 'https:'].includes(protocol) && username === '' && password === '';
}

function decoded(parts: readonly string[]): string[] | undefined {
  try {
    return parts.map(decodeURIComponent);
  } catch {
    return undefined; // a per cent sign that begins nothing
  }
}
