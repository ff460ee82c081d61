/** The servers start, die, come back with their data at the same address, and go. */
import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { hasInfluxdb, startInfluxdb } from '../lib/servers/influxdb.ts';
import { hasVictoriaMetrics, startVictoriaMetrics } from '../lib/servers/victoria-metrics.ts';

async function post(url: string, body: string): Promise<number> {
  return (await fetch(url, { method: 'POST', body })).status;
}

it.runIf(hasInfluxdb())('InfluxDB', async () => {
  const server = await startInfluxdb();
  const { url, pid } = server;
  expect(await post(`${url}/api/v2/write?org=o&bucket=b"1&precision=ms`, 'room,asset=a1 value=1.5 1000')).toBe(204);
  const ask = async () => {
    const query = new URLSearchParams({ db: 'b"1', epoch: 'ms', q: 'SELECT value FROM room' });
    return (await (await fetch(`${url}/query?${query}`)).json()) as { results: { series: { values: number[][] }[] }[] };
  };
  expect((await ask()).results[0]?.series[0]?.values).toEqual([[1000, 1.5]]);
  await server.kill();
  await expect(fetch(`${url}/ping`)).rejects.toThrow();
  await server.restart();
  expect([server.url, server.pid === pid]).toEqual([url, false]);
  expect((await ask()).results[0]?.series[0]?.values).toEqual([[1000, 1.5]]);
  await server.stop();
  expect(existsSync(server.dataDir)).toBe(false);
});

it.runIf(hasVictoriaMetrics())('VictoriaMetrics', async () => {
  const server = await startVictoriaMetrics();
  const { url } = server;
  const at = Date.now() - 60_000;
  expect(await post(`${url}/write?precision=ms`, `room,asset=a1 value=1.5 ${at}`)).toBe(204);
  const ask = async () =>
    await (await fetch(`${url}/api/v1/export?${new URLSearchParams({ 'match[]': 'room_value' })}`)).text();
  // A restart in order keeps everything; a kill may cost what was not flushed, so it comes after.
  await server.restart();
  expect(server.url).toBe(url);
  expect(JSON.parse(await ask())).toMatchObject({ values: [1.5], timestamps: [at] });
  await server.kill();
  await expect(fetch(`${url}/health`)).rejects.toThrow();
  await server.restart();
  expect(JSON.parse(await ask())).toMatchObject({ values: [1.5] });
  await server.stop();
  expect(existsSync(server.dataDir)).toBe(false);
});
