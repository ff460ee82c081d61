/** Configuration: one table of variables, read once, handed down. No other file knows the environment. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readSeriesUrl, type SeriesAddress } from './series-url.ts';
import { withoutLogin } from './without-login.ts';

export interface Config {
  host: string;
  httpPort: number;
  mqttPort: number | 'off';
  mqttLivePort: number | 'off';
  mqttsPort: number | 'off';
  tls: { cert: string; key: string; clientCa?: string } | undefined;
  dataDir: string;
  keyFile: string;
  series: SeriesAddress;
  seriesToken: string | undefined;
  logRetentionMs: number;
  logMaxBytes: number;
  deviceRate: number | 'off';
  adminToken: string | undefined;
  publicUrl: string | undefined;
  smtpUrl: string | undefined;
  mailFrom: string;
  allowPrivateTargets: boolean;
  /** As the variables of these names: honoured by every outgoing call. */
  proxy: { HTTPS_PROXY?: string; HTTP_PROXY?: string; NO_PROXY?: string };
  /** Everything shown is invented: the banner *Eksempeldata*. */
  sampleData: boolean;
  webDir: string;
  logLevel: string;
}

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

interface Option {
  variable: string;
  fallback: string;
  secret?: boolean;
  /** What is allowed, as the error line says it; a function where that depends on what is wrong. */
  allowed: string | ((text: string) => string);
  valid: (text: string) => boolean;
}

const any = () => true;
const isPort = (text: string) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
const isPortOrOff = (text: string) => text === 'off' || isPort(text);
const isUrl =
  (...schemes: string[]) =>
  (text: string) =>
    text === '' || (URL.canParse(text) && schemes.includes(new URL(text).protocol));
/** It is shown by --print-config and stands in links. */
const isPublicUrl = (text: string) =>
  isUrl('http:', 'https:')(text) && (text === '' || new URL(text).username + new URL(text).password === '');
const seriesFault = (text: string) => {
  const read = readSeriesUrl(text);
  return 'fault' in read ? read.fault : undefined;
};
const PORT = 'a port from 0 (any free one) to 65535';
const EMBEDDED = 'the embedded engine; the cluster set is not part of this version';

/** Every variable there is, in the order `--print-config` shows them. */
const OPTIONS = [
  { variable: 'SANSEVAERK_HOST', fallback: '127.0.0.1', allowed: 'an address to listen on', valid: (t) => t !== '' },
  { variable: 'SANSEVAERK_HTTP_PORT', fallback: '8080', allowed: PORT, valid: isPort },
  { variable: 'SANSEVAERK_MQTT_PORT', fallback: '1883', allowed: `${PORT}, or off`, valid: isPortOrOff },
  { variable: 'SANSEVAERK_MQTT_LIVE_PORT', fallback: 'off', allowed: `${PORT}, or off`, valid: isPortOrOff },
  { variable: 'SANSEVAERK_MQTTS_PORT', fallback: '8883', allowed: `${PORT}, or off`, valid: isPortOrOff },
  { variable: 'SANSEVAERK_TLS_CERT', fallback: '', allowed: 'a file with the certificate chain, PEM', valid: any },
  { variable: 'SANSEVAERK_TLS_KEY', fallback: '', allowed: 'a file with the private key, PEM', valid: any },
  {
    variable: 'SANSEVAERK_TLS_CLIENT_CA',
    fallback: '',
    allowed: 'a file with the certificates of client CAs, PEM',
    valid: any,
  },
  { variable: 'SANSEVAERK_DATA_DIR', fallback: '.data', allowed: 'a folder', valid: (t) => t !== '' },
  { variable: 'SANSEVAERK_KEY_FILE', fallback: '', allowed: 'a file outside the data folder', valid: any },
  { variable: 'SANSEVAERK_LOG_URL', fallback: 'lmdb:', allowed: `lmdb: (${EMBEDDED})`, valid: (t) => t === 'lmdb:' },
  {
    variable: 'SANSEVAERK_REGISTRY_URL',
    fallback: 'sqlite:',
    allowed: `sqlite: (${EMBEDDED})`,
    valid: (t) => t === 'sqlite:',
  },
  {
    variable: 'SANSEVAERK_SERIES_URL',
    fallback: 'duckdb:',
    allowed: (t) => seriesFault(t) ?? '',
    valid: (t) => seriesFault(t) === undefined,
  },
  {
    variable: 'SANSEVAERK_SERIES_TOKEN',
    fallback: '',
    secret: true,
    allowed: 'a token of the series engine, without spaces',
    valid: (t) => /^\S*$/.test(t),
  },
  {
    variable: 'SANSEVAERK_LOG_RETENTION',
    fallback: '30',
    allowed: 'days, a number above 0',
    valid: (t) => Number(t) > 0 && Number(t) <= 36_500,
  },
  {
    variable: 'SANSEVAERK_LOG_MAX_BYTES',
    fallback: '20000000000',
    allowed: 'bytes, at least 1000000',
    valid: (t) => Number.isInteger(Number(t)) && Number(t) >= 1_000_000,
  },
  {
    variable: 'SANSEVAERK_DEVICE_RATE',
    fallback: '20',
    allowed: 'messages a second, a number above 0, or off',
    valid: (t) => t === 'off' || (Number(t) > 0 && Number.isFinite(Number(t))),
  },
  {
    variable: 'SANSEVAERK_ADMIN_TOKEN',
    fallback: '',
    secret: true,
    allowed: 'a token of at least 16 characters without spaces',
    valid: (t) => t === '' || /^\S{16,}$/.test(t),
  },
  {
    variable: 'SANSEVAERK_PUBLIC_URL',
    fallback: '',
    allowed: 'an http or https address without user or password',
    valid: isPublicUrl,
  },
  {
    variable: 'SANSEVAERK_SMTP_URL',
    fallback: '',
    secret: true,
    allowed: 'an smtp or smtps address: smtp://relay:25',
    valid: isUrl('smtp:', 'smtps:'),
  },
  {
    variable: 'SANSEVAERK_MAIL_FROM',
    fallback: 'sansevaerk@localhost',
    allowed: 'a mail address',
    valid: (t) => /^\S+@\S+$/.test(t),
  },
  {
    variable: 'SANSEVAERK_ALLOW_PRIVATE_TARGETS',
    fallback: 'no',
    allowed: 'yes or no: may webhooks reach private addresses',
    valid: (t) => t === 'yes' || t === 'no',
  },
  {
    variable: 'SANSEVAERK_SAMPLE_DATA',
    fallback: 'no',
    allowed: 'yes or no: show the banner for sample data',
    valid: (t) => t === 'yes' || t === 'no',
  },
  {
    variable: 'SANSEVAERK_LOG_LEVEL',
    fallback: 'info',
    allowed: 'debug, info, warn, error or silent',
    valid: (t) => ['debug', 'info', 'warn', 'error', 'silent'].includes(t),
  },
] as const satisfies readonly Option[];

type Variable = (typeof OPTIONS)[number]['variable'];
type Values = Record<Variable, string>;

/**
 * Reads the configuration from `env`.
 * @throws ConfigError with one line: the variable, what was wrong, what is allowed.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const v = readValues(env);
  const port = (text: string) => (text === 'off' ? 'off' : Number(text));
  const dataDir = resolve(v.SANSEVAERK_DATA_DIR);
  const tls = readTls(v);
  return {
    host: v.SANSEVAERK_HOST,
    httpPort: Number(v.SANSEVAERK_HTTP_PORT),
    mqttPort: port(v.SANSEVAERK_MQTT_PORT),
    mqttLivePort: port(v.SANSEVAERK_MQTT_LIVE_PORT),
    mqttsPort: tls ? port(v.SANSEVAERK_MQTTS_PORT) : 'off',
    tls,
    dataDir,
    keyFile: v.SANSEVAERK_KEY_FILE === '' ? `${dataDir}.key` : resolve(v.SANSEVAERK_KEY_FILE),
    series: readSeriesUrl(v.SANSEVAERK_SERIES_URL) as SeriesAddress, // valid was asked first
    seriesToken: v.SANSEVAERK_SERIES_TOKEN || undefined,
    logRetentionMs: Number(v.SANSEVAERK_LOG_RETENTION) * 86_400_000,
    logMaxBytes: Number(v.SANSEVAERK_LOG_MAX_BYTES),
    deviceRate: v.SANSEVAERK_DEVICE_RATE === 'off' ? 'off' : Number(v.SANSEVAERK_DEVICE_RATE),
    adminToken: v.SANSEVAERK_ADMIN_TOKEN || undefined,
    publicUrl: v.SANSEVAERK_PUBLIC_URL.replace(/\/$/, '') || undefined,
    smtpUrl: v.SANSEVAERK_SMTP_URL || undefined,
    mailFrom: v.SANSEVAERK_MAIL_FROM,
    allowPrivateTargets: v.SANSEVAERK_ALLOW_PRIVATE_TARGETS === 'yes',
    sampleData: v.SANSEVAERK_SAMPLE_DATA === 'yes',
    proxy: readProxy(env),
    webDir: resolve(import.meta.dirname, '../dashboards/web/dist'),
    logLevel: v.SANSEVAERK_LOG_LEVEL,
  };
}

function readProxy(env: Readonly<Record<string, string | undefined>>): Config['proxy'] {
  const named = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'].flatMap((name) => (env[name] ? [[name, env[name]]] : []));
  return Object.fromEntries(named) as Config['proxy']; // the three names
}

/** What `--print-config` shows: one `VARIABLE=value` a line, secrets masked. */
export function printConfig(env: Readonly<Record<string, string | undefined>>): string {
  const values = readValues(env);
  return OPTIONS.map((o: Option) => `${o.variable}=${mask(o, values[o.variable as Variable])}`).join('\n'); // o is a row of OPTIONS
}

function mask(option: Option, text: string): string {
  return option.secret && text !== '' ? '(set)' : text;
}

function readValues(env: Readonly<Record<string, string | undefined>>): Values {
  const known = new Set<string>(OPTIONS.map((o) => o.variable));
  for (const name of Object.keys(env)) {
    const base = name.replace(/_FILE$/, '');
    if (name.startsWith('SANSEVAERK_') && !known.has(name) && !known.has(base)) {
      throw new ConfigError(`${name}: there is no such variable; npm start -- --print-config lists them`);
    }
  }
  const values = OPTIONS.map((option: Option) => {
    const text = readText(env, option);
    if (!option.valid(text)) throw new ConfigError(`${option.variable}: ${refusal(option, text)}`);
    return [option.variable, text];
  });
  return Object.fromEntries(values) as Values; // one entry for each row of OPTIONS
}

function refusal({ variable, secret, allowed }: Option, text: string): string {
  const shown = secret ? 'its value' : JSON.stringify(variable.endsWith('_URL') ? withoutLogin(text) : text);
  return `${shown} is not allowed${typeof allowed === 'string' ? `; give ${allowed}` : `: ${allowed(text)}`}`;
}

function readText(env: Readonly<Record<string, string | undefined>>, option: Option): string {
  const file = option.secret ? env[`${option.variable}_FILE`] : undefined;
  if (file === undefined) return env[option.variable] ?? option.fallback;
  if (env[option.variable] !== undefined)
    throw new ConfigError(`${option.variable}: give it or ${option.variable}_FILE, not both`);
  return readFile(`${option.variable}_FILE`, file).trim();
}

function readTls(v: Values): Config['tls'] {
  const { SANSEVAERK_TLS_CERT: cert, SANSEVAERK_TLS_KEY: key, SANSEVAERK_TLS_CLIENT_CA: clientCa } = v;
  if (cert === '' && key === '' && clientCa === '') return undefined;
  if (cert === '' || key === '')
    throw new ConfigError('SANSEVAERK_TLS_CERT and SANSEVAERK_TLS_KEY: give both, or neither and no client CA');
  const files = { cert: readFile('SANSEVAERK_TLS_CERT', cert), key: readFile('SANSEVAERK_TLS_KEY', key) };
  return clientCa === '' ? files : { ...files, clientCa: readFile('SANSEVAERK_TLS_CLIENT_CA', clientCa) };
}

function readFile(variable: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ConfigError(`${variable}: ${file} cannot be read; give a file this user may read`, { cause });
  }
}
