/** The importer against a server that answers with OS2iot's documented shapes. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OS2IOT_KEY, type Os2iotServer, os2iotContent, startOs2iot } from '../../../test/lib/os2iot-server.ts';
import { isPublicAddress } from '../../knowledge/access/public-address.ts';
import { hashSecret } from '../../model/secret.ts';
import { createLogger } from '../../ops/logger.ts';
import { createMetrics } from '../../ops/metrics.ts';
import { PlatformAlerts } from '../../ops/platform-alerts.ts';
import { createOutgoing } from '../../pipeline/outgoing/request.ts';
import type { ImportItem } from './os2iot-items.ts';
import { ADMIN, openWorld, tokenOf, type World } from './testing/api-world.ts';

let os2iot: Os2iotServer;
let world: World;
const logged: string[] = [];

beforeAll(async () => {
  os2iot = await startOs2iot();
});
afterAll(() => os2iot.close());

beforeEach(async () => {
  Object.assign(os2iot.content, os2iotContent());
  os2iot.forbidden.clear();
  const logger = createLogger('trace', { write: (line) => void logged.push(line) });
  const metrics = createMetrics();
  world = await openWorld({
    config: { host: '127.0.0.1', port: 0, allowPrivateTargets: true },
    outgoing: createOutgoing({ allowPrivateTargets: true, isPublic: isPublicAddress }),
    ops: { logger, metrics, alerts: new PlatformAlerts(logger, metrics) },
  });
});
afterEach(() => world.close());

const MAPPING = { '5': { type: 'water-level' } };
const MANAGER = tokenOf('egeby', 'manager');

async function run(more: object = {}, as = MANAGER) {
  const body = { url: os2iot.url, apiKey: OS2IOT_KEY, owner: 'egeby', dryRun: false, mapping: MAPPING, ...more };
  const answer = await world.request('POST', '/api/v1/os2iot/import', body, as);
  const items: ImportItem[] = answer.body.items ?? [];
  const find = (kind: string, id: number | string) => items.find((i) => i.kind === kind && i.os2iotId === String(id));
  return { ...answer, items, find };
}

/** Everything that an import may write, as it is stored. */
async function everything(): Promise<unknown> {
  const { registry } = world;
  const page = { limit: 1000 };
  const all = { owners: ['egeby'] };
  return {
    assets: (await registry.assets.list({ visible: { all: true, sharings: [] } }, page)).items,
    devices: (await registry.devices.list(all, page)).items,
    codecs: (await registry.codecs.list(all, page)).items,
    models: (await registry.deviceModels.list(all, page)).items,
    gateways: (await registry.gateways.list(all, page)).items,
    directory: (await registry.directory.changes(0)).version,
  };
}

describe('an import', () => {
  it('makes of each object what it is here, and says so object by object', async () => {
    const { status, body, find } = await run();
    expect(status).toBe(200);
    expect(body.counts).toEqual({ create: 7, update: 0, same: 2, skip: 3, refuse: 0 });
    const { registry, directory } = world;
    expect(await registry.assets.get('os2iot-egeby-11')).toMatchObject({
      type: 'waste-container',
      name: 'Torvet 1',
      location: { lat: 56.17, lon: 9.601 },
      tags: ['Affald midtby'],
      externalIds: { os2iot: '11', os2iotApplication: '3' },
      attributes: { volume: [{ value: 240 }] },
      sharing: 'internal',
    });
    expect(await registry.devices.get('os2iot-egeby-11')).toMatchObject({
      model: 'os2iot-egeby-decoder-7',
      connection: { kind: 'lorawan', devEui: 'a81758fffe012345' },
      assignments: [{ asset: 'os2iot-egeby-11' }],
    });
    expect(await registry.codecs.get('os2iot-egeby-decoder-7')).toMatchObject({
      name: 'Ultralyd',
      signature: 'os2iot',
      version: 1,
    });
    expect(directory.deviceModel('os2iot-egeby-decoder-7')).toMatchObject({
      format: 'frame',
      codec: 'script:os2iot-egeby-decoder-7',
    });
    const [key] = directory.credentials('os2iot-egeby-12');
    expect(key?.hash).toBe(hashSecret('5f0c2e1a-7b1d-4c55-9d6e-2f6c9a1b0d11'));
    expect(directory.credentials('os2iot-egeby-13')).toHaveLength(1);
    expect(directory.credentials('os2iot-egeby-21')).toHaveLength(0);
    // A decimal comma, in metadata that OS2iot answered as text.
    expect((await registry.assets.get('os2iot-egeby-21'))?.attributes).toMatchObject({
      sensorElevation: [{ value: 4.25 }],
    });
    expect(await registry.gateways.get('0016c001f1500812')).toMatchObject({
      name: 'Vandtårnet',
      contact: 'iot@egeby.example.dk',
      location: { lat: 56.18, lon: 9.57 },
    });
    expect(await registry.gateways.get('0016c001f1500999')).toBeUndefined();
    expect(find('device', 22)).toMatchObject({ action: 'skip' });
    expect(find('device', 22)?.why?.da).toContain('mqtt://broker.example.dk:1883, topic soe/22');
    expect(find('decoder', 8)).toMatchObject({ action: 'skip' });
    expect(find('data-target', 31)).toMatchObject({ action: 'skip' });
    expect(
      find('application', 3)
        ?.notes.map((n) => n.da)
        .join(' '),
    ).toContain('drift@egeby.example.dk');
    const audit = await world.request('GET', '/api/v1/audit?limit=1000', undefined, ADMIN);
    expect(audit.body.items.filter((e: { action: string }) => e.action === 'import-os2iot')).toHaveLength(7);
  });

  it('changes nothing the second time, and needs no choice again', async () => {
    await run();
    const before = await everything();
    const { body, items } = await run({ mapping: {} });
    expect(body.counts).toEqual({ create: 0, update: 0, same: 9, skip: 3, refuse: 0 });
    expect(items.flatMap((i) => i.changes)).toEqual([]);
    expect(await everything()).toEqual(before);
  });

  it('only says what it would do in a dry run, which is the default', async () => {
    const before = await everything();
    const dry = await run({ dryRun: undefined });
    expect(dry.body.dryRun).toBe(true);
    expect(await everything()).toEqual(before);
    const real = await run();
    const outline = (items: ImportItem[]) =>
      items.map(({ kind, os2iotId, id, action }) => ({ kind, os2iotId, id, action }));
    expect(outline(dry.items)).toEqual(outline(real.items));
  });

  it('follows what changed there, and keeps what was changed here', async () => {
    await run();
    const asset = await world.registry.assets.get('os2iot-egeby-11');
    const kept = { ...asset!, tags: [...asset!.tags, 'tilsyn'], sharing: 'open' as const }; // imported above
    await world.registry.assets.put(kept);
    const model = await world.registry.deviceModels.get('os2iot-egeby-decoder-7');
    const mapped = { ...model!, mapping: { level: { quantity: 'fillingLevel' } } }; // imported above
    await world.registry.deviceModels.put(mapped);
    const [bin] = os2iot.content.devices.get(3)!; // as the server makes it
    Object.assign(bin!, { name: 'Torvet 1, nord', metadata: { volume: '660' } });
    os2iot.content.decoders[0]!.decodingFunction += '// rettet\n';
    const { body, find } = await run();
    expect(body.counts).toMatchObject({ create: 0, update: 2 });
    expect(find('device', 11)).toMatchObject({
      action: 'update',
      changes: [{ field: 'name', from: 'Torvet 1', to: 'Torvet 1, nord' }],
    });
    expect(
      find('device', 11)
        ?.notes.map((n) => n.en)
        .join(' '),
    ).toContain('volume has another value here');
    expect(await world.registry.assets.get('os2iot-egeby-11')).toEqual({ ...kept, name: 'Torvet 1, nord' });
    expect(await world.registry.codecs.get('os2iot-egeby-decoder-7')).toMatchObject({ version: 2 });
    expect(await world.registry.deviceModels.get('os2iot-egeby-decoder-7')).toEqual(mapped);
  });

  it('never brings a key back that was replaced here', async () => {
    await run();
    const made = await world.request('POST', '/api/v1/devices/os2iot-egeby-12/credentials?revoke=now', {}, MANAGER);
    expect(made.status).toBe(201);
    const { find } = await run();
    expect(find('device', 12)).toMatchObject({ action: 'same', changes: [] });
    expect(world.directory.credentials('os2iot-egeby-12').map((c) => c.hash)).toEqual([hashSecret(made.body.password)]);
  });

  it('refuses what is not certain, with what there is to choose from', async () => {
    const { find } = await run({ mapping: undefined, applications: [5] });
    expect(find('device', 21)).toMatchObject({ action: 'refuse' });
    expect(find('device', 21)?.choices).toContain('water-level');
    expect(find('device', 21)?.choices).not.toContain('rescue-ring');
    expect(find('device', 11)).toBeUndefined();
    os2iot.content.connections = [];
    const without = await run({ applications: [3] });
    expect(without.find('device', 11)?.why?.en).toContain('no decoder');
    const chosen = await run({ applications: [3], mapping: { '3': { model: 'generic-json' } } });
    expect(chosen.find('device', 11)?.action).toBe('create');
  });

  it('leaves what another organisation has, and a device that is here under another id', async () => {
    const eui = { owner: 'egeby', model: 'generic-json', connection: { kind: 'lorawan', devEui: 'A81758FFFE012345' } };
    expect((await world.request('PUT', '/api/v1/devices/torvet', eui, ADMIN)).status).toBe(201);
    const foreign = { owner: 'bogeby', type: 'building', name: 'x', attributes: {} };
    expect((await world.request('PUT', '/api/v1/assets/os2iot-egeby-12', foreign, ADMIN)).status).toBe(201);
    const { find } = await run();
    expect(find('device', 11)).toMatchObject({ action: 'same', id: 'torvet' });
    expect(find('device', 12)).toMatchObject({ action: 'refuse' });
    expect(find('device', 12)?.id).toBeUndefined();
    expect((await world.registry.assets.get('os2iot-egeby-12'))?.owner).toBe('bogeby');
  });

  it('goes on without what a key may not read, and says it', async () => {
    os2iot.forbidden.add('/data-target').add('/iot-device/13');
    const { status, items, find } = await run();
    expect(status).toBe(200);
    expect(items.filter((i) => i.kind === 'list').map((i) => i.os2iotId)).toEqual(['/iot-device/13', '/data-target']);
    expect(find('device', 13)).toBeUndefined();
    expect(find('device', 12)?.action).toBe('create');
  });

  it('reads lists of many pages', async () => {
    const [, http] = os2iot.content.devices.get(3)!; // as the server makes it
    const many = Array.from({ length: 120 }, (_, i) => ({ ...http, id: 1000 + i, name: `Spand ${i}`, apiKey: null }));
    os2iot.content.devices.set(3, many);
    const { body } = await run({ applications: [3] });
    expect(body.counts.create).toBe(121); // and a gateway
  });
});

describe('what goes wrong', () => {
  it.each([
    ['a wrong key', { apiKey: 'wrong-key-0123456789' }, '/apiKey'],
    ['nobody there', { url: 'http://127.0.0.1:1' }, '/url'],
    ['an address with a password', { url: 'http://me:secret@127.0.0.1' }, '/url'],
    ['another organisation of OS2iot', { applications: [99] }, '/organizationId'],
    ['an owner that is none', { owner: 'nowhere' }, '/owner'],
    ['a type that is none', { mapping: { '5': { type: 'x' } } }, '/mapping/5/type'],
    ['a model that is none', { mapping: { '5': { model: 'x' } } }, '/mapping/5/model'],
    ['a network server that is none', { networkServer: 'x' }, '/networkServer'],
  ])('%s is told with a pointer', async (_, more, pointer) => {
    const answer = await run(more, ADMIN);
    expect([answer.status, answer.body.errors?.[0]?.pointer]).toEqual([400, pointer]);
  });

  it('something else than OS2iot is told as such', async () => {
    const other = createServer((_, response) => response.end('Velkommen')).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo; // it listens on TCP
    const answer = await run({ url: `http://127.0.0.1:${port}` });
    other.close();
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([400, '/url']);
    expect(answer.body.detail).toContain('is this OS2iot?');
  });

  it('asks no address inside the network, and only over TLS, unless that is allowed', async () => {
    const strict = await openWorld();
    const body = { url: os2iot.url, apiKey: OS2IOT_KEY, owner: 'egeby' };
    const asked = os2iot.asked.length;
    const plain = await strict.request('POST', '/api/v1/os2iot/import', body, MANAGER);
    expect(plain.body.errors[0].detail).toContain('https');
    const secure = { ...body, url: os2iot.url.replace('http:', 'https:') };
    const inside = await strict.request('POST', '/api/v1/os2iot/import', secure, MANAGER);
    expect(inside.body.errors[0].detail).toContain('not a public address');
    expect(os2iot.asked).toHaveLength(asked);
    await strict.close();
  });

  it('is for managers of the owner alone', async () => {
    for (const role of ['reader', 'duty', 'technician'] as const)
      expect((await run({}, tokenOf('egeby', role))).status).toBe(403);
    expect((await run({}, tokenOf('bogeby', 'administrator'))).status).toBe(403);
    expect((await run({}, 'no-such-token')).status).toBe(401);
    expect(await world.registry.assets.get('os2iot-egeby-11')).toBeUndefined();
  });

  it('says no key, password or person anywhere', async () => {
    const answers = [await run(), await run({ url: 'http://127.0.0.1:1' }), await run({ apiKey: `${OS2IOT_KEY}x` })];
    const audit = await world.request('GET', '/api/v1/audit?limit=1000', undefined, ADMIN);
    const stored = JSON.stringify(await everything());
    const written = [...logged, audit.text, stored, ...answers.map((a) => a.text)].join('\n');
    for (const secret of [
      OS2IOT_KEY,
      '5f0c2e1a-7b1d-4c55-9d6e-2f6c9a1b0d11',
      '00112233445566778899aabbccddeeff',
      'hemmelig-adgangskode',
      'hemmeligt-token',
      'bruger:kode',
      'ane.eksempel',
      'Ane Eksempel',
      'bo.eksempel',
      '12345678',
      'Nøglen hos Ane',
    ])
      expect(written).not.toContain(secret);
  });
});
