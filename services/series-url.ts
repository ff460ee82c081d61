/** SANSEVAERK_SERIES_URL: which series engine, and where it is. */

export type SeriesAddress =
  | { engine: 'duckdb' }
  | { engine: 'influxdb'; url: string; org: string; bucket: string }
  | { engine: 'victoriametrics'; address: VictoriametricsAddress };

type VictoriametricsAddress =
  | { kind: 'single'; url: string }
  | { kind: 'cluster'; insert: string; select: string; tenant: string };

/** What is wrong, and then the form that is right. */
interface SeriesUrlFault {
  fault: string;
}

type Engine = SeriesAddress['engine'];

const FORMS: Record<Engine, string> = {
  duckdb: 'duckdb: (embedded)',
  influxdb: 'influxdb://host:8086/org/bucket (for InfluxDB 1 only /bucket; influxdb+https: for TLS)',
  victoriametrics:
    'victoriametrics://host:8428?corrections=ignored (a cluster also &select=http://host:8481&tenant=0; victoriametrics+https: for TLS)',
};

const EVERY_FORM = `${FORMS.duckdb}, ${FORMS.influxdb} or ${FORMS.victoriametrics}`;

const SCHEME = /^(influxdb|victoriametrics)(\+https)?:\/\//;
const TENANT = /^\d{1,10}(:\d{1,10})?$/;
const PARAMETERS = ['corrections', 'select', 'tenant'];
const NO_LOGIN = 'no user or password here: SANSEVAERK_SERIES_TOKEN';

export function readSeriesUrl(text: string): SeriesAddress | SeriesUrlFault {
  if (text === 'duckdb:') return { engine: 'duckdb' };
  const [scheme = '', name, secure] = SCHEME.exec(text) ?? [];
  if (name === undefined) return { fault: `it begins with no engine there is; give ${EVERY_FORM}` };
  const engine = name as Exclude<Engine, 'duckdb'>; // the expression has these two
  const read = engine === 'influxdb' ? readInfluxdb : readVictoriametrics;
  // As http, whose addresses the URL standard takes apart: it leaves those of schemes it does not know in one piece.
  const rest = `${secure ? 'https' : 'http'}://${text.slice(scheme.length)}`;
  const address = URL.canParse(rest) ? read(new URL(rest)) : whyNoUrl(rest);
  return typeof address === 'string' ? { fault: `${address}; give ${FORMS[engine]}` } : address;
}

/** The address, or what is wrong with it. */
function readInfluxdb(url: URL): SeriesAddress | string {
  const fault = strayParts(url);
  if (fault) return fault;
  if (url.search !== '') return 'no ? here: a token goes into SANSEVAERK_SERIES_TOKEN';
  const names = decoded(url.pathname.slice(1).split('/'));
  if (!names) return 'a % that encodes nothing';
  if (names.length === 1 && names[0] === '') return 'no bucket is named';
  if (names.includes('')) return 'a / too many: an organisation or bucket without a name';
  if (names.length > 2) return `${names.length} names after the host, where organisation and bucket are two`;
  const [bucket = '', org = ''] = names.toReversed();
  return { engine: 'influxdb', url: url.origin, org, bucket };
}

function readVictoriametrics(url: URL): SeriesAddress | string {
  const query = new Map(url.searchParams);
  const fault = strayParts(url) ?? strayParameters(url.searchParams);
  if (fault) return fault;
  if (query.get('corrections') !== 'ignored')
    return 'it cannot correct what it has stored, and wants that said: corrections=ignored';
  const base = `${url.origin}${url.pathname.replace(/\/$/, '')}`;
  const select = query.get('select');
  const tenant = query.get('tenant') ?? '0';
  if (select === undefined) {
    if (query.has('tenant')) return 'a tenant is of a cluster, which needs select= as well';
    return { engine: 'victoriametrics', address: { kind: 'single', url: base } };
  }
  if (!isHttp(select)) return 'select= is an http or https address, without user or password';
  if (!TENANT.test(tenant)) return 'tenant= is a number, or two: 7:1';
  const address = { kind: 'cluster', insert: base, select: select.replace(/\/$/, ''), tenant } as const;
  return { engine: 'victoriametrics', address };
}

function whyNoUrl(rest: string): string {
  const [authority = ''] = rest.replace(/^https?:\/\//, '').split(/[/?#]/);
  if (authority.includes('@')) return NO_LOGIN;
  const port = /:(\d+)$/.exec(authority)?.[1];
  return port !== undefined && Number(port) > 65_535 ? `the port ${port} is above 65535` : 'no such host or port';
}

// The address is shown by --print-config and in messages; secrets are not.
function strayParts({ username, password, hash }: URL): string | undefined {
  if (username !== '' || password !== '') return NO_LOGIN;
  return hash === '' ? undefined : 'no # here';
}

function strayParameters(given: URLSearchParams): string | undefined {
  const names = [...given.keys()];
  const stray = names.find((name, i) => !PARAMETERS.includes(name) || names.indexOf(name) !== i);
  if (stray === undefined) return undefined;
  return PARAMETERS.includes(stray) ? `${stray}= is given twice` : `it takes ${PARAMETERS.join(', ')} and nothing else`;
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
