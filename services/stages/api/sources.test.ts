/** Sources over the API: what is refused and where, secrets nobody sees again, and the push with its token. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Rejected } from '../../model/errors.ts';
import type { SourceRunner } from '../../model/source-runner.ts';
import { ADMIN, openWorld, tokenOf, type World } from './testing/api-world.ts';

const MANAGER = tokenOf('egeby', 'manager');
const PULL = {
  owner: 'egeby',
  name: 'Acme skraldespande',
  kind: 'http-pull',
  settings: {
    schedule: { everyMinutes: 15 },
    request: { url: 'https://api.acme.example/v1/bins' },
    authentication: { kind: 'bearer', token: '{secret:KEY}' },
    records: 'bins.{"device": id, "time": at, "fillingLevel": level}',
  },
  secrets: { KEY: 'dybt-hemmelig' },
};
const PUSH = { owner: 'egeby', name: 'Skub', kind: 'http-push', settings: { records: '$' } };

let world: World;
let changes = 0;
const pushed: Parameters<SourceRunner['push']>[1][] = [];
// What runs sources has its own tests; here is what the API makes of it.
const runner: SourceRunner = {
  state: (id) =>
    id === 'acme'
      ? {
          connection: 'failed',
          since: 0,
          detail: { da: 'Leverandøren svarede 500', en: 'The vendor answered 500' },
          messages: 1,
          records: 2,
          unusable: 3,
          unknown: 4,
          nextRunAt: 60_000,
        }
      : undefined,
  changed: async () => void changes++,
  run: (id) => id === 'acme',
  test: async () => ({
    records: [{ vendorId: 'B', device: 'b', known: true, time: 0, values: { a: 1 } }],
    found: 1,
    unusable: 0,
    problems: [],
  }),
  push: async (_id, message) => {
    if (message.token !== 'right') throw new Rejected('unauthenticated', 'source or token are not right');
    pushed.push(message);
    return { records: 1, unusable: 0, unknown: 0, problems: [] };
  },
};

beforeAll(async () => {
  world = await openWorld({ sources: runner });
});
afterAll(() => world.close());

const put = (id: string, body: object, as = MANAGER) => world.request('PUT', `/api/v1/sources/${id}`, body, as);
const get = (id: string, headers = {}) => world.request('GET', `/api/v1/sources/${id}`, undefined, MANAGER, headers);

describe('a source', () => {
  it('is stored with its defaults, told to whoever runs it, and never shows its secrets', async () => {
    const before = changes;
    const made = await put('acme', PULL);
    expect(made.status).toBe(201);
    expect(changes).toBe(before + 1);
    expect(made.body).toMatchObject({
      secretNames: ['KEY'],
      enabled: true,
      settings: { deviceBy: 'id', request: { method: 'GET', timeFormat: 'rfc3339' } },
      state: { connection: 'failed', detail: 'The vendor answered 500', nextRunAt: '1970-01-01T00:01:00.000Z' },
    });
    const again = await put('acme', PULL);
    expect([again.status, again.headers.get('etag')]).toEqual([200, made.headers.get('etag')]);
    const danish = await get('acme', { 'accept-language': 'da' });
    expect(danish.body.state.detail).toBe('Leverandøren svarede 500');
    const list = await world.request('GET', '/api/v1/sources', undefined, MANAGER);
    const audit = await world.request('GET', '/api/v1/audit', undefined, ADMIN);
    for (const { text } of [made, again, danish, list, audit]) expect(text).not.toContain('hemmelig');
    expect((await world.registry.sources.get('acme'))?.secrets).toEqual(PULL.secrets);
  });

  it('keeps its secrets when they are not given again, except for another host', async () => {
    const { secrets: _, ...without } = PULL;
    expect((await put('acme', { ...without, name: 'Andet navn' })).status).toBe(200);
    expect((await world.registry.sources.get('acme'))?.secrets).toEqual(PULL.secrets);
    const elsewhere = { ...PULL.settings, request: { url: 'https://evil.example/' } };
    const moved = await put('acme', { ...without, settings: elsewhere });
    expect([moved.status, moved.body.errors]).toEqual([
      400,
      [{ pointer: '/secrets/KEY', detail: 'give it again: the address is another one' }],
    ]);
  });

  it.each<[string, object, string]>([
    ['an owner that is not there', { ...PULL, owner: 'egeby2' }, ''],
    ['settings of another kind', { ...PULL, kind: 'mqtt' }, '/settings/url'],
    ['an unknown setting', { ...PULL, settings: { ...PULL.settings, colour: 1 } }, '/settings/colour'],
    ['an expression that is none', { ...PULL, settings: { ...PULL.settings, records: '[' } }, '/settings/records'],
    ['a secret that is missing', { ...PULL, secrets: {} }, '/secrets/KEY'],
    ['a secret that is not used', { ...PULL, secrets: { ...PULL.secrets, MORE: 'x' } }, '/secrets/MORE'],
    ['a short token', { ...PUSH, secrets: { token: 'short' } }, '/secrets/token'],
    [
      'a private address',
      { ...PULL, settings: { ...PULL.settings, request: { url: 'http://169.254.169.254/latest' } } },
      '/settings',
    ],
  ])('is refused: %s', async (_name, body, pointer) => {
    const { status, body: problem } = await put('refused', body);
    if (pointer === '') return expect(status).toBe(403);
    expect([status, problem.errors?.map((e: { pointer: string }) => e.pointer)]).toEqual([
      400,
      expect.arrayContaining([pointer]),
    ]);
  });

  it('of a broker has a client id that stays the same', async () => {
    const settings = { url: 'mqtts://broker.example', topics: ['bins/{device}'], payload: 'json' };
    const body = { owner: 'egeby', name: 'Mægler', kind: 'mqtt', settings };
    const first = await put('broker', body);
    expect(first.body.settings.clientId).toMatch(/^sansevaerk-broker-[0-9a-f]{8}$/);
    const second = await put('broker', { ...body, name: 'Ny' });
    expect(second.body.settings.clientId).toBe(first.body.settings.clientId);
  });

  it('is run and tested by whoever may edit it', async () => {
    expect((await world.request('POST', '/api/v1/sources/acme/run', {}, MANAGER)).status).toBe(202);
    expect((await world.request('POST', '/api/v1/sources/broker/run', {}, MANAGER)).status).toBe(400);
    const tested = await world.request('POST', '/api/v1/sources/acme/test', { sample: { a: 1 } }, MANAGER);
    expect(tested.body.records).toEqual([
      { vendorId: 'B', device: 'b', known: true, time: '1970-01-01T00:00:00.000Z', values: { a: 1 } },
    ]);
    const technician = tokenOf('egeby', 'technician');
    expect((await world.request('POST', '/api/v1/sources/acme/test', {}, technician)).status).toBe(403);
    expect((await world.request('GET', '/api/v1/sources/acme', undefined, technician)).status).toBe(200);
  });

  it('is removed', async () => {
    expect((await world.request('DELETE', '/api/v1/sources/broker', undefined, MANAGER)).status).toBe(204);
    expect((await get('broker')).status).toBe(404);
  });
});

describe('a push', () => {
  const push = (token: string | undefined, headers = {}) =>
    world.request('POST', '/api/v1/sources/skub/push', [{ device: 'd' }], token, headers);

  it('has a token that is shown once', async () => {
    expect((await put('skub', PUSH)).body).toMatchObject({ secretNames: [] });
    const made = await world.request('POST', '/api/v1/sources/skub/token', {}, MANAGER);
    expect([made.status, made.headers.get('cache-control')]).toEqual([201, 'no-store']);
    expect(made.body.url).toMatch(/\/api\/v1\/sources\/skub\/push$/);
    expect((await world.registry.sources.get('skub'))?.secrets).toEqual({ token: made.body.token });
    expect((await put('skub', PUSH)).body).toMatchObject({ secretNames: ['token'] });
    expect((await get('skub')).text).not.toContain(made.body.token);
    expect((await world.request('POST', '/api/v1/sources/acme/token', {}, MANAGER)).status).toBe(400);
  });

  it('is handed on as it came, with the key of its sender', async () => {
    const answer = await push('right', { 'idempotency-key': 'delivery 7' });
    expect([answer.status, answer.body.records]).toEqual([202, 1]);
    expect(pushed.at(-1)).toMatchObject({ idempotencyKey: 'delivery 7' });
    expect(Buffer.from(pushed.at(-1)!.body).toString()).toBe('[{"device":"d"}]');
  });

  it('is refused without the token, and after ten attempts for a while', async () => {
    expect((await push(undefined)).status).toBe(401);
    expect((await push('right', { 'idempotency-key': 'x'.repeat(151) })).status).toBe(400);
    const statuses: number[] = [];
    for (let i = 0; i < 11; i++) statuses.push((await push('wrong')).status);
    expect(statuses).toEqual([...Array<number>(10).fill(401), 429]);
    expect((await push('right')).status).toBe(202);
  });
});
