import { describe, expect, test } from 'vitest';
import { ConfigError, printConfig, readConfig } from './config.ts';
import { readSeriesUrl } from './series-url.ts';

function refusalOf(text: string): string {
  try {
    readConfig({ SANSEVAERK_SERIES_URL: text });
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
  }
  return expect.fail('it should have been refused');
}

describe('the address of the series engine', () => {
  test.each([
    ['duckdb:', { engine: 'duckdb' }],
    [
      'influxdb://influx:8086/city/readings',
      { engine: 'influxdb', url: 'http://influx:8086', org: 'city', bucket: 'readings' },
    ],
    [
      'influxdb+https://influx.example.dk/byen%20selv/m%C3%A5linger',
      { engine: 'influxdb', url: 'https://influx.example.dk', org: 'byen selv', bucket: 'målinger' },
    ],
    ['influxdb://[::1]:8086/readings', { engine: 'influxdb', url: 'http://[::1]:8086', org: '', bucket: 'readings' }],
    [
      'victoriametrics://vm:8428?corrections=ignored',
      { engine: 'victoriametrics', address: { kind: 'single', url: 'http://vm:8428' } },
    ],
    [
      'victoriametrics+https://insert:8480?select=http://select:8481&corrections=ignored&tenant=7:1',
      {
        engine: 'victoriametrics',
        address: { kind: 'cluster', insert: 'https://insert:8480', select: 'http://select:8481', tenant: '7:1' },
      },
    ],
  ])('%s', (text, expected) => {
    expect(readSeriesUrl(text)).toEqual(expected);
  });

  test.each([
    ['influxdb:', 'begins with no engine'],
    ['http://influx:8086/a/b', 'begins with no engine'],
    ['influxdb://influx:8086', 'no bucket is named'],
    ['influxdb://influx:8086/', 'no bucket is named'],
    ['influxdb://influx:8086/b/', 'a / too many'],
    ['influxdb://influx:8086//b', 'a / too many'],
    ['influxdb://influx:8086/a/b/c', '3 names after the host'],
    ['influxdb://influx:8086/a/%', 'a % that'],
    ['influxdb://influx:99999/a/b', 'the port 99999 is above 65535'],
    ['influxdb://[/a/b', 'no such host or port'],
    ['influxdb://influx:8086/a/b#c', 'no # here'],
    ['victoriametrics://vm:8428', 'it cannot correct'],
    ['victoriametrics://vm:8428?corrections=yes', 'it cannot correct'],
    ['victoriametrics://vm:8428?corrections=ignored&corrections=ignored', 'corrections= is given twice'],
    ['victoriametrics://vm:8428?corrections=ignored&tenant=1', 'a tenant is of a cluster'],
    ['victoriametrics://vm:8428?corrections=ignored&select=vm:8481', 'select= is'],
    ['victoriametrics://vm:8428?corrections=ignored&select=http://vm&tenant=a', 'tenant= is'],
  ])('%s: first what is wrong, then the form of that engine', (text, fault) => {
    const message = refusalOf(text);
    expect(message.startsWith(`SANSEVAERK_SERIES_URL: ${JSON.stringify(text)} is not allowed: `)).toBe(true);
    expect(message).toContain(fault);
    const [, form = ''] = message.split('; give ');
    const engine = /^(influxdb|victoriametrics):\/\//.exec(text)?.[1];
    expect(form).toContain(engine ? `${engine}://host:` : 'duckdb:');
    // One engine's mistake is not answered with the other's form.
    if (engine) expect(form).not.toContain(engine === 'influxdb' ? 'victoriametrics' : 'influxdb');
    expect(message).not.toContain('\n');
  });

  test.each([
    ['influxdb://bob:hunter2@h/a/b', 'no user or password here: SANSEVAERK_SERIES_TOKEN'],
    ['influxdb://hunter2@h/a/b', 'no user or password here: SANSEVAERK_SERIES_TOKEN'],
    ['influxdb://bob:hun/ter2@h:99999/a/b', 'is not allowed'],
    ['influxdb://bob:hunter2@h:99999/a/b', 'no user or password here: SANSEVAERK_SERIES_TOKEN'],
    ['influxdb://h:8086/a/b?token=hunter2', 'no ? here'],
    ['victoriametrics://bob:hunter2@vm?corrections=ignored', 'no user or password here: SANSEVAERK_SERIES_TOKEN'],
    ['victoriametrics://vm?corrections=ignored&select=http://bob:hunter2@vm', 'without user or password'],
    ['victoriametrics://vm?corrections=ignored&password=hunter2', 'nothing else'],
    ['bob:hunter2@h/a/b', 'begins with no engine'],
  ])('%s: its secret is not said', (text, fault) => {
    const message = refusalOf(text);
    expect(message).toContain(fault);
    expect(message).not.toMatch(/hun|ter2|bob/);
  });

  test('its token is a secret', () => {
    const env = { SANSEVAERK_SERIES_URL: 'influxdb://i:8086/o/b', SANSEVAERK_SERIES_TOKEN: 'very-secret' };
    expect(readConfig(env)).toMatchObject({ series: { engine: 'influxdb', bucket: 'b' }, seriesToken: 'very-secret' });
    expect(printConfig(env)).toContain('SANSEVAERK_SERIES_TOKEN=(set)');
    expect(printConfig(env)).not.toContain('very-secret');
  });
});
