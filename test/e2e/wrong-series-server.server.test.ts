/** A data folder and a server of readings that do not belong together: the start ends, and says why in one line. */
import { rmSync } from 'node:fs';
import { connectAsync } from 'mqtt';
import { describe, expect, test } from 'vitest';
import { eventually, register, startPlatform, temporaryFolder } from '../lib/platform.ts';
import { startInfluxdb } from '../lib/servers/influxdb.ts';
import { startVictoriaMetrics } from '../lib/servers/victoria-metrics.ts';

/** Lets a platform store one reading, so that its journal has something to tell of. */
async function storeOneReading(dir: string, url: string): Promise<void> {
  const platform = await startPlatform({ dir, env: { SANSEVAERK_SERIES_URL: url } });
  try {
    const password = (await register(platform, ['bin-1'])).get('bin-1') ?? '';
    const device = await connectAsync(`mqtt://127.0.0.1:${platform.mqttPort}`, {
      username: 'bin-1',
      password,
      reconnectPeriod: 0,
    });
    await device.publishAsync('devices/bin-1/readings', JSON.stringify({ fillingLevel: 40 }), { qos: 1 });
    await device.endAsync();
    await eventually(
      () => platform.api<{ accepted: number; storePending: number }>('GET', '/ledger'),
      ({ accepted, storePending }) => accepted === 1 && storePending === 0,
    );
  } finally {
    await platform.stop();
  }
}

/** What a start says that does not succeed, log lines left out, and its exit code. */
async function failedStart(
  dir: string,
  url: string,
  more: Record<string, string> = {},
): Promise<{ code: number; said: string[] }> {
  const message = await startPlatform({ dir, env: { SANSEVAERK_SERIES_URL: url, ...more } }).then(
    async (platform) => {
      await platform.stop();
      return 'it started';
    },
    (error: Error) => error.message,
  );
  const [first = '', ...lines] = message.trim().split('\n');
  const code = Number(/^ended with (\d+) before/.exec(first)?.[1]);
  return { code, said: lines.filter((line) => !line.startsWith('{"level"')) };
}

describe('a start with somebody else’s server', () => {
  test('InfluxDB: another bucket', async () => {
    const server = await startInfluxdb();
    const dir = temporaryFolder();
    try {
      const base = `influxdb://127.0.0.1:${server.port}`;
      await storeOneReading(dir, `${base}/ours`);
      const { code, said } = await failedStart(dir, `${base}/another`);
      expect(said).toEqual([
        expect.stringMatching(/^sansevaerk: SANSEVAERK_SERIES_URL: the bucket another has nothing of what this/),
      ]);
      expect(code).toBe(1);
    } finally {
      await server.stop();
      rmSync(dir, { recursive: true });
    }
  });

  test('VictoriaMetrics: an empty one', async () => {
    const servers = await Promise.all([startVictoriaMetrics(), startVictoriaMetrics()]);
    const dir = temporaryFolder();
    try {
      const [ours, another] = servers.map((s) => `victoriametrics://127.0.0.1:${s.port}?corrections=ignored`);
      await storeOneReading(dir, ours ?? '');
      const { code, said } = await failedStart(dir, another ?? '');
      expect(said).toEqual([
        expect.stringMatching(/^sansevaerk: SANSEVAERK_SERIES_URL: http:\S+ has nothing of what this installation/),
      ]);
      expect(code).toBe(1);
    } finally {
      await Promise.all(servers.map((s) => s.stop()));
      rmSync(dir, { recursive: true });
    }
  });
});

test('a sealing key that is none: one line, from the thread of the registry', async () => {
  const dir = temporaryFolder();
  try {
    const { code, said } = await failedStart(dir, 'duckdb:', { SANSEVAERK_KEY_FILE: dir });
    expect(said).toEqual([expect.stringMatching(/^sansevaerk: SANSEVAERK_KEY_FILE: key file \S+: EISDIR/)]);
    expect(code).toBe(1);
  } finally {
    rmSync(dir, { recursive: true });
  }
});
