import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMIN, openWorld, soon, tokenOf, type World } from './testing/api-world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ heartbeatMs: 100, stuckMs: 500 });
  for (const [id, sharing] of [
    ['open-1', 'open'],
    ['secret-1', 'internal'],
  ]) {
    const body = { owner: 'egeby', type: 'water-level', name: id, sharing };
    expect((await world.request('PUT', `/api/v1/assets/${id}`, body, ADMIN)).status).toBe(201);
  }
});
afterAll(() => world.close());

interface Event {
  event: string;
  id: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came
  data: any;
}

/** Opens a stream and collects its events. */
function listen(path: string, token?: string, lastEventId?: string) {
  const events: Event[] = [];
  const headers = {
    ...(token && { authorization: `Bearer ${token}` }),
    ...(lastEventId && { 'last-event-id': lastEventId }),
  };
  const request = httpRequest(world.url + path, { headers });
  let rest = '';
  request.on('response', (response) => {
    response.setEncoding('utf8');
    response.on('data', (text: string) => {
      const parts = (rest + text).split('\n\n');
      rest = parts.pop() ?? '';
      for (const part of parts) {
        const fields = Object.fromEntries(
          part.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
        );
        events.push({ event: fields.event ?? '', id: fields.id ?? '', data: JSON.parse(fields.data ?? 'null') });
      }
    });
    response.on('error', () => {});
  });
  request.on('error', () => {});
  request.end();
  const values = () => events.filter((e) => e.event === 'reading').map((e) => [e.data.asset, e.data.value]);
  return {
    events,
    values,
    started: () => soon(() => events.length).toBeGreaterThan(0),
    stop: () => request.destroy(),
  };
}

describe('GET /stream', () => {
  it('gives readings as they come, of what the asker may see', async () => {
    const everybody = listen('/api/v1/stream');
    const owner = listen('/api/v1/stream', tokenOf('egeby', 'reader'));
    const one = listen('/api/v1/stream?asset=secret-1', tokenOf('egeby', 'reader'));
    await Promise.all([everybody.started(), owner.started(), one.started()]);
    await world.publish([
      { asset: 'open-1', value: 1 },
      { asset: 'secret-1', value: 2, marks: 4 },
    ]);
    await soon(owner.values).toEqual([
      ['open-1', 1],
      ['secret-1', 2],
    ]);
    await soon(one.values).toEqual([['secret-1', 2]]);
    await soon(everybody.values).toEqual([['open-1', 1]]);
    const { data } = owner.events.findLast((e) => e.event === 'reading') ?? {};
    expect(data).toMatchObject({ quantity: 'waterLevel', unit: 'm', marks: ['suspect'], owner: 'egeby' });
    for (const s of [everybody, owner, one]) s.stop();
  });

  it('says that it lives, and leaves history out', async () => {
    const stream = listen('/api/v1/stream');
    await soon(() => stream.events.filter((e) => e.event === 'heartbeat').length).toBeGreaterThan(1);
    await world.publish([
      { asset: 'open-1', value: 5, marks: 8 },
      { asset: 'open-1', value: 6 },
    ]);
    await soon(stream.values).toEqual([['open-1', 6]]);
    stream.stop();
  });

  it('gives alerts to those whose they are', async () => {
    const owner = listen('/api/v1/stream', tokenOf('egeby', 'reader'));
    const other = listen('/api/v1/stream', tokenOf('bogeby', 'reader'));
    await Promise.all([owner.started(), other.started()]);
    const alert = {
      id: 'a1',
      asset: 'open-1',
      owner: 'egeby',
      operator: 'egeby',
      type: 'water-level',
      evidence: {},
      raisedAt: 1,
      timeline: [],
    };
    const body = Buffer.from(JSON.stringify([{ alert, change: 'raised', notify: true }]));
    await world.log.commit({
      stage: 'alerts',
      partition: 0,
      upTo: {},
      state: new Map(),
      outputs: [{ stream: 'alerts', at: 1, count: 1, body }],
    });
    await world.publish([{ asset: 'open-1', value: 7 }]);
    await soon(() => owner.events.filter((e) => e.event === 'alert').map((e) => e.data.id)).toEqual(['a1']);
    await soon(other.values).toEqual([['open-1', 7]]);
    expect(other.events.filter((e) => e.event === 'alert')).toEqual([]);
    owner.stop();
    other.stop();
  });

  it('ends with its token', async () => {
    const made = await world.request(
      'POST',
      '/api/v1/tokens',
      { name: 'x', role: 'reader' },
      tokenOf('egeby', 'administrator'),
    );
    const bad = await world.request('GET', '/api/v1/stream', undefined, `${made.body.token}x`);
    expect(bad.status).toBe(401);
  });
});

describe('semantics: Editing (server-sent events)', () => {
  it('gives what was missed to who comes back with Last-Event-ID', async () => {
    const first = listen('/api/v1/stream');
    await first.started();
    await world.publish([
      { asset: 'open-1', value: 10 },
      { asset: 'open-1', value: 11 },
    ]);
    await soon(first.values).toEqual([
      ['open-1', 10],
      ['open-1', 11],
    ]);
    const id = first.events.find((e) => e.event === 'reading')?.id; // after the first of the two
    first.stop();
    await world.publish([
      { asset: 'secret-1', value: 99 },
      { asset: 'open-1', value: 12 },
    ]);
    const second = listen('/api/v1/stream', undefined, id);
    await soon(second.values).toEqual([
      ['open-1', 11],
      ['open-1', 12],
    ]);
    await world.publish([{ asset: 'open-1', value: 13 }]);
    await soon(second.values).toEqual([
      ['open-1', 11],
      ['open-1', 12],
      ['open-1', 13],
    ]);
    expect(second.events.map((e) => e.event)).not.toContain('reset');
    second.stop();
  });

  it('sends reset where what was missed is too old, or never was', async () => {
    const offset = await world.publish([{ asset: 'open-1', value: 20 }]);
    for (const id of ['99999999-0', 'nonsense', `${offset}-99999`]) {
      const stream = listen('/api/v1/stream', undefined, id);
      await stream.started();
      expect([id, stream.events[0]?.event]).toEqual([id, 'reset']);
      stream.stop();
    }
  });
});

describe('a stream that is not read', () => {
  it('is cut off within its deadline and holds up nobody', async () => {
    const { port } = new URL(world.url);
    const frozen = connect(Number(port), '127.0.0.1');
    await new Promise((resolve) => frozen.once('connect', resolve));
    frozen.on('error', () => {});
    frozen.write(`GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
    await new Promise((resolve) => frozen.once('data', resolve));
    frozen.pause();
    const healthy = listen('/api/v1/stream?asset=open-1', tokenOf('egeby', 'reader'));
    await healthy.started();
    const rows = Array.from({ length: 5000 }, (_, i) => ({ asset: 'open-1', value: i }));
    for (let sent = rows.length; sent <= 60_000; sent += rows.length) {
      await world.publish(rows, { stored: false });
      await soon(() => healthy.values().length, { interval: 10, timeout: 5000 }).toBe(sent);
    }
    const cut = world.ops.metrics.registry.getSingleMetric('sansevaerk_stream_disconnected_total');
    await soon(async () => (await cut?.get())?.values.reduce((n, v) => n + v.value, 0)).toBe(1);
    frozen.destroy();
    healthy.stop();
  });
});
