import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCodecRunner } from '../../engines/codecs/codec-runner.ts';
import { catalogue } from '../../knowledge/catalogue/catalogue.ts';
import { ADMIN, openWorld, tokenOf, type World } from './testing/api-world.ts';

let world: World;
const codecs = createCodecRunner();
beforeAll(async () => {
  world = await openWorld({ codecs });
});
afterAll(async () => {
  await world.close();
  await codecs.close();
});

const MODEL = {
  owner: 'egeby',
  vendor: 'Fabrik',
  product: 'Føler',
  format: 'json',
  mapping: { temp_f: { quantity: 'temperature', factor: 5 / 9, offset: -160 / 9 } },
  quantities: ['temperature'],
};
const put = (id: string, body: object, as = ADMIN) => world.request('PUT', `/api/v1/device-models/${id}`, body, as);
const get = (path: string, as = ADMIN) => world.request('GET', `/api/v1/device-models${path}`, undefined, as);
const remove = (id: string, as = ADMIN) => world.request('DELETE', `/api/v1/device-models/${id}`, undefined, as);

describe('device models', () => {
  it('are listed page by page, the built-in ones first, then one’s own', async () => {
    for (const id of ['foeler-1', 'foeler-2', 'foeler-3']) expect((await put(id, MODEL)).status).toBe(201);
    await put('foeler-4', { ...MODEL, owner: 'bogeby' });
    const ids: string[] = [];
    let cursor = '';
    do {
      const { body } = await get(`?limit=2${cursor}`, tokenOf('egeby', 'reader'));
      expect(body.items.length).toBeLessThanOrEqual(2);
      ids.push(...body.items.map((m: { id: string; builtIn: boolean }) => `${m.id} ${m.builtIn}`));
      cursor = body.next === undefined ? '' : `&cursor=${encodeURIComponent(body.next)}`;
    } while (cursor !== '');
    const builtIn = catalogue.deviceModels.map((m) => `${m.id} true`);
    expect(ids).toEqual([...builtIn, 'foeler-1 false', 'foeler-2 false', 'foeler-3 false']);
    expect((await get('?cursor=:x')).status).toBe(400);
  });

  it('that ship can be read, not replaced, not deleted', async () => {
    expect((await get('/generic-json', tokenOf('bogeby', 'reader'))).body).toMatchObject({ builtIn: true });
    const replaced = await put('generic-json', MODEL);
    expect([replaced.status, replaced.body.code]).toEqual([409, 'id-taken']);
    expect((await remove('generic-json')).status).toBe(403);
  });

  it('name each field at fault', async () => {
    const answer = await put('foeler-9', {
      ...MODEL,
      codec: 'script:not-there',
      mapping: { a: { quantity: 'warmth' }, b: { quantity: 'temperature', factor: 0 } },
    });
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map((e: { pointer: string }) => e.pointer)).toEqual([
      '/codec',
      '/mapping/a/quantity',
      '/mapping/b/factor',
    ]);
    expect((await get('/foeler-9')).status).toBe(404);
  });

  it('may be named by devices of their owner, and stay as long as one does', async () => {
    const device = (owner: string) => ({ owner, model: 'foeler-1', connection: { kind: 'mqtt' } });
    const foreign = await world.request('PUT', '/api/v1/devices/m-2', device('bogeby'), ADMIN);
    expect(foreign.body.errors).toMatchObject([{ pointer: '/model' }]);
    expect((await world.request('PUT', '/api/v1/devices/m-1', device('egeby'), ADMIN)).status).toBe(201);
    const used = await remove('foeler-1');
    expect([used.status, used.body.code]).toEqual([409, 'in-use']);
    await world.request('PUT', '/api/v1/devices/m-1', { ...device('egeby'), model: 'generic-json' }, ADMIN);
    expect((await remove('foeler-1')).status).toBe(204);
    expect(world.directory.deviceModel('foeler-1')).toBeUndefined();
  });

  it('tell which quantity a second device on an asset would report too', async () => {
    await world.request('PUT', '/api/v1/assets/rum-1', { owner: 'egeby', type: 'room', name: 'Rum' }, ADMIN);
    const device = { owner: 'egeby', model: 'foeler-2', asset: 'rum-1', connection: { kind: 'mqtt' } };
    expect((await world.request('PUT', '/api/v1/devices/m-3', device, ADMIN)).status).toBe(201);
    const second = await world.request('PUT', '/api/v1/devices/m-4', device, ADMIN);
    expect([second.status, second.body.code]).toEqual([409, 'quantity-taken']);
  });

  it('are edited by managers, by one at a time', async () => {
    expect((await put('foeler-2', MODEL, tokenOf('egeby', 'technician'))).status).toBe(403);
    const { headers } = await get('/foeler-2');
    expect((await put('foeler-2', { ...MODEL, product: 'Ny' }, tokenOf('egeby', 'manager'))).status).toBe(200);
    const late = await world.request('PUT', '/api/v1/device-models/foeler-2', MODEL, ADMIN, {
      'if-match': headers.get('etag') ?? '',
    });
    expect(late.status).toBe(412);
  });

  it('run their examples: through our own codec, and through a script', async () => {
    const script = 'function decodeUplink({ bytes }) { return { data: { t: bytes[0] - 100, lid: bytes[1] === 1 } }; }';
    const codec = await world.request('PUT', '/api/v1/codecs/egen', { owner: 'egeby', name: 'x', script }, ADMIN);
    expect(codec.status).toBe(201);
    const mapping = { t: { quantity: 'temperature', factor: 0.1 }, lid: { quantity: 'doorState' } };
    const example = (bytesHex: string, temperature: number) => ({
      description: 'x',
      fPort: 1,
      bytesHex,
      expected: { now: { temperature, doorState: 'open' } },
    });
    const model = { ...MODEL, format: 'frame', codec: 'script:egen', quantities: [], mapping };
    expect((await put('script-1', { ...model, examples: [example('6401', 0), example('6e01', 1)] })).status).toBe(201);
    const wrong = await put('script-1', { ...model, examples: [example('6401', 0), example('6e01', 2)] });
    expect([wrong.status, wrong.body.errors]).toEqual([
      400,
      [{ pointer: '/examples/1/expected/now/temperature', detail: '1, not 2' }],
    ]);

    const shipped = catalogue.deviceModels.find((m) => m.codec !== undefined && m.examples?.length)!; // there are many
    const { id: _, ...copy } = shipped;
    expect((await put('copy-1', { ...copy, owner: 'egeby' })).status).toBe(201);
    const cut = { ...copy, owner: 'egeby', examples: [{ ...copy.examples?.[0], bytesHex: 'ff' }] };
    expect((await put('copy-1', cut)).body.errors[0].pointer).toMatch(/^\/examples\/0\//);
  });
});
