/** What OS2iot's data target sends is kept for the comparison, and is found nowhere else. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FEED_MESSAGES } from '../../model/os2iot.ts';
import { Os2iotSenders } from './os2iot-senders.ts';
import { ADMIN, openWorld, tokenOf, type World } from './testing/api-world.ts';

let world: World;
let now = Date.UTC(2026, 10, 23, 12);
const EUI = 'a81758fffe012345';
const READER = tokenOf('egeby', 'reader');
const TECHNICIAN = tokenOf('egeby', 'technician');

beforeAll(async () => {
  world = await openWorld({ now: () => now });
  const put = async (path: string, body: object) =>
    expect((await world.request('PUT', `/api/v1/${path}`, body, ADMIN)).status).toBe(201);
  for (const [id, name] of [
    ['bin-1', 'Torvet 1'],
    ['bin-2', 'Havnen 4'],
    ['bin-3', 'Skoven'],
    ['bin-4', 'Stille'],
  ]) {
    const externalIds = { os2iot: `1${id?.slice(-1)}` };
    await put(`assets/${id}`, { owner: 'egeby', type: 'waste-container', name, externalIds });
    const connection = id === 'bin-1' ? { kind: 'lorawan', devEui: EUI } : { kind: 'http' };
    await put(`devices/${id}`, { owner: 'egeby', model: 'generic-distance-cm', asset: id, connection });
  }
  await put('assets/other', { owner: 'egeby', type: 'building', name: 'Rådhuset' });
  await put('devices/other', { owner: 'egeby', model: 'generic-json', asset: 'other', connection: { kind: 'http' } });
});
afterAll(() => world.close());

const feed = (body: unknown, as = READER, query = '') => world.request('POST', `/api/v1/os2iot/feed${query}`, body, as);
const compare = async (query = '', as = TECHNICIAN) =>
  await world.request('GET', `/api/v1/os2iot/comparison${query}`, undefined, as);
const here = (asset: string, quantity: string, value: number, time = now) =>
  world.publish([{ asset, quantity, type: 'waste-container', value, time }], { at: now });
// biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came back
const of = (answer: { body: any }, device: string) =>
  answer.body.items.find((i: { device: string }) => i.device === device);

describe('the comparison', () => {
  it('tells device by device what is the same, different, and on one side alone', async () => {
    const began = now;
    for (const distance of [40, 41, 42]) {
      now += 600_000;
      // The model says that distance_cm is our distance, in millimetres; OS2iot hears of it two seconds later.
      await here('bin-1', 'distance', distance * 10, now - 2000);
      expect((await feed({ deviceEUI: EUI.toUpperCase(), distance_cm: distance, tilt: 3 })).status).toBe(204);
      await here('bin-2', 'distance', distance * 10);
      if (distance > 40) await feed({ deviceId: 12, distance_cm: distance + 5, temperature_c: 4 });
      await feed([{ id: 'urn:ngsi-ld:WasteContainer:x', name: { type: 'Property', value: 'Skoven' }, distance_cm: 7 }]);
      await feed({ name: 'Ukendt', distance_cm: 1 });
    }
    await here('bin-4', 'distance', 400, began);
    now += 60_000;
    const answer = await compare(`?from=${began + 1}`);
    expect(answer.status).toBe(200);
    expect(answer.body.items.map((i: { device: string }) => i.device)).toEqual(['bin-1', 'bin-2', 'bin-3', 'bin-4']);
    expect(of(answer, 'bin-1')).toMatchObject({
      name: 'Torvet 1',
      state: 'same',
      there: { messages: 3, last: new Date(now - 60_000).toISOString() },
      values: { equal: 3, different: 0, onlyThere: 0, onlyHere: 0 },
      quantities: [{ quantity: 'distance', lastThere: { value: 420 }, lastHere: { value: 420 } }],
      unknownKeys: ['tilt'],
    });
    // What was here before the feed began is no loss there.
    expect(of(answer, 'bin-2')).toMatchObject({
      state: 'different',
      values: { equal: 0, different: 2, onlyThere: 2, onlyHere: 0 },
      quantities: [
        { quantity: 'distance', difference: { there: { value: 470 }, here: { value: 420 } } },
        { quantity: 'temperature', onlyThere: 2 },
      ],
    });
    expect(of(answer, 'bin-3')).toMatchObject({ state: 'only-there', here: {}, values: { onlyThere: 3 } });
    expect(of(answer, 'bin-4')).toMatchObject({ state: 'only-here', there: { messages: 0 } });
    expect(answer.body.unknown).toEqual([{ label: 'Ukendt', messages: 3, last: new Date(now - 60_000).toISOString() }]);
    expect(of(await compare(`?from=${now + 1e9}&to=${now + 2e9}`), 'bin-4')).toMatchObject({ state: 'silent' });
  });

  it('goes page by page', async () => {
    const first = await compare('?limit=2');
    expect(first.body.items).toHaveLength(2);
    const second = await compare(`?limit=2&cursor=${first.body.next}`);
    expect(second.body.items.map((i: { device: string }) => i.device)).toEqual(['bin-3', 'bin-4']);
    expect(second.body.unknown).toEqual([]);
  });

  it('is of the owner’s devices alone', async () => {
    expect((await compare('?owner=egeby', tokenOf('bogeby', 'administrator'))).status).toBe(403);
    expect((await compare('', READER)).status).toBe(403);
    expect((await compare('', '')).status).toBe(401);
    const own = await compare('', tokenOf('bogeby', 'technician'));
    expect([own.status, own.body.items, own.body.unknown]).toEqual([200, [], []]);
    expect((await compare('', ADMIN)).body.errors[0].pointer).toBe('/owner');
    expect((await compare(`?from=${now - 40 * 86_400_000}`)).body.errors[0].pointer).toBe('/from');
  });
});

describe('the feed', () => {
  it('touches no series, ledger or uplink', async () => {
    const before = await world.log.end('uplinks');
    await feed({ deviceEUI: EUI, distance_cm: 99 });
    const asset = await world.request('GET', '/api/v1/assets/bin-1', undefined, ADMIN);
    expect(asset.text).not.toContain('990');
    expect(await world.log.end('uplinks')).toEqual(before);
    expect(world.door.taken).toEqual([]);
  });

  it('takes a message for whoever is named beside it, and of its own organisation alone', async () => {
    expect((await feed({ distance_cm: 5 }, READER, '?device=bin-3')).status).toBe(204);
    expect((await feed({ distance_cm: 5 }, READER, '?owner=bogeby')).status).toBe(403);
    expect((await feed({ distance_cm: 5 }, '')).status).toBe(401);
    // A device of egeby is nobody for bogeby.
    expect((await feed({ deviceEUI: EUI }, tokenOf('bogeby', 'reader'))).status).toBe(204);
    const senders = await world.registry.os2iot.senders({ owner: 'bogeby', from: 0, to: now + 1 });
    expect(senders).toMatchObject([{ device: '', label: EUI, messages: 1 }]);
  });

  it('takes JSON objects up to 16 KiB', async () => {
    expect((await feed({ text: 'x'.repeat(17_000) })).status).toBe(413);
    expect((await feed('7')).status).toBe(400);
    expect((await feed('{"broken')).status).toBe(400);
  });

  it('keeps the newest messages of a device, a month long', async () => {
    const { os2iot } = world.registry;
    const message = { owner: 'vandvaerk', device: 'd', label: 'd', body: '{}' };
    for (let i = 0; i < FEED_MESSAGES + 5; i++) await os2iot.add({ ...message, receivedAt: now + i });
    await os2iot.add({ ...message, device: 'e', receivedAt: now });
    const filter = { owner: 'vandvaerk', device: 'd', from: 0, to: now + 1e9 };
    const kept = await os2iot.list(filter, 5000);
    expect(kept).toHaveLength(FEED_MESSAGES);
    expect([kept[0]?.receivedAt, kept.at(-1)?.receivedAt]).toEqual([now + 5, now + FEED_MESSAGES + 4]);
    expect((await os2iot.list(filter, 2)).map((m) => m.receivedAt)).toEqual([now + 1003, now + 1004]);
    await os2iot.add({ ...message, device: 'e', receivedAt: now + 40 * 86_400_000 });
    const senders = await os2iot.senders({ owner: 'vandvaerk', from: 0, to: Number.MAX_SAFE_INTEGER });
    expect(senders).toMatchObject([{ device: 'e', messages: 1 }]);
  });

  it('is limited to 3000 messages of one organisation a minute', () => {
    const senders = new Os2iotSenders({ directory: world.directory });
    for (let i = 0; i < 3000; i++) expect(senders.allows('egeby')).toBe(true);
    expect(senders.allows('egeby')).toBe(false);
    expect(senders.allows('bogeby')).toBe(true);
  });
});
