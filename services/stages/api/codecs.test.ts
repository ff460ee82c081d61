/** Codecs over the API: examples that must come out, versions, the test bench, and who may do what. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCodecRunner } from '../../engines/codecs/codec-runner.ts';
import { ADMIN, openWorld, tokenOf, type World } from './testing/api-world.ts';

const EGEBY = tokenOf('egeby', 'administrator');
const BOGEBY = tokenOf('bogeby', 'administrator');
const SCRIPT = `
  function decodeUplink(input) {
    if (input.fPort !== 85) return { errors: ['unknown port ' + input.fPort] };
    console.log('height', input.variables.height);
    return { data: { battery: input.bytes[0], temp: (input.bytes[1] << 24 >> 24) }, warnings: input.bytes[0] < 10 ? ['battery low'] : [] };
  }`;
const EXAMPLES = [
  { bytesHex: '64f6', fPort: 85, expected: { battery: 100, temp: -10 } },
  { bytesHex: '0510', fPort: 85, recvTime: '2026-11-24T12:00:00Z', expected: { battery: 5, temp: 16 } },
];
const BODY = { owner: 'egeby', name: 'Egen måler', script: SCRIPT, examples: EXAMPLES };

let world: World;
const codecs = createCodecRunner();
beforeAll(async () => {
  world = await openWorld({ codecs });
});
afterAll(async () => {
  await world.close();
  await codecs.close();
});
const call = (method: string, path: string, body?: unknown, as = EGEBY) =>
  world.request(method, `/api/v1${path}`, body, as);

describe('PUT /codecs/{id}', () => {
  it('finds out the signature, runs the examples, and keeps it', async () => {
    const made = await call('PUT', '/codecs/egen', BODY);
    expect([made.status, made.body]).toMatchObject([
      201,
      { id: 'egen', signature: 'ts013', version: 1, owner: 'egeby' },
    ]);
    expect(world.directory.codec('egen')?.version).toBe(1);
    const again = await call('PUT', '/codecs/egen', BODY);
    expect([again.status, again.body.version, again.headers.get('etag')]).toEqual([200, 1, made.headers.get('etag')]);
  });

  it('counts a version for another script, not for another name, and keeps the former', async () => {
    await call('PUT', '/codecs/versions', BODY);
    expect((await call('PUT', '/codecs/versions', { ...BODY, name: 'Nyt navn' })).body).toMatchObject({
      version: 1,
      name: 'Nyt navn',
    });
    const script = SCRIPT.replace('battery low', 'lavt batteri');
    expect((await call('PUT', '/codecs/versions', { ...BODY, script })).body.version).toBe(2);
    const { items } = (await call('GET', '/codecs/versions/versions')).body;
    expect(items.map((c: { version: number; script: string }) => [c.version, c.script.includes('lavt')])).toEqual([
      [2, true],
      [1, false],
    ]);
  });

  it('refuses one whose examples do not come out, naming each place', async () => {
    const examples = [
      EXAMPLES[0],
      { bytesHex: '0510', fPort: 85, expected: { battery: 6, temp: 16, extra: true } },
      { bytesHex: '0510', fPort: 1, expected: {} },
    ];
    const { status, body } = await call('PUT', '/codecs/wrong', { ...BODY, examples });
    expect([status, body.code]).toEqual([422, 'examples-failed']);
    expect(body.errors).toEqual([
      { pointer: '/examples/1/expected/battery', detail: '5, not 6' },
      { pointer: '/examples/1/expected/extra', detail: 'nothing, not true' },
      { pointer: '/examples/2/expected', detail: 'unknown port 1' },
    ]);
    expect((await call('GET', '/codecs/wrong')).status).toBe(404);
  });

  it.each([
    ['a script that cannot be read', { script: 'function decodeUplink( {' }, '/script', /SyntaxError.*line 1/],
    ['a script without a function that decodes', { script: 'var a = 1;' }, '/script', /declares no function/],
    ['a script that never ends', { script: 'while (true);' }, '/script', /longer than 50 ms/],
    [
      'a time without a zone',
      { examples: [{ ...EXAMPLES[0], recvTime: '2026-11-24 12:00' }] },
      '/examples/0/recvTime',
      /RFC 3339/,
    ],
    ['an organisation that is not there', { owner: 'egeby', examples: [] }, undefined, undefined],
  ])('refuses %s', async (name, change, pointer, detail) => {
    const { status, body } = await call('PUT', '/codecs/refused', { ...BODY, ...change });
    if (!pointer) return expect([name, status]).toEqual([name, 201]);
    expect([status, body.errors[0].pointer]).toEqual([400, pointer]);
    expect(body.errors[0].detail).toMatch(detail);
  });

  it('refuses a script that hangs on an example, and says which', async () => {
    const script = 'function decodeUplink(i) { while (i.bytes[0] === 1); return { data: { a: 1 } }; }';
    const examples = ['00', '01'].map((bytesHex) => ({ bytesHex, fPort: 1, expected: { a: 1 } }));
    const { status, body } = await call('PUT', '/codecs/hangs', { owner: 'egeby', name: 'x', script, examples });
    expect([status, body.errors]).toMatchObject([
      422,
      [{ pointer: '/examples/1/expected', detail: 'stopped: it ran longer than 50 ms' }],
    ]);
  });

  it('does not take the name of a codec of ours', async () => {
    expect((await call('PUT', '/codecs/milesight-em300-th', BODY)).body).toMatchObject({ code: 'id-taken' });
  });
});

describe('the test bench', () => {
  beforeAll(async () => {
    await call('PUT', '/codecs/bench', BODY);
    const mapping = { battery: { quantity: 'batteryLevel' }, temp: { quantity: 'temperature', factor: 0.1 } };
    const model = {
      owner: 'egeby',
      vendor: 'Egeby',
      product: 'Måler',
      format: 'frame',
      codec: 'script:bench',
      mapping,
    };
    expect((await call('PUT', '/device-models/egeby-maaler', model)).status).toBe(201);
  });
  const READINGS = [
    { quantity: 'batteryLevel', value: 5, unit: '%' },
    { quantity: 'temperature', value: 1.6, unit: 'Cel' },
  ];

  it('shows what a codec answers and what its model makes of it', async () => {
    const { status, body } = await call('POST', '/codecs/bench/test', {
      bytesHex: '0510',
      fPort: 85,
      variables: { height: '1500' },
    });
    expect([status, body]).toMatchObject([
      200,
      {
        data: { battery: 5, temp: 16 },
        warnings: ['battery low'],
        errors: [],
        readings: READINGS,
        console: ['height 1500'],
      },
    ]);
    expect(body.cpuMs).toBeGreaterThan(0);
    const wrong = await call('POST', '/codecs/bench/test', { bytesHex: '0510', fPort: 1 });
    expect(wrong.body).toMatchObject({ errors: ['unknown port 1'], readings: [] });
    expect(wrong.body).not.toHaveProperty('data');
  });

  it('takes a script that is not kept, a codec by name, or a device model', async () => {
    const frame = { bytesHex: '0510', fPort: 85 };
    const bare = await call('POST', '/codecs/test', { ...frame, script: SCRIPT });
    expect(bare.body).toMatchObject({ data: { battery: 5, temp: 16 }, readings: [], unknownKeys: ['battery', 'temp'] });
    expect(
      (await call('POST', '/codecs/test', { ...frame, script: SCRIPT, model: 'egeby-maaler' })).body.readings,
    ).toEqual(READINGS);
    expect((await call('POST', '/codecs/test', { ...frame, model: 'egeby-maaler' })).body.readings).toEqual(READINGS);
    expect((await call('POST', '/codecs/test', { ...frame, codec: 'script:bench' })).body.data).toEqual({
      battery: 5,
      temp: 16,
    });
    const ours = await call('POST', '/codecs/test', {
      bytesHex: '01755c0367f600',
      fPort: 85,
      codec: 'milesight-em300-th',
    });
    expect(ours.body).toMatchObject({
      errors: [],
      readings: expect.arrayContaining([{ quantity: 'temperature', value: 24.6, unit: 'Cel' }]),
    });
  });

  it('says what is missing or not there', async () => {
    const frame = { bytesHex: '0510', fPort: 85 };
    for (const [body, pointer] of [
      [{}, '/script'],
      [{ codec: 'no-such' }, '/codec'],
      [{ model: 'no-such' }, '/model'],
      [{ script: 'x = (' }, '/script'],
      [{ script: SCRIPT, recvTime: 'now' }, '/recvTime'],
    ] as const) {
      const answer = await call('POST', '/codecs/test', { ...frame, ...body });
      expect([answer.status, answer.body.errors[0].pointer]).toEqual([400, pointer]);
    }
  });

  it('shows no model of another organisation', async () => {
    const answer = await call('POST', '/codecs/test', { bytesHex: '0510', fPort: 85, model: 'egeby-maaler' }, BOGEBY);
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([400, '/model']);
    // Nor its mapping through the codec, which is for all.
    expect((await call('POST', '/codecs/bench/test', { bytesHex: '0510', fPort: 85 }, BOGEBY)).body).toMatchObject({
      data: { battery: 5 },
      readings: [],
    });
  });
});

describe('access', () => {
  it('lets every organisation read and use a codec, and its owner alone edit it', async () => {
    await call('PUT', '/codecs/faelles', BODY);
    expect((await call('GET', '/codecs/faelles', undefined, BOGEBY)).body.script).toBe(SCRIPT);
    const { items } = (await call('GET', '/codecs', undefined, tokenOf('bogeby', 'reader'))).body;
    expect(items.find((c: { id: string }) => c.id === 'faelles')).toMatchObject({ owner: 'egeby', examples: 2 });
    expect(items[0]).not.toHaveProperty('script');
    expect((await call('GET', '/codecs?owner=bogeby')).body.items).toEqual([]);
    expect((await call('PUT', '/codecs/faelles', { ...BODY, owner: 'bogeby' }, BOGEBY)).status).toBe(409);
    expect((await call('DELETE', '/codecs/faelles?confirm=faelles', undefined, BOGEBY)).status).toBe(404);
    expect((await call('PUT', '/codecs/faelles', BODY, tokenOf('egeby', 'reader'))).status).toBe(403);
    expect((await world.request('GET', '/api/v1/codecs')).status).toBe(401);
  });

  it('deletes one only when no device model names it, and when it is confirmed; its versions stay', async () => {
    await call('PUT', '/codecs/gone', BODY);
    const model = { owner: 'egeby', vendor: 'v', product: 'p', format: 'frame', codec: 'script:gone' };
    await call('PUT', '/device-models/egeby-gone', model);
    expect((await call('DELETE', '/codecs/gone?confirm=gone')).body).toMatchObject({
      code: 'in-use',
      detail: expect.stringContaining('egeby-gone'),
    });
    await call('DELETE', '/device-models/egeby-gone');
    expect((await call('DELETE', '/codecs/gone')).body.code).toBe('confirm-needed');
    expect((await call('DELETE', '/codecs/gone?confirm=gone')).status).toBe(204);
    expect((await call('GET', '/codecs/gone')).status).toBe(404);
    expect(await world.registry.codecs.versions('gone')).toHaveLength(1);
    expect((await call('PUT', '/codecs/gone', BODY)).body.version).toBe(2);
    await call('DELETE', '/codecs/gone?confirm=gone');
    expect(world.directory.codec('gone')).toBeUndefined();
    const { items } = (await call('GET', '/audit', undefined, ADMIN)).body;
    expect(items.map((e: { action: string }) => e.action)).toEqual(
      expect.arrayContaining(['create-codec', 'delete-codec']),
    );
  });
});

it('says so where no sandbox runs', async () => {
  const without = await openWorld();
  const { status, body } = await without.request('PUT', '/api/v1/codecs/egen', BODY, EGEBY);
  expect([status, body.code]).toEqual([503, 'unavailable']);
  await without.close();
});
