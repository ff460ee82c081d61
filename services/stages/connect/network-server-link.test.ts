import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Rejected, Unavailable } from '../../model/errors.ts';
import type { NetworkServer } from '../../model/network-server.ts';
import type { ForwardedUplink } from '../../model/uplink.ts';
import { createLogger } from '../../ops/logger.ts';
import { createMetrics } from '../../ops/metrics.ts';
import { PlatformAlerts } from '../../ops/platform-alerts.ts';
import { linkMetrics } from './link-state.ts';
import { type LinkOptions, NetworkServerLink } from './network-server-link.ts';
import { type ForeignBroker, type ForeignBrokerOptions, startForeignBroker } from './testing/foreign-broker.ts';

const logger = createLogger('silent');
const EUI = '24e124136b500001';
const topic = (event: string, eui = EUI) => `application/app-1/device/${eui}/event/${event}`;

let broker: ForeignBroker;
let links: NetworkServerLink[];
let alerts: PlatformAlerts;
/** What is on disk. */
let stored: ForwardedUplink[];
/** How the door takes what it is given. */
let door: LinkOptions['accept'];

beforeEach(() => {
  links = [];
  stored = [];
  door = async (uplinks) => void stored.push(...uplinks);
});
afterEach(async () => {
  for (const link of links) await link.stop({ leave: false });
  await broker.stop();
});

const soon = <T>(look: () => T) => expect.poll(look, { timeout: 10_000, interval: 5 });

async function begin(options: ForeignBrokerOptions = {}): Promise<void> {
  broker = await startForeignBroker(options);
}

function open(server: Partial<NetworkServer> = {}, more: Partial<LinkOptions> = {}): NetworkServerLink {
  const metrics = createMetrics();
  alerts = new PlatformAlerts(logger, metrics);
  const ops = { logger, metrics, alerts };
  const link = new NetworkServerLink({
    outage: () => {},
    server: {
      id: 'chirp',
      owner: 'egeby',
      name: 'ChirpStack',
      kind: 'chirpstack',
      transport: 'mqtt',
      url: `mqtt://127.0.0.1:${broker.port}`,
      enabled: true,
      ...server,
    },
    clientId: 'sansevaerk-test-chirp',
    accept: (uplinks) => door(uplinks),
    allowPrivateTargets: true,
    ops,
    metrics: linkMetrics(ops),
    now: Date.now,
    times: { backoff: { firstMs: 5, mostMs: 20 }, awayMs: 60, backMs: 30, broker: { connectMs: 2000 } },
    ...more,
  });
  links.push(link);
  return link;
}

const isConnected = (link: NetworkServerLink) => soon(() => link.state().connection).toBe('connected');

describe('what it hears', () => {
  it('is handed on whole, with device, event and owner', async () => {
    await begin();
    const link = open({ gatewayTopic: 'eu868/gateway/{gateway}/state/conn' });
    await isConnected(link);
    await broker.publish(topic('up', EUI.toUpperCase()), '{"fCnt":1}');
    await broker.publish('eu868/gateway/24E124FFFEF41A01/state/conn', Buffer.of(10, 0));
    await soon(() => stored.length).toBe(2);
    expect(stored[0]).toMatchObject({
      device: EUI,
      owner: 'egeby',
      kind: 'lorawan',
      door: 'lorawan',
      session: 'chirp/up',
      identity: '',
    });
    expect(Buffer.from(stored[0]!.payload).toString()).toBe('{"fCnt":1}');
    expect(stored[1]).toMatchObject({ device: '24e124fffef41a01', session: 'chirp/gateway' });
    expect(link.state()).toMatchObject({ messages: 2, lastMessageAt: expect.any(Number) });
  });

  it('is stored without a device where none is named, for decode to reject', async () => {
    await begin();
    await isConnected(open({ eventTopic: 'lora/{device}/{event}' }));
    await broker.publish('lora/a/up', 'not JSON');
    await soon(() => stored.map((u) => u.device)).toEqual(['unknown']);
  });

  it('of The Things Stack comes with QoS 0 and names its device in the body', async () => {
    await begin();
    await isConnected(open({ kind: 'tts' }));
    const body = { end_device_ids: { device_id: 'bin-1', dev_eui: EUI.toUpperCase() }, downlink_ack: { f_cnt: 1 } };
    await broker.publish('v3/app@tenant/devices/bin-1/down/ack', JSON.stringify(body));
    await soon(() => stored.map((u) => [u.device, u.session])).toEqual([[EUI, 'chirp/down/ack']]);
    expect(broker.acked).toEqual([]);
  });
});

describe('acknowledgement', () => {
  it('leaves only after the message is on disk, in the order the messages came', async () => {
    await begin();
    const link = open();
    await isConnected(link);
    const disk = Promise.withResolvers<void>();
    const asked: number[] = [];
    door = async (uplinks) => {
      asked.push(uplinks.length);
      await disk.promise;
      stored.push(...uplinks);
    };
    for (let i = 0; i < 5; i++) await broker.publish(topic('up'), `{"fCnt":${i}}`);
    await soon(() => asked.length).toBeGreaterThan(0);
    // Answered by the broker in its turn: an acknowledgement sent before it would have been there first.
    await link.send({ devEui: EUI, application: 'a', id: 'x', fPort: 1, bytes: Uint8Array.of(1), confirmed: false });
    expect(broker.acked).toEqual([]);
    disk.resolve();
    await soon(() => broker.acked.length).toBe(5);
    expect(broker.acked).toEqual(broker.acked.toSorted((a, b) => a - b));
    expect(stored.map((u) => Buffer.from(u.payload).toString())).toEqual([0, 1, 2, 3, 4].map((i) => `{"fCnt":${i}}`));
  });

  it('does not leave while nothing is taken: a new process gets it again, and what came while nobody was there', async () => {
    await begin();
    const first = open();
    await isConnected(first);
    let refused = 0;
    door = async () => {
      refused++;
      throw new Unavailable('the log is full');
    };
    await broker.publish(topic('up'), '{"fCnt":1}');
    await soon(() => refused).toBeGreaterThan(1);
    await first.stop({ leave: false });
    expect([broker.acked, stored]).toEqual([[], []]);
    await broker.publish(topic('up'), '{"fCnt":2}');
    door = async (uplinks) => void stored.push(...uplinks);
    await isConnected(open());
    await soon(() => stored.map((u) => Buffer.from(u.payload).toString()).toSorted()).toEqual([
      '{"fCnt":1}',
      '{"fCnt":2}',
    ]);
    await soon(() => broker.acked.length).toBe(2);
  });

  it('is given for what can never be taken, which the others do not wait for', async () => {
    await begin();
    const link = open();
    await isConnected(link);
    door = async (uplinks) => {
      if (uplinks.some((u) => u.device === 'unknown')) throw new Rejected('invalid-input', 'as the test wants it');
      stored.push(...uplinks);
    };
    await broker.publish(topic('up', 'no-eui'), '{}');
    await broker.publish(topic('up'), 'x'.repeat(70_000));
    await broker.publish(topic('up'), '{"fCnt":2}');
    await soon(() => broker.acked.length).toBe(3);
    expect(stored).toHaveLength(1);
    expect(link.state().messages).toBe(1);
  });

  it('holds the broker back: no more is read than there is room for', async () => {
    await begin();
    await isConnected(open());
    const disk = Promise.withResolvers<void>();
    let given = 0;
    door = async (uplinks) => {
      given += uplinks.length;
      await disk.promise;
      stored.push(...uplinks);
    };
    for (let i = 0; i < 3000; i++) await broker.publish(topic('up'), `{"fCnt":${i}}`);
    await soon(() => given).toBeGreaterThan(0);
    disk.resolve();
    await soon(() => stored.length).toBe(3000);
    expect(stored.map((u) => Number(/\d+/.exec(Buffer.from(u.payload).toString())))).toEqual(
      Array.from({ length: 3000 }, (_, i) => i),
    );
  });
});

describe('a connection that does not stand', () => {
  it('is one alert when it stays away, which says why, and none any more when it is back', async () => {
    await begin();
    const link = open();
    await isConnected(link);
    await soon(() => alerts.list()).toEqual([]); // on a busy machine the first connection is late too
    await broker.down();
    await soon(() => alerts.list().map((a) => [a.name, a.outside])).toEqual([['network-server:chirp', true]]);
    await soon(() => link.state().detail?.en).toBe('No server listens at this address and port.');
    expect(link.state().connection).toBe('failed');
    await broker.up();
    await isConnected(link);
    await soon(() => alerts.list()).toEqual([]);
    expect(link.state().detail).toBeUndefined();
    await broker.publish(topic('up'), '{}');
    await soon(() => stored.length).toBe(1);
  });

  it.each([
    ['a wrong password', { login: { username: 'us', password: 'right' } }, 'Serveren afviser brugernavn'],
    ['events it may not subscribe to', { mayNotSubscribe: true }, 'Serveren tillader ikke brugeren at abonnere'],
  ])('says so of %s', async (_what, options, sentence) => {
    await begin(options);
    const link = open({ username: 'us', password: 'wrong' });
    await soon(() => link.state().detail?.da).toContain(sentence);
    await soon(() => alerts.list()).toHaveLength(1);
  });

  it('says so of a name that is none, and of an address that only the platform may use', async () => {
    await begin();
    const unknown = open({ url: 'mqtt://no-such-host.invalid:1883' });
    await soon(() => unknown.state().detail?.en).toBe('The name of the server cannot be looked up.');
    const inside = open(
      { url: 'mqtt://broker.example:1883' },
      {
        allowPrivateTargets: false,
        lookup: async () => ['10.1.2.3'],
      },
    );
    await soon(() => inside.state().detail?.en).toContain('The address is in a private network.');
    const allowed = open({ privateAllowed: true }, { allowPrivateTargets: false });
    await isConnected(allowed);
  });

  it('is silent: the broker answers nothing', async () => {
    await begin();
    const mute = await startMute();
    const link = open(
      { url: `mqtt://127.0.0.1:${mute.port}` },
      {
        times: { backoff: { firstMs: 5, mostMs: 20 }, awayMs: 60, backMs: 30, broker: { connectMs: 100 } },
      },
    );
    await soon(() => link.state().detail?.en).toBe('The server does not answer in time.');
    await link.stop({ leave: false });
    await mute.stop();
  });
});

describe('TLS', () => {
  const pem = (name: string) => readFileSync(join(import.meta.dirname, '../ingest/testing/certs', name), 'utf8');
  const tls = { cert: pem('server.pem'), key: pem('server.key') };

  it('is verified: only a certificate whose authority is known here', async () => {
    await begin({ tls });
    const url = `mqtts://localhost:${broker.port}`;
    const stranger = open({ url });
    await soon(() => stranger.state().detail?.en).toContain('The certificate of the server is not valid here.');
    await stranger.stop({ leave: false });
    expect(broker.clients).toEqual([]);
    const known = open({ url, ca: pem('ca.pem') });
    await isConnected(known);
    await broker.publish(topic('up'), '{}');
    await soon(() => stored.length).toBe(1);
  });

  it('is what mqtts:// means, also to a server that speaks none', async () => {
    await begin();
    const link = open({ url: `mqtts://127.0.0.1:${broker.port}` });
    await soon(() => link.state().connection).toBe('failed');
    expect(stored).toEqual([]);
    expect(broker.clients).toEqual([]);
  });
});

describe('an end', () => {
  it('for good leaves nothing at the broker; until the next start it keeps what comes', async () => {
    await begin();
    const link = open();
    await isConnected(link);
    await link.stop({ leave: true });
    expect(broker.unsubscribed).toEqual(['application/+/device/+/event/#']);
    await broker.publish(topic('up'), '{"fCnt":1}');
    const next = open();
    await isConnected(next);
    await broker.publish(topic('up'), '{"fCnt":2}');
    await soon(() => stored.map((u) => Buffer.from(u.payload).toString())).toEqual(['{"fCnt":2}']);
  });

  it('comes soon while the log takes nothing', async () => {
    await begin();
    const link = open();
    await isConnected(link);
    door = () => Promise.reject(new Unavailable('no'));
    await broker.publish(topic('up'), '{}');
    const began = performance.now();
    await link.stop({ leave: false });
    expect(performance.now() - began).toBeLessThan(4000);
    expect(alerts.list()).toEqual([]);
  });
});

describe('commands', () => {
  const downlink = { devEui: EUI, id: 'c5e2', fPort: 85, bytes: Uint8Array.of(1, 255), confirmed: true };

  it('go to where the device was heard, as its network server wants them', async () => {
    await begin();
    const link = open();
    await isConnected(link);
    await expect(link.send(downlink)).rejects.toThrow(Unavailable);
    await broker.publish(topic('up'), '{}');
    await soon(() => stored.length).toBe(1);
    await link.send({ ...downlink, expiresAt: 0 });
    expect(broker.published).toEqual([
      {
        topic: `application/app-1/device/${EUI}/command/down`,
        payload: JSON.stringify({
          id: 'c5e2',
          devEui: EUI,
          confirmed: true,
          fPort: 85,
          data: 'Af8=',
          expiresAt: '1970-01-01T00:00:00.000Z',
        }),
      },
    ]);
  });

  it('of The Things Stack are pushed behind others, with our id to know them by', async () => {
    await begin();
    const link = open({ kind: 'tts' });
    await isConnected(link);
    await link.send({ ...downlink, application: 'app@tenant', deviceName: 'bin-1' });
    await soon(() => broker.published.length).toBe(1);
    expect(broker.published[0]?.topic).toBe('v3/app@tenant/devices/bin-1/down/push');
    expect(JSON.parse(broker.published[0]?.payload ?? '')).toEqual({
      downlinks: [
        {
          f_port: 85,
          frm_payload: 'Af8=',
          confirmed: true,
          priority: 'NORMAL',
          correlation_ids: ['sansevaerk:command:c5e2'],
        },
      ],
    });
  });

  it('are Unavailable without a connection, and refused where a name fits into no topic', async () => {
    await begin();
    const link = open();
    await isConnected(link);
    await expect(link.send({ ...downlink, application: 'a/#' })).rejects.toMatchObject({ code: 'no-command-path' });
    await broker.down();
    await soon(() => link.state().connection).toBe('failed');
    await expect(link.send({ ...downlink, application: 'a' })).rejects.toThrow(Unavailable);
  });
});

/** Takes connections and says nothing. */
async function startMute(): Promise<{ port: number; stop(): Promise<void> }> {
  const { createServer } = await import('node:net');
  const server = createServer((socket) => socket.resume().on('error', () => {}));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    stop: () => new Promise((done) => server.close(() => done())),
  };
}
