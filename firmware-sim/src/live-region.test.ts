import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { liveRegion } from './live-region.ts';
import { startTinyApi, type TinyApi } from './testing/tiny-api.ts';
import { startTinyBroker, type TinyBroker } from './testing/tiny-broker.ts';

let api: TinyApi;
let broker: TinyBroker;
let stop: AbortController;

beforeEach(async () => {
  [api, broker] = await Promise.all([startTinyApi(), startTinyBroker()]);
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await Promise.all([api.close(), broker.close()]);
});

const start = (days: number) =>
  liveRegion({ apiUrl: api.url, mqttUrl: broker.url, adminToken: 'admin', signal: stop.signal, days });

describe('liveRegion', () => {
  it('registers everything, enters history, and runs the devices over MQTT', async () => {
    const region = await start(1);
    const paths = api.requests.map((r) => `${r.method} ${r.path}`);
    expect(paths.filter((p) => p.startsWith('PUT /organisations/'))).toHaveLength(26);
    expect(paths.filter((p) => p.startsWith('PUT /assets/'))).toHaveLength(region.assets);
    expect(paths.filter((p) => p.startsWith('PUT /devices/'))).toHaveLength(region.devices);
    // A child is put after its parent, though eight are put at a time.
    expect(paths.indexOf('PUT /assets/egholt-pumping-station-1.1')).toBeGreaterThan(
      paths.indexOf('PUT /assets/soenderaa-pumping-station-1'),
    );
    expect(api.requests.every((r) => r.token === 'Bearer admin')).toBe(true);

    const lines = api.requests.filter((r) => r.path === '/import/readings').flatMap((r) => r.body.trim().split('\n'));
    expect(lines).toHaveLength(region.history.lines);
    const values = lines
      .flatMap((line) => JSON.parse(line).readings)
      .reduce((sum, reading) => sum + Object.keys(reading).length - 1, 0);
    expect(values).toBe(region.history.values);
    expect(values).toBeGreaterThan(40_000);

    // At the start: the ring that has been gone for hours, told over MQTT with the times it was measured.
    const ring = (): { time: string; holderState: string }[] =>
      broker.received
        .filter((m) => m.topic === 'devices/s-egholt-rescue-ring-1/readings')
        .map((m) => JSON.parse(m.payload));
    await broker.until(() => ring().some((r) => r.holderState === 'removed'));
    const taken = ring().find((r) => r.holderState === 'removed');
    expect(Date.now() - Date.parse(taken?.time ?? '')).toBeGreaterThan(2.9 * 3_600_000);

    stop.abort();
    const result = await region.done;
    expect(result.refused).toEqual([]);
    expect(result.unacked).toBe(0);
  });

  it('goes on where an earlier run ended', async () => {
    const known = Date.now() - 3_600_000;
    api.answer = (method, path) =>
      method === 'GET' && path.startsWith('/assets/')
        ? { status: 200, body: { latest: [{ quantity: 'flow', time: new Date(known).toISOString() }] } }
        : undefined;
    await start(1);
    const lines = api.requests.filter((r) => r.path === '/import/readings').flatMap((r) => r.body.trim().split('\n'));
    const times = lines.flatMap((line) => JSON.parse(line).readings.map((r: { time: number }) => r.time));
    expect(Math.min(...times)).toBeGreaterThan(known);
  });

  it('tries again when the platform is busy, and says what it refused', async () => {
    let busy = 2;
    api.answer = (_, path) => {
      if (path === '/organisations/egholt' && busy-- > 0) return { status: 503, body: { detail: 'starting' } };
      if (path === '/assets/egholt-groundwater-1') return { status: 400, body: { detail: 'no such attribute' } };
      return undefined;
    };
    await expect(start(0)).rejects.toThrow('PUT /assets/egholt-groundwater-1: 400 no such attribute');
    expect(api.requests.filter((r) => r.path === '/organisations/egholt')).toHaveLength(3);
  });
});
