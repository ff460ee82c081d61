/** The doors of OS2iot answer as OS2iot does, and nobody reads a key in what we write down. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Rejected, Unavailable } from '../../model/errors.ts';
import { hashSecret } from '../../model/secret.ts';
import { createLogger } from '../../ops/logger.ts';
import { createMetrics } from '../../ops/metrics.ts';
import { PlatformAlerts } from '../../ops/platform-alerts.ts';
import type { IngestDoor } from './dependencies.ts';
import { ADMIN, openWorld, tokenOf, type World } from './testing/api-world.ts';

const KEY = '5f0c2e1a-7b1d-4c55-9d6e-2f6c9a1b0d11';
const WRONG = 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee';
const TYPE = '5e74c2d8a1b2c3d4e5f60718';

let world: World;
const logged: string[] = [];
let taken: { device: string; body: string; idempotencyKey?: string }[] = [];
let trouble: Error | undefined;

// As ingest does it, but for the limits, which it tests itself.
const acceptHttp: IngestDoor['acceptHttp'] = async ({ device, secret, body, idempotencyKey }) => {
  if (trouble) throw trouble;
  if ((await world.registry.devices.ofSecret(hashSecret(secret))) !== device)
    throw new Rejected('unauthenticated', 'device or secret are not right');
  taken.push({ device, body: Buffer.from(body).toString('latin1'), ...(idempotencyKey && { idempotencyKey }) });
  return { uplink: taken.length };
};

beforeAll(async () => {
  const logger = createLogger('trace', { write: (line) => void logged.push(line) });
  const metrics = createMetrics();
  world = await openWorld({
    ops: { logger, metrics, alerts: new PlatformAlerts(logger, metrics) },
    door: { acceptHttp, acceptImport: async () => ({ uplinks: 0 }), acceptForwarded: async () => {} },
  });
  for (const id of ['bin-1', 'bin-2', 'fox-1']) {
    const device = { owner: 'egeby', model: 'generic-json', connection: { kind: 'http' } };
    expect((await world.request('PUT', `/api/v1/devices/${id}`, device, ADMIN)).status).toBe(201);
  }
  expect((await giveKey('bin-1', { key: KEY })).status).toBe(204);
  expect((await giveKey('fox-1', { sigfox: { deviceTypeId: TYPE, deviceId: '1A2B3C' } })).status).toBe(204);
});
afterAll(() => world.close());
afterEach(() => {
  taken = [];
  trouble = undefined;
});

const giveKey = (device: string, body: object, as = ADMIN) =>
  world.request('PUT', `/api/v1/devices/${device}/os2iot-key`, body, as);
const send = (key: string | undefined, body: unknown) =>
  world.request('POST', `/api/v1/receive-data${key === undefined ? '' : `?apiKey=${key}`}`, body);

describe('POST /receive-data', () => {
  it('takes a JSON object and answers 204 without a body', async () => {
    const { status, text } = await send(KEY, { fillingLevel: 71.5 });
    expect([status, text]).toEqual([204, '']);
    expect(taken).toEqual([{ device: 'bin-1', body: '{"fillingLevel":71.5}' }]);
  });

  it.each([
    ['unknown', WRONG],
    ['missing', undefined],
    ['empty', ''],
  ])('answers an %s key as OS2iot does', async (_, key) => {
    const { status, body, headers } = await send(key, { fillingLevel: 71.5 });
    expect(status).toBe(403);
    expect(headers.get('content-type')).toContain('application/json');
    expect(body).toEqual({ statusCode: 403, message: 'MESSAGE.DEVICE-DOES-NOT-EXIST', error: 'Forbidden' });
    expect(taken).toEqual([]);
  });

  it.each(['{"fillingLevel":', '71.5', 'null', ''])(
    'refuses %j with 400: nothing of it is lost in silence',
    async (body) => {
      const answer = await send(KEY, body);
      expect([answer.status, answer.body.error]).toEqual([400, 'Bad Request']);
      expect(taken).toEqual([]);
    },
  );

  it('refuses what is over 64 KiB, and says when nothing can be taken now', async () => {
    expect((await send(KEY, { a: 'x'.repeat(70_000) })).status).toBe(413);
    trouble = new Unavailable('ingest: no uplinks are taken now');
    const away = await send(KEY, { a: 1 });
    expect([away.status, away.headers.get('retry-after')]).toEqual([503, '5']);
    trouble = new Rejected('too-many', 'more than 20 messages a second from one device');
    expect((await send(KEY, { a: 1 })).status).toBe(429);
  });
});

describe('POST /sigfox-callback/data/bidir', () => {
  const callback = {
    time: 1_700_000_000,
    deviceTypeId: TYPE,
    deviceId: '1A2B3C',
    data: '0a4f',
    seqNumber: 7,
    ack: false,
  };
  const call = (key: string, body: unknown) =>
    world.request('POST', `/api/v1/sigfox-callback/data/bidir?apiKey=${key}`, body);

  it('hands the frame on, once for each number', async () => {
    expect((await call(TYPE, callback)).status).toBe(204);
    expect(taken).toEqual([{ device: 'fox-1', body: '\x0a\x4f', idempotencyKey: 'sigfox 1700000000 7' }]);
  });

  it('refuses another device type with 400, a device it does not know with 404', async () => {
    expect((await call('5e74c2d8a1b2c3d4e5f60719', callback)).status).toBe(400);
    expect((await call(TYPE, { ...callback, data: 'xyz' })).status).toBe(400);
    expect((await call(TYPE, { ...callback, deviceId: 'FFFFFF' })).status).toBe(404);
    expect(taken).toEqual([]);
  });

  it('hands the whole callback to a decoder of OS2iot, which reads just that', async () => {
    const codec = { id: 'fox-codec', owner: 'egeby', name: 'Fox', script: 'function decode(payload) {}' };
    await world.registry.codecs.put({ ...codec, signature: 'os2iot', examples: [], version: 1, createdAt: 0 });
    const model = { id: 'fox-model', owner: 'egeby', vendor: 'v', product: 'p', format: 'frame' } as const;
    await world.registry.deviceModels.put({ ...model, codec: 'script:fox-codec' });
    const device = await world.registry.devices.get('fox-1');
    await world.registry.devices.put({ ...device!, model: 'fox-model' }); // registered above
    await world.directory.refresh();
    expect((await call(TYPE, { ...callback, seqNumber: 8 })).status).toBe(204);
    expect(JSON.parse(taken[0]?.body ?? '')).toMatchObject({ data: '0a4f', seqNumber: 8 });
  });
});

describe('PUT /devices/{id}/os2iot-key', () => {
  it('changes nothing the second time, and gives one key to one device', async () => {
    const before = await world.directory.credentials('bin-1');
    expect((await giveKey('bin-1', { key: KEY })).status).toBe(204);
    expect(world.directory.credentials('bin-1')).toEqual(before);
    const other = await giveKey('bin-2', { key: KEY });
    expect([other.status, other.body.code]).toEqual([409, 'in-use']);
    expect(other.text).not.toContain('bin-1');
  });

  it('is for those who make credentials, of their own devices', async () => {
    expect((await giveKey('bin-2', { key: WRONG }, tokenOf('egeby', 'reader'))).status).toBe(403);
    expect((await giveKey('bin-2', { key: WRONG }, tokenOf('bogeby', 'administrator'))).status).toBe(404);
    expect((await giveKey('bin-2', { key: 'too-short' })).status).toBe(400);
    expect((await send(WRONG, { a: 1 })).status).toBe(403);
  });
});

describe('a key', () => {
  it('is in no log line, audit line, answer or metric, whatever becomes of the call', async () => {
    const answers = [
      await send(KEY, { a: 1 }),
      await send(WRONG, { a: 1 }),
      await send(KEY, 'no JSON'),
      await send(KEY, { a: 'x'.repeat(70_000) }),
      await world.request('GET', `/api/v1/receive-data?apiKey=${KEY}`),
      await world.request('POST', `/api/v1/receive-data/x?apiKey=${KEY}`, {}),
      await world.request('POST', `/api/v1/receive-data%?apiKey=${KEY}`, {}),
      await world.request('POST', `/api/v1/receive-data?apiKey=${KEY}`, {}, ADMIN, { 'content-encoding': 'gzip' }),
      await giveKey('bin-2', { key: KEY }),
      await giveKey('bin-2', { key: KEY }, tokenOf('bogeby', 'technician')),
    ];
    trouble = new Error('a bug in the door');
    answers.push(await send(KEY, { a: 1 }));
    expect(answers.at(-1)?.status).toBe(500);
    expect(logged.join('')).toContain('a bug in the door');
    const audit = await world.request('GET', '/api/v1/audit?limit=1000', undefined, ADMIN);
    const metrics = await world.request('GET', '/metrics');
    const written = [...logged, audit.text, metrics.text, ...answers.map((a) => a.text)].join('\n');
    for (const key of [KEY, WRONG, hashSecret(KEY)]) expect(written).not.toContain(key);
  });
});
