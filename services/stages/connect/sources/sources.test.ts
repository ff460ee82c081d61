/** Which devices a source speaks for, what is pushed, and what a test of a source tells. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startVendorCloud } from '../../../../test/lib/vendor-cloud.ts';
import { openSourcesWorld, type SourcesWorld, soon } from './testing/sources-world.ts';

const TOKEN = 'a-token-of-sixteen-or-more';
const AT = '2026-11-23T12:00:00Z';

let world: SourcesWorld;
beforeEach(async () => {
  world = await openSourcesWorld();
});
afterEach(() => world.close());

const pushing = async (settings: object = {}, more: object = {}) => {
  await world.put('acme', 'http-push', { records: '$', ...settings }, { secrets: { token: TOKEN }, ...more });
  const sources = await world.start();
  const push = (records: unknown, idempotencyKey?: string) =>
    sources.push('acme', {
      token: TOKEN,
      body: Buffer.from(JSON.stringify(records)),
      ...(idempotencyKey !== undefined && { idempotencyKey }),
    });
  return { sources, push };
};
const devices = () => world.forwarded.map((u) => u.device);

describe('the device of a record', () => {
  it('is that with the vendor’s id, in our form and with a prefix', async () => {
    await world.device('acme-bin-1');
    const { push } = await pushing({ idPrefix: 'acme-' });
    expect(await push([{ device: 'BIN 1', time: AT, fillingLevel: 1 }])).toMatchObject({ records: 1, unknown: 0 });
    expect(devices()).toEqual(['acme-bin-1']);
  });

  it('is that on the asset with the vendor’s id', async () => {
    await world.asset('container-7', { acme: 'BIN:1/x' });
    await world.asset('container-8', { other: 'BIN:2/x' });
    await world.asset('container-9', { acme: 'BIN:3/x' }, 'bogeby');
    await world.device('sensor-7', { asset: 'container-7' });
    await world.device('sensor-8', { asset: 'container-8' });
    await world.device('sensor-9', { asset: 'container-9', owner: 'bogeby' });
    const { push } = await pushing({ deviceBy: 'externalId' });
    const given = ['BIN:1/x', 'BIN:2/x', 'BIN:3/x'].map((device) => ({ device, time: AT, fillingLevel: 1 }));
    expect(await push(given)).toMatchObject({ records: 3, unknown: 2 });
    expect(devices()).toEqual(['sensor-7', 'bin-2-x', 'bin-3-x']);
  });

  it('is found by the external id of another name', async () => {
    await world.asset('container-7', { plads: '17' });
    await world.device('sensor-7', { asset: 'container-7' });
    const { push } = await pushing({ deviceBy: 'externalId', externalId: 'plads' });
    await push([{ device: 17, time: AT, fillingLevel: 1 }]);
    expect(devices()).toEqual(['sensor-7']);
  });

  it('is nobody’s when it is not registered: kept under the id it would have', async () => {
    const { push } = await pushing();
    expect(await push([{ device: 'Ny-Sensor', time: AT, fillingLevel: 1 }])).toMatchObject({ records: 1, unknown: 1 });
    expect(world.forwarded[0]).toMatchObject({ device: 'ny-sensor', owner: 'egeby' });
  });

  it('is never one of another organisation', async () => {
    await world.device('secret', { owner: 'bogeby' });
    const { push } = await pushing();
    expect(await push([{ device: 'secret', time: AT, fillingLevel: 1 }])).toMatchObject({ unknown: 1 });
    expect(world.forwarded[0]).toMatchObject({ device: 'acme/secret', owner: 'egeby' });
  });
});

describe('a push', () => {
  it('becomes batches within the limits of one message', async () => {
    await world.device('d');
    const { push } = await pushing();
    const records = Array.from({ length: 2500 }, (_, i) => ({ device: 'd', time: i * 1000, fillingLevel: 1 }));
    expect(await push(records)).toEqual({ records: 2500, unusable: 0, unknown: 0, problems: [] });
    expect(world.taken()).toHaveLength(2500);
    expect(world.forwarded.length).toBeGreaterThanOrEqual(3);
    for (const { payload } of world.forwarded) {
      expect(payload.byteLength).toBeLessThan(64 * 1024);
      expect((JSON.parse(Buffer.from(payload).toString()) as unknown[]).length).toBeLessThanOrEqual(1000);
    }
  });

  it('names what could not be used, and is refused when nothing could', async () => {
    const { push, sources } = await pushing();
    const good = { device: 'd', fillingLevel: 1 };
    const bad = [
      { device: 'd', time: 'yesterday', a: 1 },
      { time: AT, a: 1 },
      { device: 'd', a: { b: 1 } },
      { device: 'd' },
    ];
    const pushed = await push([good, ...bad]);
    expect(pushed).toMatchObject({ records: 1, unusable: 4 });
    expect(pushed.problems).toEqual([
      'record 2: time is neither RFC 3339 with a zone nor whole epoch milliseconds ($toMillis makes them)',
      'record 3: has no device',
      'record 4: a is a list or an object, not a value',
      'record 5: has no values',
    ]);
    await expect(push(bad)).rejects.toMatchObject({ code: 'invalid-input' });
    expect(sources.state('acme')).toMatchObject({ messages: 1, records: 1, unusable: 4, connection: 'connected' });
  });

  it('carries the identity its sender gave it', async () => {
    const { push } = await pushing();
    await push(
      [
        { device: 'd', fillingLevel: 1 },
        { device: 'e', fillingLevel: 1 },
      ],
      'delivery-7',
    );
    expect(world.forwarded.map((u) => u.identity)).toEqual(['acme:delivery-7:0', 'acme:delivery-7:1']);
  });

  it.each([
    ['another token', {}, 'another-token-of-length'],
    ['a source that is off', { enabled: false }, TOKEN],
    ['a source without a token', { secrets: {} }, ''],
  ])('is refused: %s', async (_name, more, token) => {
    const { sources } = await pushing({}, more);
    const refused = sources.push('acme', { token, body: Buffer.from('[]') });
    await expect(refused).rejects.toMatchObject({ code: 'unauthenticated' });
    await expect(sources.push('nobody', { token, body: Buffer.from('[]') })).rejects.toMatchObject({
      code: 'unauthenticated',
    });
  });
});

describe('a test of a source', () => {
  it('shows what a sample becomes, and stores nothing', async () => {
    await world.device('known');
    const { sources } = await pushing({ records: 'items' });
    const source = (await world.registry.sources.get('acme'))!;
    const items = [{ device: 'known', time: AT, a: 1 }, { device: 'new', a: 2 }, 3];
    expect(await sources.test(source, { sample: JSON.stringify({ items }) })).toEqual({
      records: [
        { vendorId: 'known', device: 'known', known: true, time: Date.parse(AT), values: { a: 1 } },
        { vendorId: 'new', device: 'new', known: false, values: { a: 2 } },
      ],
      found: 2,
      unusable: 1,
      problems: ['record 3: is not an object'],
    });
    expect(world.forwarded).toEqual([]);
    await expect(sources.test(source, { sample: '{' })).rejects.toMatchObject({ code: 'mapping-failed' });
    await expect(sources.test(source, {})).rejects.toMatchObject({ code: 'invalid-input' });
  });

  it('asks for the topic of a sample of MQTT', async () => {
    const settings = { url: 'mqtt://broker.example', topics: ['b/{device}'], payload: 'json' };
    const source = await world.put('mq', 'mqtt', settings, { enabled: false });
    const sources = await world.start();
    expect(await sources.test(source, { sample: '{"a":1}', topic: 'b/d' })).toMatchObject({
      records: [{ vendorId: 'd', values: { a: 1 } }],
    });
    await expect(sources.test(source, { sample: '{}', topic: 'c/d' })).rejects.toThrow('b/{device}');
  });

  it('asks a vendor once, shows the answer without our secrets, and moves no bookmark', async () => {
    const cloud = await startVendorCloud({ proof: { queryKey: 'hemmelig' } });
    cloud.records.push({ bin: 'known', measuredAt: AT, level: 5 });
    const settings = {
      schedule: { everyMinutes: 10_000 },
      request: { url: `${cloud.url}/v1/changes?cursor={cursor}&key={secret:KEY}` },
      paging: { kind: 'cursor', cursor: 'cursor' },
      records: 'items.{"device": bin, "time": measuredAt, "fillingLevel": level}',
    };
    const source = await world.put('pull', 'http-pull', settings, { enabled: false, secrets: { KEY: 'hemmelig' } });
    const sources = await world.start();
    const test = await sources.test(source, {});
    expect(test).toMatchObject({ found: 1, answer: { status: 200 }, records: [{ vendorId: 'known' }] });
    cloud.faults.push((response, { query }) => void response.writeHead(400).end(`bad key ${query.key}`));
    expect(await sources.test(source, {})).toMatchObject({ answer: { status: 400, text: 'bad key ***' }, found: 0 });
    await cloud.stop();
    await expect(sources.test(source, {})).rejects.toMatchObject({ code: 'source-failed' });
    expect(world.forwarded).toEqual([]);
  });
});

describe('what runs', () => {
  it('is what is registered, also when nobody says that it changed', async () => {
    const sources = await world.start({ times: { reloadMs: 20 } });
    await world.registry.sources.put({
      id: 'late',
      owner: 'egeby',
      name: 'late',
      kind: 'http-push',
      enabled: true,
      settings: { records: '$', deviceBy: 'id' },
    });
    await soon(() => sources.states()).toMatchObject({ late: { connection: 'connecting' } });
    await world.registry.sources.delete('late');
    await soon(() => sources.states()).toEqual({});
  });
});
