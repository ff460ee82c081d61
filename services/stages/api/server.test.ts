import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Rejected, Unavailable } from '../../model/errors.ts';
import { UplinkWriter } from '../../model/uplink.ts';
import { Problem, toProblem } from './problems.ts';
import { ROUTES } from './routes.ts';
import { ADMIN, openWorld, tokenOf, type World } from './testing/api-world.ts';

let world: World;
let webDir: string;
beforeAll(async () => {
  webDir = await mkdtemp(join(tmpdir(), 'sansevaerk-web-'));
  await mkdir(join(webDir, 'assets'));
  await writeFile(join(webDir, 'index.html'), '<!doctype html><title>Sanseværk</title>');
  await writeFile(join(webDir, 'assets', 'app-abc.js'), 'export {};');
  world = await openWorld({
    config: { host: '127.0.0.1', port: 0, webDir },
    readiness: async () => ({ log: { ok: true }, series: { ok: false, detail: 'behind' } }),
  });
});
afterAll(async () => {
  await world.close();
  await rm(webDir, { recursive: true });
});

const get = (path: string, token?: string, headers?: Record<string, string>) =>
  world.request('GET', path, undefined, token, headers);

describe('problems', () => {
  it('are RFC 9457 with a stable code, in the language asked for', async () => {
    const da = await get('/api/v1/assets/none', ADMIN, { 'accept-language': 'da-DK,da;q=0.9' });
    expect(da.body).toMatchObject({
      status: 404,
      code: 'not-found',
      title: 'Findes ikke',
      instance: '/api/v1/assets/none',
    });
    expect((await get('/api/v1/no-such')).body.code).toBe('not-found');
  });

  it('show nothing of what we did not foresee', () => {
    const problem = toProblem(new Error('SELECT secret FROM tokens'));
    expect([problem.code, problem.message.includes('SELECT')]).toEqual(['internal-error', false]);
    expect(toProblem(new Unavailable('db-17 at 10.0.0.3')).message).not.toContain('10.0.0.3');
    expect(toProblem(new Rejected('changed-meanwhile', 'x')).code).toBe('changed-meanwhile');
    expect(toProblem(new Rejected('no-such-code', 'x')).code).toBe('invalid-input');
    expect(toProblem(new Problem('forbidden', 'x')).code).toBe('forbidden');
  });

  it('answer 405 with what is allowed where the address exists, whatever the body', async () => {
    for (const [method, path, allowed] of [
      ['PATCH', '/api/v1/assets/some', 'GET, PUT, DELETE'],
      ['POST', '/api/v1/assets/some', 'GET, PUT, DELETE'],
      ['GET', '/api/v1/rejects/replay', 'POST'],
      ['PUT', '/api/v1/devices/some/readings', 'POST'],
      ['DELETE', '/healthz', 'GET'],
    ] as const) {
      const headers = { 'content-type': 'text/strange' };
      const body = method === 'GET' ? undefined : '<';
      const answer = await world.request(method, path, body, undefined, headers);
      expect([path, answer.status, answer.body?.code]).toEqual([path, 405, 'method-not-allowed']);
      expect(answer.headers.get('allow')).toBe(allowed);
    }
    expect((await world.request('PATCH', '/api/v1/no-such', '{}', ADMIN)).status).toBe(404);
    const { body } = await get('/api/openapi.json');
    expect(body.paths['/api/v1/assets/{id}'].patch).toBeUndefined();
  });

  it('hide the inside of a failure that happens', async () => {
    const broken = await openWorld({ metricsOfThreads: () => Promise.reject(new Error('secret inside')) });
    const { status, body, text } = await broken.request('GET', '/metrics');
    expect([status, body.code, text.includes('secret')]).toEqual([500, 'internal-error', false]);
    await broken.close();
  });
});

describe('bodies', () => {
  const put = (body: string, headers = {}) => world.request('PUT', '/api/v1/organisations/x', body, ADMIN, headers);

  it.each([
    ['not JSON', '{"name":', 'malformed-json'],
    ['nested too deep', `${'['.repeat(40)}${']'.repeat(40)}`, 'malformed-json'],
    ['nested very deep', `{"name":${'['.repeat(100_000)}`, 'malformed-json'],
    ['reaching for the prototype', '{"__proto__":{"x":1}}', 'malformed-json'],
    ['reaching for the constructor', '{"constructor":{"prototype":{"x":1}}}', 'malformed-json'],
    ['nothing', '', 'invalid-input'],
    ['a number', '7', 'invalid-input'],
    ['null', 'null', 'invalid-input'],
  ])('that are %s', async (_name, body, code) => {
    const answer = await put(body);
    expect([answer.status, answer.body.code]).toEqual([400, code]);
    expect(({} as { x?: number }).x).toBeUndefined();
  });

  it('too large or of an unknown type', async () => {
    const large = await put(JSON.stringify({ name: 'x'.repeat(1_100_000) }));
    expect([large.status, large.body.code]).toEqual([413, 'too-large']);
    const form = await put('name=x', { 'content-type': 'application/x-www-form-urlencoded' });
    expect([form.status, form.body.code]).toEqual([415, 'unsupported-media-type']);
  });

  it('in an encoding are refused before anything of them is taken', async () => {
    const taken = world.door.taken.length;
    const headers = { 'content-encoding': 'gzip', 'content-type': 'application/json' };
    const device = await world.request('POST', '/api/v1/devices/d/readings', 'x', 'secret', headers);
    const history = await world.request('POST', '/api/v1/import/readings', 'x', ADMIN, headers);
    const organisation = await put('{}', headers);
    for (const { status, body, headers: answered } of [device, history, organisation]) {
      expect([status, body.code]).toEqual([415, 'unsupported-media-type']);
      expect(answered.get('accept-encoding')).toBe('identity');
    }
    expect(world.door.taken).toHaveLength(taken);
    const plain = await world.request('POST', '/api/v1/devices/d/readings', '{}', 'secret', {
      'content-encoding': 'Identity',
    });
    expect(plain.status).toBe(202);
  });

  it('that are no HTTP do not end the process', async () => {
    const port = Number(new URL(world.url).port);
    for (const bytes of [
      '\0\0\0',
      'GET / HTTP/9.9\r\n\r\n',
      `GET /${'a'.repeat(40_000)} HTTP/1.1\r\n\r\n`,
      'PUT /%ff%fe HTTP/1.1\r\nHost: x\r\n\r\n',
    ]) {
      await new Promise<void>((resolve) => {
        const socket = connect(port, '127.0.0.1', () => socket.end(bytes));
        socket.on('error', () => resolve());
        socket.on('data', () => {});
        socket.on('close', () => resolve());
      });
    }
    expect((await get('/healthz')).body).toEqual({ status: 'ok' });
    expect((await get('/api/v1/assets/%ff%fe')).status).toBe(400);
  });
});

describe('documents', () => {
  it('describe every route', async () => {
    const { body } = await get('/api/openapi.json');
    expect(body.openapi).toBe('3.1.0');
    for (const [method, path] of ROUTES) {
      const operation = body.paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
      expect([method, path, typeof operation?.summary]).toEqual([method, path, 'string']);
    }
  });

  it('can be browsed, from ourselves only', async () => {
    const page = await get('/api/docs/');
    expect(page.status).toBe(200);
    const script = await get('/api/docs/static/swagger-initializer.js');
    expect(page.text).not.toMatch(/https?:\/\//);
    expect(script.text).toContain('validatorUrl: null'); // else a badge asks validator.swagger.io
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'self'/);
  });
});

describe('every answer', () => {
  it('has the headers that keep a page safe', async () => {
    for (const path of ['/', '/api/v1/assets', '/api/v1/none', '/api/v1/devices', '/healthz']) {
      const { headers } = await get(path);
      expect(headers.get('content-security-policy')).not.toMatch(/unsafe/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });
});

describe('health', () => {
  it('is alive, says what it waits for, and gives its figures', async () => {
    expect((await get('/healthz')).status).toBe(200);
    const ready = await get('/readyz');
    expect([ready.status, ready.body.dependencies.series]).toEqual([503, { ok: false, detail: 'behind' }]);
    const metrics = await get('/metrics');
    expect(metrics.headers.get('content-type')).toContain('text/plain');
    expect(metrics.text).toContain('sansevaerk_live_listeners');
  });
});

describe('the web app', () => {
  it('is served with its page for every address of its own', async () => {
    for (const path of ['/', '/objekt/abc', '/alarmer']) {
      const page = await get(path);
      expect([path, page.status, page.text.includes('Sanseværk')]).toEqual([path, 200, true]);
      expect(page.headers.get('cache-control')).toBe('no-cache');
    }
    const script = await get('/assets/app-abc.js');
    expect(script.headers.get('cache-control')).toContain('immutable');
    for (const path of ['/missing.js', '/api/none', '/../package.json.x']) expect((await get(path)).status).toBe(404);
  });
});

describe('tokens, targets, rejects, audit', () => {
  const admin = tokenOf('egeby', 'administrator');

  it('keep secrets to themselves', async () => {
    const body = {
      organisation: 'egeby',
      kind: 'webhook',
      address: 'https://vagt.example/hook',
      secret: 'a-very-long-secret',
      minimumSeverity: 'high',
    };
    const made = await world.request('PUT', '/api/v1/notify-targets/t1', body, admin);
    expect([made.status, made.body.hasSecret, made.text.includes(body.secret)]).toEqual([201, true, false]);
    const { secret: _, ...without } = body;
    await world.request('PUT', '/api/v1/notify-targets/t1', { ...without, minimumSeverity: 'low' }, admin);
    expect((await world.registry.targets.get('t1'))?.secret).toBe(body.secret);
    for (const address of ['ftp://x', 'https://user@x/', 'file:///etc/passwd'])
      expect(
        (await world.request('PUT', '/api/v1/notify-targets/t2', { ...body, address }, admin)).body.errors[0].pointer,
      ).toBe('/address');
    const mail = { ...without, kind: 'email', address: 'a@b.dk\r\nBcc: c@d.dk' };
    expect((await world.request('PUT', '/api/v1/notify-targets/t2', mail, admin)).status).toBe(400);
    const list = await get('/api/v1/tokens', admin);
    expect(list.body.items.length).toBeGreaterThan(0);
    expect(list.text).not.toMatch(/hash/);
  });

  it('that are webhooks into our own network are refused when they are put, unless the operator allows them', async () => {
    const target = { organisation: 'egeby', kind: 'webhook', minimumSeverity: 'high' };
    const put = (address: string, to = world) =>
      to.request('PUT', '/api/v1/notify-targets/inside', { ...target, address }, ADMIN);
    for (const address of [
      'http://127.0.0.1/x',
      'http://169.254.169.254/latest',
      'https://[fd00::1]/',
      'http://localhost/',
    ])
      expect([address, (await put(address)).body.errors?.[0].pointer]).toEqual([address, '/address']);
    expect((await world.registry.targets.get('inside')) === undefined).toBe(true);
    const open = await openWorld({ config: { host: '127.0.0.1', port: 0, allowPrivateTargets: true } });
    expect((await put('http://127.0.0.1/x', open)).status).toBe(201);
    await open.close();
  });

  it('replay rejects by an order in the log', async () => {
    await world.registry.rejects.apply([
      {
        kind: 'rejected',
        reject: {
          uplink: 7,
          device: 'd',
          owner: 'egeby',
          receivedAt: 1,
          reason: 'no-known-quantity',
          detail: 'x',
          partial: false,
          revision: 0,
          record: RECORD,
        },
      },
    ]);
    const list = await get('/api/v1/rejects', tokenOf('egeby', 'technician'));
    expect(list.body.items).toMatchObject([
      { uplink: 7, reason: 'no-known-quantity', payload: '{"x":1}', receivedAt: '1970-01-01T00:00:00.001Z' },
    ]);
    const replayed = await world.request(
      'POST',
      '/api/v1/rejects/replay',
      { uplinks: [7] },
      tokenOf('egeby', 'manager'),
    );
    expect([replayed.status, replayed.body]).toEqual([202, { ordered: 1, more: false }]);
    const [block] = await world.log.read('orders', { seq: 1, offset: 0 }, 1e6);
    expect(JSON.parse(Buffer.from(block?.body ?? '').toString())).toMatchObject([{ kind: 'replay', uplink: 7 }]);
    const none = await world.request('POST', '/api/v1/rejects/replay', {}, tokenOf('bogeby', 'manager'));
    expect(none.body).toEqual({ ordered: 0, more: false });
  });

  it('derive again when an attribute is corrected', async () => {
    const asset = {
      owner: 'egeby',
      type: 'waste-container',
      name: 'k',
      attributes: { emptyDistance: 1500, fullDistance: 200 },
    };
    await world.request('PUT', '/api/v1/assets/bin', asset, ADMIN);
    const before = (await world.log.end('orders')).offset;
    const dated = [
      { from: null, value: 1500 },
      { from: '2026-03-01T00:00:00Z', value: 1600 },
    ];
    await world.request(
      'PUT',
      '/api/v1/assets/bin',
      { ...asset, attributes: { ...asset.attributes, emptyDistance: dated } },
      ADMIN,
    );
    const blocks = await world.log.read('orders', { seq: 1, offset: 0 }, 1e6);
    const orders = blocks.flatMap((b) => JSON.parse(Buffer.from(b.body).toString()));
    expect(orders.slice(before)).toMatchObject([{ kind: 'derive', asset: 'bin', from: Date.UTC(2026, 2, 1) }]);
  });
});

const RECORD = record();
function record(): string {
  const writer = new UplinkWriter();
  writer.push({
    device: 'd',
    owner: 'egeby',
    kind: 'readings',
    door: 'mqtt',
    receivedAt: 1,
    qos: 1,
    dup: false,
    packetId: 1,
    session: '',
    connection: 1,
    identity: '',
    payload: Buffer.from('{"x":1}'),
  });
  return writer.take().toString('base64');
}
