/** Settings of the gateway: what the platform's own address of the engine means to it, and one line for what is wrong. */
import { expect, it } from 'vitest';
import { settings } from './settings.ts';

const files: Record<string, string> = {
  '/run/secrets/engine': 'engine-token\n',
  '/run/secrets/all': 'overview-token-of-24-letters\n',
};
const read = (path: string): string => {
  const text = files[path];
  if (text === undefined) throw new Error(`ENOENT: no such file or directory, open '${path}'`);
  return text;
};

it.each([
  ['influxdb://host:8086/org/bucket', { kind: 'influxdb', url: 'http://host:8086', database: 'bucket' }],
  ['influxdb+https://host/org/b%20c', { kind: 'influxdb', url: 'https://host', database: 'b c' }],
  ['influxdb://host:8086/bucket', { kind: 'influxdb', url: 'http://host:8086', database: 'bucket' }],
  [
    'victoriametrics://host:8428?corrections=ignored',
    { kind: 'victoriametrics', url: 'http://host:8428', database: '' },
  ],
  [
    'victoriametrics://insert:8480?corrections=ignored&select=http://select:8481&tenant=3',
    { kind: 'victoriametrics', url: 'http://select:8481/select/3/prometheus', database: '' },
  ],
])('%s', (given, engine) => {
  expect(settings({ GATEWAY_ENGINE_URL: given }, read).engine).toEqual(engine);
});

it('reads secrets from files', () => {
  const given = {
    GATEWAY_ENGINE_URL: 'influxdb://h/b',
    GATEWAY_ENGINE_TOKEN_FILE: '/run/secrets/engine',
    GATEWAY_OVERVIEW_TOKEN_FILE: '/run/secrets/all',
  };
  expect(settings(given, read)).toMatchObject({
    host: '127.0.0.1',
    port: 8087,
    overviewToken: 'overview-token-of-24-letters',
    engine: { token: 'engine-token' },
  });
});

it.each([
  [{}, /^GATEWAY_ENGINE_URL/],
  [{ GATEWAY_ENGINE_URL: 'influxdb://host:8086' }, /^GATEWAY_ENGINE_URL/],
  [{ GATEWAY_ENGINE_URL: 'duckdb:' }, /^GATEWAY_ENGINE_URL/],
  [{ GATEWAY_ENGINE_URL: 'influxdb://h:bad/x' }, /^GATEWAY_ENGINE_URL: no such host or port$/],
  [{ GATEWAY_ENGINE_URL: 'influxdb://h:99999/x' }, /^GATEWAY_ENGINE_URL: no such host or port$/],
  [{ GATEWAY_ENGINE_URL: 'influxdb://h/%' }, /^GATEWAY_ENGINE_URL: influxdb:/],
  [
    { GATEWAY_ENGINE_URL: 'influxdb://bob:hunter2@h/x' },
    /^GATEWAY_ENGINE_URL: no user (?!.*hunter2).*GATEWAY_ENGINE_TOKEN$/,
  ],
  [{ GATEWAY_ENGINE_URL: 'influxdb://bob:hunter2@h:bad/x' }, /^GATEWAY_ENGINE_URL: no user (?!.*hunter2)/],
  [{ GATEWAY_ENGINE_URL: 'victoriametrics://h?select=vm' }, /^GATEWAY_ENGINE_URL: select=/],
  [{ GATEWAY_ENGINE_URL: 'influxdb://h/b', GATEWAY_PLATFORM_URL: 'http://h:bad' }, /^GATEWAY_PLATFORM_URL/],
  [{ GATEWAY_ENGINE_URL: 'influxdb://h/b', GATEWAY_ENGINE_TOKEN_FILE: '/none' }, /^GATEWAY_ENGINE_TOKEN_FILE: \/none /],
  [{ GATEWAY_ENGINE_URL: 'influxdb://h/b', GATEWAY_OVERVIEW_TOKEN_FILE: '/none' }, /^GATEWAY_OVERVIEW_TOKEN_FILE: /],
  [{ GATEWAY_ENGINE_URL: 'influxdb://h/b', GATEWAY_PORT: 'x' }, /^GATEWAY_PORT/],
  [{ GATEWAY_ENGINE_URL: 'influxdb://h/b', GATEWAY_PLATFORM_URL: 'host:8080' }, /^GATEWAY_PLATFORM_URL/],
  [{ GATEWAY_ENGINE_URL: 'influxdb://h/b', GATEWAY_OVERVIEW_TOKEN: 'short' }, /^GATEWAY_OVERVIEW_TOKEN/],
])('refuses %o', (given, sentence) => {
  expect(() => settings(given, read)).toThrow(sentence);
});
