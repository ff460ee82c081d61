/** The process with a series server that is gone: it says so, and its end does not wait for it. */
import { afterEach, expect, it } from 'vitest';
import { type Platform, register, startPlatform } from '../../../test/lib/platform.ts';
import { startInfluxdb } from '../../../test/lib/servers/influxdb.ts';
import type { EngineServer } from '../../../test/lib/servers/server-process.ts';

let server: EngineServer;
let platform: Platform | undefined;

afterEach(async () => {
  await platform?.stop();
  await server.stop();
});

it.each(['SIGKILL', 'SIGSTOP'] as const)('is not ready soon after, and stops within seconds (%s)', async (signal) => {
  server = await startInfluxdb();
  platform = await startPlatform({ env: { SANSEVAERK_SERIES_URL: `influxdb://127.0.0.1:${server.port}/readings` } });
  const { http } = platform;
  const secrets = await register(platform, ['meter-1']);
  const send = async (value: number): Promise<number> => {
    const headers = { authorization: `Bearer ${secrets.get('meter-1')}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ fillingLevel: value });
    return (await fetch(`${http}/api/v1/devices/meter-1/readings`, { method: 'POST', headers, body })).status;
  };
  const ready = async (): Promise<number> => (await fetch(`${http}/readyz`)).status;
  expect([await send(1), await ready()]).toEqual([202, 200]);
  await server.kill(signal);
  expect(await send(2)).toBe(202);
  await expect.poll(ready, { timeout: 14_000, interval: 100 }).toBe(503);
  const began = performance.now();
  await platform.stop();
  platform = undefined;
  // Half a second here; the rest is for a machine with other work. Waiting for the server would take ten.
  expect(performance.now() - began).toBeLessThan(5000);
});
