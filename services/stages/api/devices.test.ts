import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogue } from '../../knowledge/catalogue/catalogue.ts';
import { hashSecret } from '../../model/secret.ts';
import { assign } from './devices.ts';
import { ADMIN, openWorld, tokenOf, type World } from './testing/api-world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  for (const [id, owner] of [
    ['a1', 'egeby'],
    ['a2', 'egeby'],
    ['b1', 'bogeby'],
  ]) {
    await world.request('PUT', `/api/v1/assets/${id}`, { owner, type: 'waste-container', name: id }, ADMIN);
  }
});
afterAll(() => world.close());

const DEVICE = { owner: 'egeby', model: 'generic-json', connection: { kind: 'mqtt' } };
const put = (id: string, body: object, token = ADMIN) => world.request('PUT', `/api/v1/devices/${id}`, body, token);

describe('devices', () => {
  it('start a new assignment with a new asset', async () => {
    expect((await put('d1', { ...DEVICE, asset: 'a1' })).status).toBe(201);
    const moved = await put('d1', { ...DEVICE, asset: 'a2' });
    expect(moved.body).toMatchObject({ asset: 'a2', assignments: [{ asset: 'a1' }, { asset: 'a2' }] });
    expect(moved.body.assignments[0].to).toBe(moved.body.assignments[1].from);
    const same = await put('d1', { ...DEVICE, asset: 'a2' });
    expect(same.body.assignments).toEqual(moved.body.assignments);
    const page = await world.request('GET', '/api/v1/assets/a2', undefined, ADMIN);
    expect(page.body.devices).toMatchObject([{ id: 'd1' }]);
  });

  it('keep their assignments half-open', () => {
    expect(assign([], 'a', 1)).toEqual([{ asset: 'a', from: 1 }]);
    expect(assign([{ asset: 'a', from: 1 }], undefined, 5)).toEqual([{ asset: 'a', from: 1, to: 5 }]);
    expect(assign([{ asset: 'a', from: 1, to: 5 }], 'a', 9)).toEqual([
      { asset: 'a', from: 1, to: 5 },
      { asset: 'a', from: 9 },
    ]);
  });

  it('must be of a known model, owner and asset', async () => {
    expect((await put('d9', { ...DEVICE, model: 'x' })).body.errors[0].pointer).toBe('/model');
    expect((await put('d9', { ...DEVICE, owner: 'nobody' })).body.errors[0].pointer).toBe('/owner');
    expect((await put('d9', { ...DEVICE, asset: 'nothing' })).body.errors[0].pointer).toBe('/asset');
    const foreign = await put('d9', { ...DEVICE, asset: 'b1' }, tokenOf('egeby', 'technician'));
    expect(foreign.body.errors[0].pointer).toBe('/asset');
    expect((await put('BAD', DEVICE)).body.errors[0].pointer).toBe('/id');
  });

  it('are deleted with a confirmation only, once they have been somewhere', async () => {
    await put('d3', { ...DEVICE, asset: 'a1' });
    const first = await world.request('DELETE', '/api/v1/devices/d3', undefined, ADMIN);
    expect([first.status, first.body.code]).toEqual([400, 'confirm-needed']);
    expect((await world.request('DELETE', '/api/v1/devices/d3?confirm=d3', undefined, ADMIN)).status).toBe(204);
  });
});

describe('semantics: Key of a value', () => {
  const model = catalogue.deviceModels.find((m) => m.quantities?.length);

  it.runIf(model)('two devices of one asset may not report the same quantity, where models tell', async () => {
    const body = { ...DEVICE, model: model?.id, asset: 'a1' };
    expect((await put('k1', body)).status).toBe(201);
    const second = await put('k2', body);
    expect([second.status, second.body.code]).toEqual([409, 'quantity-taken']);
    expect((await put('k2', { ...body, asset: 'a2' })).status).toBe(201);
    expect((await put('k1', body)).status).toBe(200);
  });
});

describe('semantics: Secrets', () => {
  it('are shown once; the former works until the new is used, or not at all with revoke=now', async () => {
    await put('s1', DEVICE);
    const first = await world.request('POST', '/api/v1/devices/s1/credentials', undefined, ADMIN);
    expect(first.status).toBe(201);
    expect(first.body).toEqual({ username: 's1', password: expect.stringMatching(/^svk_/) });
    expect(first.headers.get('cache-control')).toBe('no-store');
    const second = await world.request('POST', '/api/v1/devices/s1/credentials', undefined, ADMIN);
    const hashes = () => world.directory.credentials('s1').map((c) => [c.hash, c.expiresAt !== undefined]);
    expect(hashes()).toEqual([
      [hashSecret(second.body.password), false],
      [hashSecret(first.body.password), true],
    ]);
    const third = await world.request('POST', '/api/v1/devices/s1/credentials?revoke=now', undefined, ADMIN);
    const usable = world.directory.credentials('s1').filter((c) => (c.expiresAt ?? Infinity) > Date.now());
    expect(usable.map((c) => c.hash)).toEqual([hashSecret(third.body.password)]);
    expect((await world.request('GET', '/api/v1/devices/s1', undefined, ADMIN)).text).not.toMatch(/svk_|hash/);
  });
});

describe('readings over HTTP', () => {
  it('go through the door with the device’s own secret', async () => {
    const path = '/api/v1/devices/d1/readings';
    expect((await world.request('POST', path, { fillingLevel: 1 })).status).toBe(401);
    const answer = await world.request('POST', path, { fillingLevel: 1 }, 'its-secret', { 'idempotency-key': 'k' });
    expect([answer.status, answer.body]).toEqual([202, { uplink: '0' }]);
    expect(world.door.taken).toEqual([{ device: 'd1', body: '{"fillingLevel":1}', idempotencyKey: 'k' }]);
    const large = await world.request('POST', path, `"${'x'.repeat(70_000)}"`, 'its-secret');
    expect([large.status, large.body.code]).toEqual([413, 'too-large']);
    // The rest of the body is not read, so the connection cannot serve another request.
    expect(large.headers.get('connection')).toBe('close');
  });
});

describe('import', () => {
  const send = (lines: string, token = ADMIN) =>
    world.request('POST', '/api/v1/import/readings', lines, token, { 'content-type': 'application/x-ndjson' });

  it('takes lines, and says which it did not take', async () => {
    await put('i1', DEVICE);
    await put('i2', { ...DEVICE, owner: 'bogeby' });
    world.door.imported.length = 0;
    const line = (device: string, n = 1) =>
      JSON.stringify({ device, readings: Array.from({ length: n }, (_, i) => ({ time: i + 1e12, fillingLevel: i })) });
    const lines = [line('i1', 2), 'nonsense', '', line('nobody'), line('i1', 1001), '{"device":"i1"}', line('i1')].join(
      '\n',
    );
    const { status, body } = await send(lines);
    expect(status).toBe(200);
    expect(body).toMatchObject({ lines: 7, uplinks: 2, moreErrors: 0 });
    expect(body.errors.map((e: { line: number; code: string }) => [e.line, e.code])).toEqual([
      [2, 'malformed-json'],
      [4, 'unknown-device'],
      [5, 'invalid-input'],
      [6, 'invalid-input'],
    ]);
    expect(world.door.imported).toMatchObject([
      { device: 'i1', owner: 'egeby' },
      { device: 'i1', owner: 'egeby' },
    ]);
    expect((await send(line('i2'), tokenOf('egeby', 'manager'))).body).toMatchObject({
      uplinks: 0,
      errors: [{ code: 'unknown-device' }],
    });
    expect((await send(line('i1'), tokenOf('egeby', 'reader'))).status).toBe(403);
  });

  it('reads a long one as it comes', async () => {
    world.door.imported.length = 0;
    const line = JSON.stringify({ device: 'i1', readings: [{ time: 1, fillingLevel: 1 }] });
    const { body } = await send(`${line}\n`.repeat(3000) + 'x'.repeat(1_100_000));
    expect(body).toMatchObject({ lines: 3001, uplinks: 3000, errors: [{ line: 3001, code: 'too-large' }] });
  });
});
