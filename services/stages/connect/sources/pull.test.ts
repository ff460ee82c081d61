/** A vendor's cloud that is asked: proof, pages, windows, bookmarks, faults and restarts, against a real HTTP server. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startVendorCloud, type VendorCloud, type VendorCloudOptions } from '../../../../test/lib/vendor-cloud.ts';
import { Unavailable } from '../../../model/errors.ts';
import { openSourcesWorld, type SourcesWorld, soon } from './testing/sources-world.ts';

const RECORDS = 'items.{"device": bin, "time": measuredAt, "fillingLevel": level, "batteryVoltage": battery}';
const SCHEDULE = { everyMinutes: 1 };
const NOW = Date.parse('2026-11-23T12:00:00Z');

let world: SourcesWorld;
let cloud: VendorCloud;
const cloudWith = async (options: VendorCloudOptions): Promise<void> => {
  await cloud.stop();
  cloud = await startVendorCloud(options);
};

beforeEach(async () => {
  world = await openSourcesWorld();
  cloud = await startVendorCloud();
  for (const id of ['bin-1', 'bin-2', 'bin-3']) await world.device(id);
});
afterEach(async () => {
  await world.close();
  await cloud.stop();
});

const minutesAgo = (n: number): string => new Date(NOW - n * 60_000).toISOString();
const fill = (count: number): void => {
  for (let i = 0; i < count; i++)
    cloud.records.push({ bin: `bin-${(i % 3) + 1}`, measuredAt: minutesAgo(count - i), level: i });
};
const levels = (): unknown[] => world.taken().map(({ record }) => record.fillingLevel);
const simple = (more: object = {}) => ({
  schedule: SCHEDULE,
  request: { url: `${cloud.url}/v1/measurements` },
  records: RECORDS,
  ...more,
});

describe('a vendor that is asked', () => {
  it('becomes messages of its devices: their time, their values, the owner of the source', async () => {
    cloud.records.push({ bin: 'BIN-1', measuredAt: minutesAgo(5), level: 40, battery: 3.6 });
    await world.put('acme', 'http-pull', simple());
    const sources = await world.start();
    await soon(() => world.forwarded.length).toBeGreaterThan(0);
    const [uplink] = world.forwarded;
    expect(uplink).toMatchObject({ device: 'bin-1', owner: 'egeby', kind: 'readings', door: 'http', identity: '' });
    expect(world.taken()[0]?.record).toEqual({
      time: NOW - 300_000,
      fillingLevel: 40,
      batteryVoltage: 3.6,
    });
    await soon(() => sources.state('acme')).toMatchObject({ connection: 'connected', unusable: 0, unknown: 0 });
  });

  it('is asked again and again, one request at a time, and at once when somebody wants it', async () => {
    await world.put('acme', 'http-pull', simple({ schedule: { everyMinutes: 10_000 } }));
    const sources = await world.start();
    await soon(() => cloud.requests.length).toBe(1);
    await soon(() => sources.state('acme')?.nextRunAt ?? 0).toBeGreaterThan(Date.now());
    expect(sources.run('acme')).toBe(true);
    await soon(() => cloud.requests.length).toBe(2);
    await world.put('acme', 'http-pull', simple());
    await soon(() => cloud.requests.length).toBeGreaterThan(4);
    expect(cloud.mostAtOnce).toBe(1);
    expect(sources.run('nobody')).toBe(false);
  });

  it('is left alone when it is off', async () => {
    await world.put('acme', 'http-pull', simple(), { enabled: false });
    const sources = await world.start();
    expect(sources.state('acme')).toMatchObject({ connection: 'off' });
    expect(sources.run('acme')).toBe(false);
    expect(cloud.requests).toEqual([]);
  });
});

describe('pages', () => {
  it('by number, until one is empty', async () => {
    fill(5);
    await world.put('acme', 'http-pull', {
      ...simple({ schedule: { everyMinutes: 10_000 }, paging: { kind: 'page' } }),
      request: { url: `${cloud.url}/v1/measurements?page={page}` },
    });
    await world.start();
    await soon(() => levels().length).toBe(5);
    await soon(() => cloud.requests.map((r) => r.query.page)).toEqual(['1', '2', '3', '4']);
  });

  it('by number, while the answer says that there are more', async () => {
    fill(5);
    const paging = { kind: 'page', more: 'pages > 0 and $count(items) = 2' };
    await world.put('acme', 'http-pull', {
      ...simple({ schedule: { everyMinutes: 10_000 }, paging }),
      request: { url: `${cloud.url}/v1/measurements?page={page}` },
    });
    await world.start();
    await soon(() => cloud.requests.map((r) => r.query.page)).toEqual(['1', '2', '3']);
  });

  it('by the link to the next, which stays with the host that was given', async () => {
    fill(5);
    const linked = {
      ...simple({ schedule: { everyMinutes: 10_000 }, paging: { kind: 'next', next: 'links.next' } }),
      request: { url: `${cloud.url}/v1/linked` },
    };
    await world.put('acme', 'http-pull', linked);
    const sources = await world.start();
    await soon(levels).toEqual([0, 1, 2, 3, 4]);
    const elsewhere = { ...linked, paging: { kind: 'next', next: '"http://elsewhere.example/steal"' } };
    await world.put('acme', 'http-pull', elsewhere);
    await soon(() => sources.state('acme')?.detail?.en ?? '').toContain('http://elsewhere.example');
  });

  it('by a bookmark, which is kept: after a restart nothing is fetched twice', async () => {
    fill(5);
    const paging = { kind: 'cursor', cursor: 'cursor' };
    const settings = { ...simple({ paging }), request: { url: `${cloud.url}/v1/changes?cursor={cursor}` } };
    await world.put('acme', 'http-pull', settings);
    const first = await world.start();
    await soon(levels).toEqual([0, 1, 2, 3, 4]);
    await soon(() => cloud.requests.at(-1)?.query.cursor).toBe('5');
    await first.stop();
    const asked = cloud.requests.length;
    cloud.records.push({ bin: 'bin-1', measuredAt: minutesAgo(1), level: 99 });
    await world.start();
    await soon(levels).toEqual([0, 1, 2, 3, 4, 99]);
    expect(cloud.requests[asked]?.query.cursor).toBe('5');
  });

  it('end with an error when there are more than allowed', async () => {
    fill(9);
    await world.put('acme', 'http-pull', {
      ...simple({ paging: { kind: 'page', mostPages: 2 } }),
      request: { url: `${cloud.url}/v1/measurements?page={page}` },
    });
    const sources = await world.start();
    await soon(() => sources.state('acme')?.detail?.en ?? '').toContain('more than 2 pages');
  });
});

describe('a bookmark moves only when what came before it is durable', () => {
  it('stays while nothing is taken', async () => {
    fill(3);
    const paging = { kind: 'cursor', cursor: 'cursor' };
    const settings = { ...simple({ paging }), request: { url: `${cloud.url}/v1/changes?cursor={cursor}` } };
    world.door.broken = new Unavailable('the disk is full');
    await world.put('acme', 'http-pull', settings);
    const sources = await world.start();
    await soon(() => cloud.requests.length).toBeGreaterThan(2);
    expect(cloud.requests.every((r) => r.query.cursor === '')).toBe(true);
    expect(sources.state('acme')?.connection).toBe('failed');
    world.door.broken = undefined;
    await soon(levels).toEqual([0, 1, 2]);
    await soon(() => sources.state('acme')?.connection).toBe('connected');
  });
});

describe('windows of time', () => {
  const windowed = (window: object) => ({
    schedule: SCHEDULE,
    request: { url: `${cloud.url}/v1/measurements?from={from}&to={to}&page={page}` },
    paging: { kind: 'page' },
    window,
    records: RECORDS,
  });

  it('begin where the former ended, a little before it, and a long one is asked for in parts', async () => {
    let now = NOW;
    await world.put('acme', 'http-pull', windowed({ lookbackHours: 48, overlapMinutes: 30, mostHours: 24 }));
    const sources = await world.start({ now: () => now });
    const asked = () => cloud.requests.map((r) => [r.query.from, r.query.to]);
    const at = (hours: number): string => new Date(NOW + hours * 3_600_000).toISOString();
    await soon(asked).toEqual([
      [at(-48), at(-24)],
      [at(-24), at(0)],
    ]);
    await soon(() => sources.state('acme')?.connection).toBe('connected');
    now = NOW + 3_600_000;
    sources.run('acme');
    await soon(() => asked().at(-1)).toEqual([at(-0.5), at(1)]);
  });

  it('go on after a restart', async () => {
    await world.put('acme', 'http-pull', windowed({ lookbackHours: 24, overlapMinutes: 0 }));
    const first = await world.start({ now: () => NOW });
    await soon(() => first.state('acme')?.connection).toBe('connected');
    await first.stop();
    const later = NOW + 7_200_000;
    await world.start({ now: () => later });
    await soon(() => cloud.requests.at(-1)?.query.from).toBe(new Date(NOW).toISOString());
  });
});

describe('proof', () => {
  const secrets = { KEY: 'hemmelig-værdi', ID: 'klient' };

  it.each([
    ['basic', { proof: { authorization: `Basic ${Buffer.from('egeby:hemmelig-værdi').toString('base64')}` } }],
    ['bearer', { proof: { authorization: 'Bearer hemmelig' } }],
    ['api-key in a header', { proof: { apiKey: 'hemmelig' } }],
    ['api-key in the query', { proof: { queryKey: 'hemmelig-værdi' } }],
  ] as const)('%s', async (name, options) => {
    await cloudWith(options);
    cloud.records.push({ bin: 'bin-1', measuredAt: minutesAgo(1), level: 7 });
    const own = name === 'bearer' || name === 'api-key in a header' ? { KEY: 'hemmelig' } : secrets;
    const authentication = {
      basic: { kind: 'basic', username: 'egeby', password: '{secret:KEY}' },
      bearer: { kind: 'bearer', token: '{secret:KEY}' },
      'api-key in a header': { kind: 'api-key', in: 'header', name: 'X-Api-Key', value: '{secret:KEY}' },
      'api-key in the query': { kind: 'api-key', in: 'query', name: 'key', value: '{secret:KEY}' },
    }[name];
    await world.put('acme', 'http-pull', simple({ authentication }), { secrets: own });
    const sources = await world.start();
    await soon(() => sources.state('acme')?.connection).toBe('connected');
    expect(levels()[0]).toBe(7);
  });

  it.each(['header', 'body'])('OAuth2 client credentials in the %s: one token for many requests', async (clientIn) => {
    await cloudWith({ client: { id: 'klient', secret: 'hemmelig' } });
    fill(1);
    const tokenUrl = `${cloud.url}/oauth/token`;
    const authentication = { kind: 'oauth2', tokenUrl, clientId: 'klient', clientSecret: '{secret:S}', clientIn };
    await world.put('acme', 'http-pull', simple({ authentication }), { secrets: { S: 'hemmelig' } });
    const sources = await world.start();
    await soon(() => cloud.requests.filter((r) => r.path === '/v1/measurements').length).toBeGreaterThan(3);
    expect(cloud.tokens).toEqual(['token-1']);
    cloud.withdrawToken();
    await soon(() => cloud.tokens.length).toBe(2);
    await soon(() => sources.state('acme')?.connection).toBe('connected');
  });

  it('refused says so, and no secret is in what is said', async () => {
    await cloudWith({ proof: { authorization: 'Bearer other' } });
    const authentication = { kind: 'bearer', token: '{secret:KEY}' };
    await world.put('acme', 'http-pull', simple({ authentication }), { secrets: { KEY: 'hemmelig' } });
    const sources = await world.start();
    await soon(() => sources.state('acme')?.detail?.da ?? '').toContain('afviser adgangen');
    cloud.faults.push((response, { headers }) => void response.writeHead(500).end(`no: ${headers.authorization}`));
    sources.run('acme');
    await soon(() => sources.state('acme')?.detail?.en ?? '').toBe('The vendor answered 500: no: Bearer ***');
  });
});

describe('faults', () => {
  it('is tried again after an error, not sooner than it asks for', async () => {
    const times: number[] = [];
    const busy = (response: Parameters<VendorCloud['faults'][number]>[0], after: string): void => {
      times.push(performance.now());
      response.writeHead(503, { 'retry-after': after }).end();
    };
    cloud.faults.push((response) => busy(response, '1'));
    cloud.faults.push((response) => busy(response, '0'));
    fill(1);
    await world.put('acme', 'http-pull', simple({ schedule: { everyMinutes: 10_000 } }));
    const sources = await world.start();
    await soon(levels).toEqual([0]);
    expect(times[1]! - times[0]!).toBeGreaterThan(950);
    await soon(() => sources.state('acme')?.connection).toBe('connected');
  });

  it.each<[string, VendorCloud['faults'][number], string]>([
    [
      'a redirect is not followed',
      (r) => void r.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      'redirects',
    ],
    ['an answer that is no JSON', (r) => void r.end('<html>'), 'mapping:'],
    ['a connection that breaks', (r) => void r.destroy(), 'cannot be reached'],
    ['an answer that is too long', (r) => flood(r), 'more than 5 MB'],
    ['a status nobody expects', (r) => void r.writeHead(418).end('teapot'), 'The vendor answered 418: teapot'],
  ])('%s', async (_name, fault, said) => {
    for (let i = 0; i < 50; i++) cloud.faults.push(fault);
    await world.put('acme', 'http-pull', simple());
    const sources = await world.start();
    await soon(() => sources.state('acme')?.detail?.en ?? '').toContain(said);
    expect(sources.state('acme')?.connection).toBe('failed');
    cloud.faults.length = 0;
    fill(1);
    await soon(() => levels()[0]).toBe(0);
  });

  it('that last are one alert, which ends when the vendor is back', async () => {
    const refuse: VendorCloud['faults'][number] = (response) => void response.writeHead(500).end();
    for (let i = 0; i < 50; i++) cloud.faults.push(refuse);
    await world.put('acme', 'http-pull', simple());
    await world.start({ ops: world.ops, times: { minuteMs: 50, firstRetryMs: 20, mostRetryMs: 20, awayMs: 100 } });
    const alerts = () => world.ops.alerts.list();
    await soon(alerts).toMatchObject([{ name: 'source:acme', outside: true }]);
    expect(alerts()[0]?.detail).toContain('The vendor answered 500');
    cloud.faults.length = 0;
    await soon(alerts).toEqual([]);
  });

  it('an answer that does not come ends with the stop', async () => {
    cloud.faults.push(() => {});
    await world.put('acme', 'http-pull', simple());
    const sources = await world.start();
    await soon(() => cloud.requests.length).toBe(1);
    await sources.stop();
    expect(world.forwarded).toEqual([]);
  });

  it('records that cannot be used are told, and the others are used', async () => {
    cloud.faults.push((response) => {
      const items = [{ bin: 'bin-1', measuredAt: minutesAgo(1), level: 1 }, { bin: 'bin-2', level: 2 }, 7];
      response.end(JSON.stringify({ items }));
    });
    await world.put('acme', 'http-pull', simple({ schedule: { everyMinutes: 10_000 } }));
    const sources = await world.start();
    await soon(() => sources.state('acme')).toMatchObject({ connection: 'connected', records: 1, unusable: 2 });
    expect(sources.state('acme')?.detail?.da ?? '').toContain('2 poster kunne ikke bruges');
  });

  it('the operator’s proxy is asked, where there is one', async () => {
    fill(1);
    await world.put('acme', 'http-pull', simple({ request: { url: 'http://vendor.example/v1/measurements' } }));
    const lookup = () => Promise.reject(new Error('no such name here'));
    await world.start({ proxy: { HTTP_PROXY: cloud.url }, allowPrivateTargets: false, lookup });
    await soon(() => levels()[0]).toBe(0);
    expect(cloud.requests[0]?.headers.host).toBe('vendor.example');
  });

  it('private addresses are not asked unless that is allowed', async () => {
    await world.put('acme', 'http-pull', simple());
    const sources = await world.start({ allowPrivateTargets: false });
    await soon(() => sources.state('acme')?.detail?.en ?? '').toContain('private network');
    expect(cloud.requests).toEqual([]);
  });
});

function flood(response: Parameters<VendorCloud['faults'][number]>[0]): void {
  response.writeHead(200);
  const more = (): void => void response.write('x'.repeat(65_536), (error) => error ?? setImmediate(more));
  more();
}
