import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Outage } from '../../model/alert.ts';
import { Rejected, Unavailable } from '../../model/errors.ts';
import type { NetworkServer } from '../../model/network-server.ts';
import type { ForwardedUplink } from '../../model/uplink.ts';
import { createLogger } from '../../ops/logger.ts';
import { createMetrics } from '../../ops/metrics.ts';
import { PlatformAlerts } from '../../ops/platform-alerts.ts';
import { createNetworkServers, type NetworkServers } from './network-servers.ts';
import { type ForeignBroker, startForeignBroker } from './testing/foreign-broker.ts';

let broker: ForeignBroker;
let entered: NetworkServer[];
let broken: Error | undefined;
let changed: () => void;
let stored: ForwardedUplink[];
let alerts: PlatformAlerts;
const outages: Outage[] = [];
let servers: NetworkServers;

beforeEach(async () => {
  broker = await startForeignBroker();
  entered = [];
  stored = [];
  broken = undefined;
  const logger = createLogger('silent');
  const metrics = createMetrics();
  alerts = new PlatformAlerts(logger, metrics);
  outages.length = 0;
  servers = createNetworkServers({
    outage: (outage) => void outages.push(outage),
    registry: {
      networkServers: {
        // One a page, so that reading on is tried too.
        async list(_filter, { cursor = '0' }) {
          if (broken) throw broken;
          const at = Number(cursor);
          const next = at + 1 < entered.length ? { next: String(at + 1) } : {};
          return { items: entered.slice(at, at + 1), ...next };
        },
      },
      watch(listener) {
        changed = listener;
        return () => {};
      },
    },
    door: { acceptForwarded: async (uplinks) => void stored.push(...uplinks) },
    installation: '3f9c21ab',
    process: 'p1',
    allowPrivateTargets: true,
    ops: { logger, metrics, alerts },
    times: { backoff: { firstMs: 5, mostMs: 20 }, awayMs: 200, backMs: 50 },
  });
  await servers.start();
});
afterEach(async () => {
  await servers.stop();
  await broker.stop();
});

const soon = <T>(look: () => T) => expect.poll(look, { timeout: 10_000, interval: 10 });

function server(more: Partial<NetworkServer> = {}): NetworkServer {
  const url = `mqtt://127.0.0.1:${broker.port}`;
  return { id: 'a', owner: 'egeby', name: 'A', kind: 'chirpstack', transport: 'mqtt', url, enabled: true, ...more };
}
function enter(...now: NetworkServer[]): void {
  entered = now;
  changed();
}

it('connects each under a name of its own: one for good where the broker keeps a session, one a process where not', async () => {
  enter(server(), server({ id: 'b', kind: 'tts' }), server({ id: 'c', enabled: false }));
  await soon(() => broker.clients.toSorted()).toEqual(['sansevaerk-3f9c21ab-a', 'sansevaerk-3f9c21ab-b-p1']);
  expect(servers.state(server({ id: 'c', enabled: false })).connection).toBe('off');
});

it('leaves a connection alone while what changes has nothing to do with it', async () => {
  enter(server());
  await soon(() => servers.state(server()).connection).toBe('connected');
  const { since } = servers.state(server());
  enter(server({ name: 'Another', tokens: [{ hash: 'x', createdAt: 1 }] }), server({ id: 'b' }));
  await soon(() => broker.clients.length).toBe(2);
  expect(servers.state(server()).since).toBe(since);
  enter(server({ owner: 'bogeby' }));
  await soon(() => broker.clients.length).toBe(1);
  await broker.publish('application/x/device/24e124136b500001/event/up', '{}');
  await soon(() => stored.map((u) => u.owner)).toEqual(['bogeby']);
});

it('tells when the registry cannot say what there is, and goes on with what it knows', async () => {
  enter(server());
  await soon(() => broker.clients.length).toBe(1);
  broken = new Unavailable('no answer');
  changed();
  await soon(() => alerts.list().map((a) => a.name)).toEqual(['network-servers-unread']);
  expect(broker.clients).toHaveLength(1);
  broken = undefined;
  changed();
  await soon(() => alerts.list()).toEqual([]);
});

it('counts what a network server posts, and is connected from the first on', async () => {
  const http = server({ id: 'h', transport: 'http', kind: 'tts' });
  enter(http);
  expect(servers.state(http)).toMatchObject({ connection: 'connecting', messages: 0 });
  const body = { end_device_ids: { dev_eui: '24E124136B500001' }, uplink_message: {} };
  await servers.posted(http, '', Buffer.from(JSON.stringify(body)));
  expect(stored).toMatchObject([{ device: '24e124136b500001', session: 'h/up', owner: 'egeby', door: 'lorawan' }]);
  expect(servers.state(http)).toMatchObject({ connection: 'connected', messages: 1 });
});

it('sends no command where none can go', async () => {
  const command = { devEui: '24e124136b500001', id: 'x', fPort: 1, bytes: Uint8Array.of(1), confirmed: false };
  const http = server({ id: 'h', transport: 'http' });
  enter(http);
  await expect(servers.send('h', command)).rejects.toThrow(Rejected);
  await expect(servers.send('nobody', command)).rejects.toThrow(Rejected);
});

it('tells the rules that one is away, once it is for long, and that it is back', async () => {
  entered = [
    {
      id: 'cs',
      owner: 'egeby',
      name: 'CS',
      kind: 'chirpstack',
      transport: 'mqtt',
      url: `mqtt://127.0.0.1:${broker.port}`,
      enabled: true,
    },
  ];
  changed();
  await expect.poll(() => outages, { timeout: 10_000 }).toMatchObject([{ networkServer: 'cs', state: 'back' }]);
  await broker.down();
  await expect.poll(() => outages.at(-1), { timeout: 10_000 }).toMatchObject({ owner: 'egeby', state: 'away' });
  await servers.stop();
  expect(outages.map((o) => o.state)).toEqual(['back', 'away', 'back']);
});
