/** The simulated network server: seeded, gaps where nobody heard, counters from 0 after a restart, and each server's own spelling. */
import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startTinyBroker } from '../testing/tiny-broker.ts';
import { createClock } from '../world/clock.ts';
import { createRng } from '../world/rng.ts';
import { createFleet, type ServerMessagesOptions, serverMessages } from './create-fleet.ts';
import { mqttDelivery, type ServerKind, webhookDelivery } from './deliver.ts';
import { lorawanModels } from './models.ts';
import { createRadio } from './radio.ts';
import { runServer } from './run-server.ts';

const START = Date.UTC(2026, 10, 1);
const CENTRE = { lat: 56.16, lon: 9.55 };
const fleet = createFleet({ seed: 't', models: lorawanModels, perModel: 1, gateways: 4, centre: CENTRE });
const NAMES = { tenant: 'ttn', application: { id: 'app', name: 'Appen' } };

interface ChirpstackUp {
  deduplicationId: string;
  fCnt: number;
  fPort: number;
  data: string;
  devAddr: string;
  rxInfo: { gatewayId: string; rssi: number; snr?: number }[];
}

function messages(kind: ServerKind, options: Partial<ServerMessagesOptions> = {}) {
  const device = options.device ?? fleet.devices[0]!; // one of each model
  const all = serverMessages({
    device,
    gateways: fleet.gateways,
    kind,
    names: NAMES,
    seed: 't',
    startMs: START,
    count: 200,
    ...options,
  });
  return [...all].map((m) => ({ ...m, body: JSON.parse(m.body) as ChirpstackUp }));
}

const ups = (options: Partial<ServerMessagesOptions> = {}): ChirpstackUp[] =>
  messages('chirpstack', options).flatMap((m) => (m.event === 'up' ? [m.body] : []));

describe('simulated LoRaWAN', () => {
  it('the same seed says the same, another one something else', () => {
    expect(messages('chirpstack')).toEqual(messages('chirpstack'));
    expect(messages('chirpstack', { seed: 'u' })).not.toEqual(messages('chirpstack'));
  });

  it('every message has an id of its own', () => {
    const ids = ups().map((u) => u.deduplicationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('begins with a join; counters go up one by one while nothing is lost', () => {
    const near = { ...fleet.devices[0]!, position: fleet.gateways[0]!.position };
    const all = messages('chirpstack', { device: near, loss: 0, restart: 0, count: 60 });
    expect(all[0]?.event).toBe('join');
    const counters = all.filter((m) => m.event === 'up').map((m) => m.body.fCnt);
    expect(counters).toEqual(Array.from({ length: 60 }, (_, i) => i));
    expect(all.filter((m) => m.event === 'status')).toHaveLength(2);
  });

  it('what nobody heard is a gap in the counters', () => {
    const counters = ups({ loss: 0.3, restart: 0 }).map((u) => u.fCnt);
    expect(counters.length).toBeLessThan(170);
    for (const [i, n] of counters.entries()) if (i > 0) expect(n).toBeGreaterThan(counters[i - 1]!);
    expect(counters.at(-1)! - counters[0]! + 1).toBeGreaterThan(counters.length);
  });

  it('a restart is a new join and a new address; without joins only the counter begins again', () => {
    const otaa = messages('chirpstack', { restart: 0.1 });
    expect(otaa.filter((m) => m.event === 'join').length).toBeGreaterThan(5);
    expect(new Set(ups({ restart: 0.1 }).map((u) => u.devAddr)).size).toBeGreaterThan(5);
    const abp = { ...fleet.devices[0]!, abp: true };
    const own = messages('chirpstack', { device: abp, restart: 0.1 });
    expect(own.filter((m) => m.event === 'join')).toEqual([]);
    const frames = own.filter((m) => m.event === 'up').map((m) => m.body);
    expect(new Set(frames.map((u) => u.devAddr)).size).toBe(1);
    expect(frames.filter((u) => u.fCnt === 0).length).toBeGreaterThan(2);
  });

  it('several gateways hear a frame, the near one best', () => {
    const radio = (km: number) =>
      createRadio({
        gateways: [{ eui: '0'.repeat(16), name: 'g', position: CENTRE }],
        position: { lat: CENTRE.lat + km / 111.2, lon: CENTRE.lon },
        rng: createRng('r'),
      });
    expect(radio(0.3)(7)[0]!.rssi).toBeGreaterThan(radio(3)(12)[0]!.rssi);
    expect(radio(200)(12)).toEqual([]);
    const heard = ups().map((u) => u.rxInfo.length);
    expect(Math.max(...heard)).toBeGreaterThan(1);
  });

  it('The Things Stack leaves out what is zero, and writes EUIs in capitals', () => {
    const first = messages('tts', { restart: 0 }).filter((m) => m.event === 'up')[0];
    const body = first?.body as unknown as {
      end_device_ids: { dev_eui: string };
      uplink_message: Record<string, unknown>;
    };
    expect(body.end_device_ids.dev_eui).toMatch(/^[0-9A-F]{16}$/);
    expect(body.uplink_message).not.toHaveProperty('f_cnt');
    expect(body.uplink_message).toMatchObject({ f_port: 85, version_ids: { brand_id: 'milesight' } });
    expect(JSON.stringify(body)).not.toMatch(/:(0|""|false)[,}]/);
    expect(first?.topic).toBe('v3/app@ttn/devices/em400-mud-1/up');
  });

  it('frames of a port of 0 have no bytes', () => {
    const mac = ups({ count: 2000 }).filter((u) => u.fPort === 0);
    expect(mac.length).toBeGreaterThan(3);
    expect(new Set(mac.map((u) => u.data))).toEqual(new Set(['']));
  });
});

describe('handing on', () => {
  const run = (
    delivery: Awaited<ReturnType<typeof mqttDelivery>>,
    kind: ServerKind,
    onProblem?: (error: Error) => void,
  ) =>
    runServer({
      devices: fleet.devices.map((device) =>
        serverMessages({ device, gateways: fleet.gateways, kind, names: NAMES, seed: 't', startMs: START, count: 20 }),
      ),
      clock: createClock({ start: START, speed: Number.POSITIVE_INFINITY }),
      delivery,
      ...(onProblem ? { onProblem } : {}),
    });

  it.each([
    ['chirpstack', 1],
    ['tts', 0],
  ] as const)('%s publishes at QoS %i, on its own topics', async (kind, qos) => {
    const broker = await startTinyBroker();
    try {
      const delivery = await mqttDelivery(broker.url, kind);
      const { sent, taken } = await run(delivery, kind);
      await broker.until(() => broker.received.length === sent);
      await delivery.close();
      expect(sent).toBeGreaterThan(100);
      expect(taken).toBe(sent);
      expect(new Set(broker.received.map((m) => m.qos))).toEqual(new Set([qos]));
      const topic =
        kind === 'tts'
          ? /^v3\/app@ttn\/devices\/[a-z0-9-]{3,36}\/(up|join)$/
          : /^application\/app\/device\/[0-9a-f]{16}\/event\/(up|join|status)$/;
      for (const m of broker.received) expect(m.topic).toMatch(topic);
    } finally {
      await broker.close();
    }
  });

  it.each([
    ['chirpstack', /^\/hook\?event=(up|join|status)$/],
    ['tts', /^\/hook\/(up|join)$/],
  ] as const)('%s posts to its webhook and tells who is refused', async (kind, address) => {
    const seen: { url: string; token: string; body: string }[] = [];
    const server = createServer(async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer); // a request without encoding gives buffers
      seen.push({
        url: request.url ?? '',
        token: request.headers.authorization ?? '',
        body: Buffer.concat(parts).toString(),
      });
      response.writeHead(seen.length % 10 === 0 ? 503 : 204).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`; // a TCP server has one
      const problems: string[] = [];
      const { sent, taken } = await run(webhookDelivery(url, kind, 'secret'), kind, (e) => problems.push(e.message));
      expect(seen).toHaveLength(sent);
      expect(sent - taken).toBe(Math.floor(sent / 10));
      expect(new Set(problems)).toEqual(new Set(['the webhook answered 503']));
      for (const { url: path, token, body } of seen) {
        expect(path).toMatch(address);
        expect(token).toBe('Bearer secret');
        expect(JSON.parse(body)).toBeTypeOf('object');
      }
    } finally {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    }
  });

  it('a broker that is not there is told', async () => {
    await expect(mqttDelivery('mqtt://127.0.0.1:9', 'tts')).rejects.toThrow('cannot be reached');
  });
});
