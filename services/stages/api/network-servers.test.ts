import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionState } from '../../model/connection-state.ts';
import { Unavailable } from '../../model/errors.ts';
import type { Answer } from './testing/api-world.ts';
import { ADMIN, openWorld, tokenOf, type World } from './testing/api-world.ts';

const MQTT = {
  owner: 'egeby',
  name: 'ChirpStack i Egeby',
  kind: 'chirpstack',
  transport: 'mqtt',
  url: 'mqtts://lora.example.dk',
  username: 'sansevaerk',
  password: 'hemmeligt-kodeord',
};
const HTTP = { owner: 'egeby', name: 'TTN', kind: 'tts', transport: 'http' };
const MANAGER = tokenOf('egeby', 'manager');

let world: World;
let posted: { server: string; event: string; body: string }[];
let full: boolean;
let now: number;
const state: ConnectionState = {
  connection: 'failed',
  since: 0,
  detail: { da: 'Serveren svarer ikke i tide.', en: 'The server does not answer in time.' },
  messages: 7,
};

beforeAll(async () => {
  world = await openWorld({
    networkServers: {
      state: () => state,
      async posted({ id }, event, payload) {
        if (full) throw new Unavailable('ingest: no uplinks are taken now');
        posted.push({ server: id, event, body: Buffer.from(payload).toString() });
      },
    },
    now: () => now,
  });
});
afterAll(() => world.close());
beforeEach(() => {
  posted = [];
  full = false;
  now = Date.now();
});

const put = (id: string, body: object, as = MANAGER, headers = {}): Promise<Answer> =>
  world.request('PUT', `/api/v1/network-servers/${id}`, body, as, headers);
const get = (id: string, as = MANAGER, headers = {}): Promise<Answer> =>
  world.request('GET', `/api/v1/network-servers/${id}`, undefined, as, headers);
const makeToken = async (id: string, query = ''): Promise<{ token: string; url: string }> => {
  const { status, body } = await world.request('POST', `/api/v1/network-servers/${id}/token${query}`, {}, MANAGER);
  expect(status).toBe(201);
  return body;
};
const post = (path: string, token: string | undefined, body: string | object = {}): Promise<Answer> =>
  world.request('POST', `/api/v1/network-servers/${path}`, body, token);

describe('a network server', () => {
  it('shows how it stands, in the language asked for, and never its password', async () => {
    const made = await put('chirp', MQTT);
    expect([made.status, made.text]).toEqual([201, expect.not.stringContaining('hemmeligt')]);
    const { body, text, headers } = await get('chirp', MANAGER, { 'accept-language': 'da' });
    expect(body).toMatchObject({
      id: 'chirp',
      url: 'mqtts://lora.example.dk',
      hasPassword: true,
      hasToken: false,
      enabled: true,
      state: {
        connection: 'failed',
        since: '1970-01-01T00:00:00.000Z',
        detail: 'Serveren svarer ikke i tide.',
        messages: 7,
      },
    });
    expect(text).not.toMatch(/hemmeligt|privateAllowed|"tokens"/);
    expect((await get('chirp')).body.state.detail).toBe('The server does not answer in time.');
    const list = await world.request('GET', '/api/v1/network-servers', undefined, MANAGER);
    expect([list.body.items.length, list.text]).toEqual([1, expect.not.stringContaining('hemmeligt')]);
    expect((await put('chirp', MQTT, MANAGER, { 'if-match': headers.get('etag') ?? '' })).status).toBe(200);
    expect((await put('chirp', { ...MQTT, name: 'x' }, MANAGER, { 'if-match': '"other"' })).status).toBe(412);
    const kept = await world.registry.networkServers.get('chirp');
    expect(kept?.password).toBe('hemmeligt-kodeord');
  });

  it('keeps its password when others do not give it, but never takes it along to another address', async () => {
    await put('chirp', MQTT);
    const { password: _, ...without } = MQTT;
    expect((await put('chirp', { ...without, name: 'Nyt navn' })).status).toBe(200);
    expect((await world.registry.networkServers.get('chirp'))?.password).toBe('hemmeligt-kodeord');
    const moved = await put('chirp', { ...without, url: 'mqtts://elsewhere.example' });
    expect([moved.status, moved.body.errors[0].pointer]).toEqual([400, '/password']);
  });

  it.each([
    ['/url', { url: undefined }],
    ['/url', { url: 'mqtt://user:secret@host' }],
    ['/url', { url: 'mqtt://host/path' }],
    ['/url', { url: 'mqtt://host?clientId=x' }],
    ['/url', { url: 'mqtt://10.0.0.5:1883' }],
    ['/url', { url: 'mqtt://localhost:1883' }],
    ['/eventTopic', { eventTopic: 'a/#' }],
    ['/eventTopic', { eventTopic: 'a/{devEui}' }],
    ['/eventTopic', { eventTopic: 'a/{eui}/{event}' }],
    ['/commandTopic', { commandTopic: 'a/{event}' }],
    ['/gatewayTopic', { gatewayTopic: 'a/{devEui}' }],
    ['/ca', { ca: 'no certificate' }],
    ['/owner', { owner: 'nobody' }],
  ])('is refused for %s: %j', async (pointer, change) => {
    const { status, body } = await put('wrong', { ...MQTT, ...change }, ADMIN);
    const inside = pointer === '/url' && /10\.0|localhost/.test(JSON.stringify(change));
    if (inside) {
      // The platform's own people may: their network servers often stand beside the platform.
      expect(status).toBe(201);
      await world.request('DELETE', '/api/v1/network-servers/wrong', undefined, ADMIN);
      const own = await put('wrong', { ...MQTT, ...change });
      expect([own.status, own.body.errors[0].pointer]).toEqual([400, pointer]);
    } else expect([status, body.errors?.[0].pointer]).toEqual([400, pointer]);
  });

  it('in a private network stays where the platform put it, and leaves with its address', async () => {
    const inside = { ...MQTT, url: 'mqtt://10.0.0.5:1883' };
    await put('inside', inside, ADMIN);
    expect((await put('inside', { ...inside, name: 'x' })).status).toBe(200);
    expect((await world.registry.networkServers.get('inside'))?.privateAllowed).toBe(true);
    await put('inside', { ...inside, url: 'mqtt://lora.example.dk' });
    expect((await world.registry.networkServers.get('inside'))?.privateAllowed).toBeUndefined();
    expect((await put('inside', inside)).status).toBe(400);
  });

  it('is not removed by mistake while devices name it', async () => {
    await put('chirp', MQTT);
    await world.request(
      'PUT',
      '/api/v1/devices/bin-1',
      { owner: 'egeby', connection: { kind: 'lorawan', devEui: '24e124136b500001', networkServer: 'chirp' } },
      MANAGER,
    );
    const remove = (query: string) =>
      world.request('DELETE', `/api/v1/network-servers/chirp${query}`, undefined, MANAGER);
    expect((await remove('')).body.code).toBe('confirm-needed');
    expect((await remove('?confirm=chirp')).status).toBe(204);
    expect((await get('chirp')).status).toBe(404);
  });

  it('is seen by technicians, and edited by managers alone', async () => {
    await put('chirp', MQTT);
    expect((await get('chirp', tokenOf('egeby', 'technician'))).status).toBe(200);
    expect((await put('chirp', MQTT, tokenOf('egeby', 'technician'))).status).toBe(403);
    expect((await get('chirp', tokenOf('egeby', 'reader'))).status).toBe(403);
  });
});

describe('its webhook', () => {
  it('takes what comes with the token, as the event the path or the query names', async () => {
    await put('ttn', HTTP);
    const { token, url } = await makeToken('ttn');
    expect(url).toMatch(/^http.*\/api\/v1\/network-servers\/ttn\/events$/);
    expect((await post('ttn/events?event=up', token, { a: 1 })).status).toBe(204);
    expect((await post('ttn/events/down/ack', token, { a: 2 })).status).toBe(204);
    expect((await post('ttn/events', token, { a: 3 })).status).toBe(204);
    expect(posted.map((p) => [p.server, p.event, p.body])).toEqual([
      ['ttn', 'up', '{"a":1}'],
      ['ttn', 'down/ack', '{"a":2}'],
      ['ttn', '', '{"a":3}'],
    ]);
  });

  it('answers nobody else, and does not say why', async () => {
    await put('ttn', HTTP);
    await put('mqtt-only', MQTT);
    await put('asleep', { ...HTTP, enabled: false });
    const { token } = await makeToken('ttn');
    const others = { 'mqtt-only': (await makeToken('mqtt-only')).token, asleep: (await makeToken('asleep')).token };
    const answers = [
      await post('ttn/events', undefined),
      await post('ttn/events', 'svk_wrong'),
      await post('ttn/events', ADMIN),
      await post('no-such/events', token),
      await post('mqtt-only/events', others['mqtt-only']),
      await post('asleep/events', others.asleep),
    ];
    expect(answers.map((a) => a.status)).toEqual(answers.map(() => 401));
    expect(new Set(answers.map((a) => a.body.detail)).size).toBe(1);
    expect(posted).toEqual([]);
  });

  it('has a former token that ends when the new one is first used, at once where asked, and after seven days', async () => {
    await put('ttn', HTTP);
    const status = async (token: string) => (await post('ttn/events', token)).status;
    const first = (await makeToken('ttn', '?revoke=now')).token;
    const second = (await makeToken('ttn')).token;
    expect(await status(first)).toBe(204);
    now += 7 * 86_400_000;
    expect(await status(first)).toBe(401);
    now -= 1000;
    expect(await status(first)).toBe(204);
    expect(await status(second)).toBe(204);
    expect(await status(first)).toBe(401);
    const third = (await makeToken('ttn', '?revoke=now')).token;
    expect([await status(second), await status(third)]).toEqual([401, 204]);
  });

  it('says that nothing is taken now, so that it is sent again', async () => {
    await put('ttn', HTTP);
    const { token } = await makeToken('ttn');
    full = true;
    expect((await post('ttn/events', token)).status).toBe(503);
  });

  it('takes 64 KiB at most', async () => {
    await put('ttn', HTTP);
    const { token } = await makeToken('ttn');
    expect((await post('ttn/events', token, 'x'.repeat(65_536))).status).toBe(204);
    expect((await post('ttn/events', token, 'x'.repeat(65_537))).status).toBe(413);
  });

  it('slows down who tries tokens, and not who has the right one', async () => {
    await put('tried', HTTP);
    const { token } = await makeToken('tried');
    const statuses: number[] = [];
    for (let i = 0; i < 12; i++) statuses.push((await post('tried/events', `svk_${i}`)).status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429]);
    expect((await post('tried/events', token)).status).toBe(204);
  });
});
