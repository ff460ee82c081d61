import { describe, expect, test } from 'vitest';
import { printConfig, readConfig } from './config.ts';
import { readSeriesUrl } from './series-url.ts';

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
    'influxdb:',
    'influxdb://influx:8086',
    'influxdb://influx:8086/',
    'influxdb://influx:8086/a/b/c',
    'influxdb://influx:8086/a/%',
    'influxdb://influx:99999/a/b',
    'influxdb://token@influx:8086/a/b',
    'influxdb://influx:8086/a/b?token=secret',
    'http://influx:8086/a/b',
    'victoriametrics://vm:8428',
    'victoriametrics://vm:8428?corrections=yes',
    'victoriametrics://vm:8428?corrections=ignored&corrections=ignored',
    'victoriametrics://vm:8428?corrections=ignored&tenant=1',
    'victoriametrics://vm:8428?corrections=ignored&select=vm:8481',
    'victoriametrics://vm:8428?corrections=ignored&select=http://vm&tenant=a',
  ])('%s is refused in one line that says what is allowed', (text) => {
    expect(() => readConfig({ SANSEVAERK_SERIES_URL: text })).toThrow(
      /^SANSEVAERK_SERIES_URL: "[^\n]+" is not allowed; give duckdb: [^\n]+corrections=ignored [^\n]+$/,
    );
  });

  test('its token is a secret', () => {
    const env = { SANSEVAERK_SERIES_URL: 'influxdb://i:8086/o/b', SANSEVAERK_SERIES_TOKEN: 'very-secret' };
    expect(readConfig(env)).toMatchObject({ series: { engine: 'influxdb', bucket: 'b' }, seriesToken: 'very-secret' });
    expect(printConfig(env)).toContain('SANSEVAERK_SERIES_TOKEN=(set)');
    expect(printConfig(env)).not.toContain('very-secret');
  });
});
