/** A foreign broker that is listened to: devices by topic, three kinds of payload, acknowledgement after the append. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Unavailable } from '../../../model/errors.ts';
import { type ForeignBroker, startForeignBroker } from '../testing/foreign-broker.ts';
import { openSourcesWorld, type SourcesWorld, soon } from './testing/sources-world.ts';

let world: SourcesWorld;
let broker: ForeignBroker;

beforeEach(async () => {
  world = await openSourcesWorld();
  broker = await startForeignBroker();
  for (const id of ['bin-1', 'bin-2']) await world.device(id);
});
afterEach(async () => {
  await world.close();
  await broker.stop();
});

const settings = (more: object = {}) => ({
  url: `mqtt://127.0.0.1:${broker.port}`,
  topics: ['bins/{device}/data'],
  payload: 'json',
  clientId: 'sansevaerk-test',
  ...more,
});
const bodies = () => world.forwarded.map(({ device, payload }) => [device, Buffer.from(payload).toString()]);

describe('messages of a foreign broker', () => {
  it('go to the device of their topic, as they came', async () => {
    await world.put('acme', 'mqtt', settings());
    const sources = await world.start();
    await soon(() => sources.state('acme')?.connection).toBe('connected');
    await broker.publish('bins/bin-1/data', '{"time":"2026-11-23T12:00:00Z","fillingLevel":40}');
    await broker.publish('bins/BIN-2/data', '{"fillingLevel":41}');
    await broker.publish('lamps/bin-1/data', '{"fillingLevel":42}');
    await soon(bodies).toEqual([
      ['bin-1', '{"time":"2026-11-23T12:00:00Z","fillingLevel":40}'],
      ['bin-2', '{"fillingLevel":41}'],
    ]);
    expect(world.forwarded[0]).toMatchObject({ owner: 'egeby', kind: 'readings', door: 'mqtt' });
    expect(sources.state('acme')).toMatchObject({ messages: 2, records: 2, unknown: 0 });
  });

  it('may be bytes for the codec of the device', async () => {
    await world.put('acme', 'mqtt', settings({ payload: 'bytes' }));
    const sources = await world.start();
    await soon(() => sources.state('acme')?.connection).toBe('connected');
    await broker.publish('bins/bin-1/data', Buffer.from([1, 117, 100]));
    await soon(() => world.forwarded.map((u) => Buffer.from(u.payload).toString('hex'))).toEqual(['017564']);
  });

  it('are mapped, with the named parts of the topic at hand', async () => {
    const records = 'readings.{"device": $topic.site & "-" & no, "time": at, "fillingLevel": pct}';
    await world.put('acme', 'mqtt', settings({ topics: ['{site}/all'], payload: 'mapped', records }));
    const sources = await world.start();
    await soon(() => sources.state('acme')?.connection).toBe('connected');
    const at = '2026-11-23T12:00:00Z';
    await broker.publish(
      'bin/all',
      JSON.stringify({
        readings: [
          { no: 1, at, pct: 10 },
          { no: 2, at, pct: 20 },
        ],
      }),
    );
    await soon(world.taken).toEqual([
      { device: 'bin-1', record: { time: Date.parse(at), fillingLevel: 10 } },
      { device: 'bin-2', record: { time: Date.parse(at), fillingLevel: 20 } },
    ]);
  });

  it('that cannot be mapped are kept under a name no device has, and told', async () => {
    await world.put('acme', 'mqtt', settings({ payload: 'mapped', records: '$' }));
    const sources = await world.start();
    await soon(() => sources.state('acme')?.connection).toBe('connected');
    await broker.publish('bins/bin-1/data', 'no JSON');
    await soon(bodies).toEqual([['acme/bin-1', 'no JSON']]);
    await soon(() => broker.acked.length).toBe(1);
    expect(sources.state('acme')?.detail?.en).toContain('1 records could not be used');
  });
});

describe('the acknowledgement', () => {
  it('leaves after the append, and what was not taken comes again', async () => {
    await world.put('acme', 'mqtt', settings());
    const sources = await world.start();
    await soon(() => sources.state('acme')?.connection).toBe('connected');
    world.door.broken = new Unavailable('the disk is full');
    await broker.publish('bins/bin-1/data', '{"fillingLevel":1}');
    await broker.down();
    await soon(() => sources.state('acme')?.connection).toBe('failed');
    expect(broker.acked).toEqual([]);
    world.door.broken = undefined;
    await broker.up();
    await soon(bodies).toEqual([['bin-1', '{"fillingLevel":1}']]);
    await soon(() => broker.acked.length).toBe(1);
  });

  it('is kept by the broker while we are away, because the session is', async () => {
    await world.put('acme', 'mqtt', settings());
    const first = await world.start();
    await soon(() => first.state('acme')?.connection).toBe('connected');
    await first.stop();
    await broker.publish('bins/bin-2/data', '{"fillingLevel":2}');
    await world.start();
    await soon(bodies).toEqual([['bin-2', '{"fillingLevel":2}']]);
  });

  it('is one client for all devices, and the broker forgets a source that is removed', async () => {
    await world.put('acme', 'mqtt', settings({ topics: ['bins/{device}/data', 'lamps/{device}/#'] }));
    const sources = await world.start();
    await soon(() => sources.state('acme')?.connection).toBe('connected');
    expect(broker.clients).toEqual(['sansevaerk-test']);
    expect(broker.subscribed).toEqual(['bins/+/data', 'lamps/+/#']);
    await world.registry.sources.delete('acme');
    await sources.changed();
    expect(broker.unsubscribed).toEqual(['bins/+/data', 'lamps/+/#']);
    await soon(() => broker.clients).toEqual([]);
    expect(sources.state('acme')).toBeUndefined();
  });
});

describe('a broker that refuses', () => {
  it('says why, and is tried again with the right password', async () => {
    await broker.stop();
    broker = await startForeignBroker({ login: { username: 'egeby', password: 'hemmelig' } });
    const login = settings({ username: 'egeby', password: '{secret:PW}' });
    await world.put('acme', 'mqtt', login, { secrets: { PW: 'forkert' } });
    const sources = await world.start();
    await soon(() => sources.state('acme')?.detail?.en ?? '').toContain('password');
    await world.put('acme', 'mqtt', login, { secrets: { PW: 'hemmelig' } });
    await soon(() => sources.state('acme')?.connection).toBe('connected');
  });

  it('is not connected to in a private network unless that is allowed', async () => {
    await world.put('acme', 'mqtt', settings());
    const sources = await world.start({ allowPrivateTargets: false });
    await soon(() => sources.state('acme')?.connection).toBe('failed');
    expect(broker.clients).toEqual([]);
  });
});
