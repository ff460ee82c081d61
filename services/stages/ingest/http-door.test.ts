/** The door the api calls from its own thread. */
import { describe, expect, test } from 'vitest';
import { Harness } from './testing/harness.ts';

const good = { device: 'd1', secret: 'secret-d1', body: Buffer.from('{"a":1}') };

describe('an uplink over HTTP', () => {
  test('is durable when it is answered, with its offset', async () => {
    await using h = await Harness.start();
    expect(await h.ingest.door.acceptHttp(good)).toEqual({ uplink: 0 });
    expect(await h.ingest.door.acceptHttp(good)).toEqual({ uplink: 1 });
    expect(await h.uplinks()).toMatchObject([
      { door: 'http', owner: 'aarhus', text: '{"a":1}', qos: 1, session: '', identity: '' },
      { offset: 1 },
    ]);
    expect(await h.metric('ingest_accepted_total', { door: 'http' })).toBe(2);
  });

  test('waits for the commit', async () => {
    await using h = await Harness.start();
    const release = h.test.hold();
    let answered = false;
    const answer = h.ingest.door.acceptHttp(good).then(() => {
      answered = true;
    });
    const { length } = h.test.commits;
    await expect.poll(() => h.test.commits.length).toBeGreaterThan(length);
    expect(answered).toBe(false);
    release();
    await answer;
  });

  test('fails as unavailable when it could not be made durable', async () => {
    await using h = await Harness.start();
    h.test.failure = new Error('I/O error');
    await expect(h.ingest.door.acceptHttp(good)).rejects.toMatchObject({ name: 'Unavailable' });
    await expect(h.ingest.door.acceptImport([{ ...good, owner: 'aarhus', payload: good.body }])).rejects.toMatchObject({
      name: 'Unavailable',
    });
  });

  test.each([
    ['a wrong secret', { secret: 'wrong' }, 'unauthenticated'],
    ['an unknown device', { device: 'nobody' }, 'unauthenticated'],
    ['a name that is no id', { device: '../x' }, 'unauthenticated'],
    ['64 KiB and a byte', { body: Buffer.alloc(65_537) }, 'too-large'],
    ['an empty Idempotency-Key', { idempotencyKey: '' }, 'invalid-input'],
    ['an Idempotency-Key with a line break', { idempotencyKey: 'a\nb' }, 'invalid-input'],
    ['an Idempotency-Key of 256 characters', { idempotencyKey: 'k'.repeat(256) }, 'invalid-input'],
  ])('%s is refused', async (_, options, code) => {
    await using h = await Harness.start();
    await expect(h.ingest.door.acceptHttp({ ...good, ...options })).rejects.toMatchObject({ name: 'Rejected', code });
    expect(await h.uplinks()).toEqual([]);
  });

  test('above its rate it waits, as a socket would', async () => {
    await using h = await Harness.start({ limits: { deviceRate: 20 } });
    const started = performance.now();
    await Promise.all(Array.from({ length: 202 }, () => h.ingest.door.acceptHttp(good)));
    expect(performance.now() - started).toBeGreaterThan(40);
    expect(await h.uplinks()).toHaveLength(202);
  });
});

describe('an import', () => {
  test('is history: its own kind, all of it durable when answered', async () => {
    await using h = await Harness.start();
    const uplinks = Array.from({ length: 300 }, (_, i) => ({
      device: i % 2 ? 'd1' : 'd2',
      owner: i % 2 ? 'aarhus' : 'viborg',
      payload: Buffer.from(`[{"n":${i}}]`),
    }));
    expect(await h.ingest.door.acceptImport(uplinks)).toEqual({ uplinks: 300 });
    const stored = await h.uplinks();
    expect(stored.map((u) => u.text)).toEqual(uplinks.map((u) => u.payload.toString()));
    expect(new Set(stored.map((u) => u.kind))).toEqual(new Set(['import']));
    expect(h.ingest.accepted().get('viborg')).toBe(150);
  });

  test('may have uplinks of a thousand readings', async () => {
    await using h = await Harness.start();
    const payload = Buffer.alloc(1024 * 1024, 'x');
    expect(await h.ingest.door.acceptImport([{ device: 'd1', owner: 'aarhus', payload }])).toEqual({ uplinks: 1 });
  });

  test('of nothing is nothing', async () => {
    await using h = await Harness.start();
    expect(await h.ingest.door.acceptImport([])).toEqual({ uplinks: 0 });
  });
});
