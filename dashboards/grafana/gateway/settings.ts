/** The gateway's settings, each checked; a bad one is said in one line with the variable's name. */
import type { EngineAddress } from './gateway.ts';

export interface Settings {
  host: string;
  port: number;
  platformUrl: string;
  overviewToken?: string;
  engine: EngineAddress;
}

const ENGINE = 'GATEWAY_ENGINE_URL';
const INFLUXDB = 'influxdb://host:8086/org/bucket, for InfluxDB 1 only /bucket';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * GATEWAY_HOST (127.0.0.1), GATEWAY_PORT (8087), GATEWAY_PLATFORM_URL, GATEWAY_ENGINE_URL
 * (`influxdb://host:8086/org/bucket`, `victoriametrics://host:8428`; `+https` for TLS), GATEWAY_ENGINE_TOKEN and
 * GATEWAY_OVERVIEW_TOKEN, both also with `_FILE`. @throws Error
 */
export function settings(environment: Environment, readFile: (path: string) => string): Settings {
  const secret = (name: string) => {
    const file = environment[`${name}_FILE`];
    return (file ? readSecret(`${name}_FILE`, file, readFile) : environment[name]) || undefined;
  };
  const port = Number(environment.GATEWAY_PORT || '8087');
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('GATEWAY_PORT: a number from 0 to 65535');
  const overviewToken = secret('GATEWAY_OVERVIEW_TOKEN');
  if (overviewToken !== undefined && overviewToken.length < 24)
    throw new Error('GATEWAY_OVERVIEW_TOKEN: it sees everything, so at least 24 characters');
  const token = secret('GATEWAY_ENGINE_TOKEN');
  return {
    host: environment.GATEWAY_HOST ?? '127.0.0.1',
    port,
    platformUrl: httpUrl('GATEWAY_PLATFORM_URL', environment.GATEWAY_PLATFORM_URL ?? 'http://127.0.0.1:8080'),
    ...(overviewToken === undefined ? {} : { overviewToken }),
    engine: { ...engineAddress(environment.GATEWAY_ENGINE_URL ?? ''), ...(token === undefined ? {} : { token }) },
  };
}

function readSecret(name: string, file: string, readFile: (path: string) => string): string {
  try {
    return readFile(file).trim();
  } catch (cause) {
    throw new Error(`${name}: ${file} cannot be read; give a file this user may read`, { cause });
  }
}

/** The forms of SANSEVAERK_SERIES_URL (services/series-url.ts), so that one value serves both. */
function engineAddress(given: string): Omit<EngineAddress, 'token'> {
  const [, kind, secure, rest] = /^(influxdb|victoriametrics)(\+https)?:\/\/(.+)$/.exec(given) ?? [];
  if (kind === undefined || rest === undefined)
    throw new Error(`${ENGINE}: ${INFLUXDB}, or victoriametrics://host:8428`);
  const { origin, pathname, searchParams } = url(ENGINE, `${secure ? 'https' : 'http'}://${rest}`);
  if (kind === 'victoriametrics') {
    // A cluster is read at its vmselect: docs.victoriametrics.com/cluster-victoriametrics/#url-format
    const select = searchParams.get('select');
    const tenant = searchParams.get('tenant') ?? '0';
    if (select === null) return { kind, url: origin + pathname.replace(/\/$/, ''), database: '' };
    if (!isHttp(select)) throw new Error(`${ENGINE}: select= is an http or https address, without user or password`);
    return { kind, url: `${select.replace(/\/$/, '')}/select/${tenant}/prometheus`, database: '' };
  }
  const database = decoded(pathname.split('/').filter(Boolean).at(-1) ?? '');
  if (!database) throw new Error(`${ENGINE}: ${INFLUXDB}`);
  return { kind: 'influxdb', url: origin, database };
}

/** Neither it nor what the parser says of it is shown: a password may be in it. */
function url(name: string, text: string): URL {
  if (/^https?:\/\/[^/?#]*@/.test(text)) throw new Error(`${name}: no user or password here: GATEWAY_ENGINE_TOKEN`);
  if (!URL.canParse(text)) throw new Error(`${name}: no such host or port`);
  return new URL(text);
}

function isHttp(text: string): boolean {
  return /^https?:\/\/[^/?#@]+([/?#]|$)/.test(text) && URL.canParse(text);
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined; // a per cent sign that begins nothing
  }
}

function httpUrl(name: string, given: string): string {
  if (!/^https?:\/\/[^/?#@]+\/?$/.test(given) || !URL.canParse(given))
    throw new Error(`${name}: http://host:port or https://host, without user or password`);
  return given.replace(/\/$/, '');
}
