/** An API on real log and registry in a folder of its own, with two municipalities, a utility and tokens of every role. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { openLmdbLog } from '../../../engines/log/open-lmdb-log.ts';
import { openSqliteRegistry } from '../../../engines/registry/sqlite-registry.ts';
import { isPublicAddress } from '../../../knowledge/access/public-address.ts';
import { catalogue } from '../../../knowledge/catalogue/catalogue.ts';
import { type DecodeCounts, NO_DECODE_COUNTS } from '../../../model/ledger.ts';
import { encodeReadings, ReadingWriter } from '../../../model/readings.ts';
import { hashSecret } from '../../../model/secret.ts';
import { ROLES, type Role } from '../../../model/token.ts';
import type { ForwardedUplink } from '../../../model/uplink.ts';
import { createLogger } from '../../../ops/logger.ts';
import { createMetrics } from '../../../ops/metrics.ts';
import { PlatformAlerts } from '../../../ops/platform-alerts.ts';
import { DirectoryCache } from '../../../pipeline/directory-cache.ts';
import { createOutgoing } from '../../../pipeline/outgoing/request.ts';
import { PrincipalCache } from '../../../pipeline/principal-cache.ts';
import { createFeed } from '../../live/feed.ts';
import { createLiveBroker } from '../../live/live-broker.ts';
import { createApi } from '../api.ts';
import type { ApiDependencies, IngestDoor } from '../dependencies.ts';
import { MemorySeries } from './memory-series.ts';

export const ADMIN = 'admin-token-of-the-tests';
const ORGANISATIONS = ['egeby', 'bogeby', 'vandvaerk'] as const;

export interface Given {
  asset: string;
  owner?: string;
  type?: string;
  quantity?: string;
  time?: number;
  value: number;
  marks?: number;
}

/** Keeps what comes through the door. */
class FakeDoor implements IngestDoor {
  taken: { device: string; body: string; idempotencyKey?: string }[] = [];
  imported: { device: string; owner: string; payload: string }[] = [];
  acceptHttp: IngestDoor['acceptHttp'] = async ({ device, body, idempotencyKey }) => {
    this.taken.push({ device, body: Buffer.from(body).toString(), ...(idempotencyKey && { idempotencyKey }) });
    return { uplink: this.taken.length - 1 };
  };
  readonly forwarded: ForwardedUplink[] = [];
  acceptForwarded: IngestDoor['acceptForwarded'] = async (uplinks) => void this.forwarded.push(...uplinks);
  acceptImport: IngestDoor['acceptImport'] = async (uplinks) => {
    this.imported.push(...uplinks.map((u) => ({ ...u, payload: Buffer.from(u.payload).toString() })));
    return { uplinks: uplinks.length };
  };
}

export type World = Awaited<ReturnType<typeof openWorld>>;

export async function openWorld(more: Partial<ApiDependencies> = {}) {
  const dir = await mkdtemp(join(tmpdir(), 'sansevaerk-api-'));
  const logger = createLogger('silent');
  const metrics = createMetrics();
  const ops = { logger, metrics, alerts: new PlatformAlerts(logger, metrics) };
  const log = await openLmdbLog({ dir: join(dir, 'log'), logger });
  const registry = await openSqliteRegistry({ file: join(dir, 'r.sqlite'), sealKey: Buffer.alloc(32, 7), logger });
  const directory = new DirectoryCache(registry.directory);
  const series = new MemorySeries();
  const principals = new PrincipalCache({ tokens: registry.tokens, adminToken: ADMIN });
  const door = new FakeDoor();
  const feed = createFeed({ log, directory, ops });
  const running = new AbortController();
  const followed = feed.run(running.signal);
  const broker = await createLiveBroker({ live: feed, directory, catalogue, principals, ops, stuckMs: 1500 });

  for (const id of ORGANISATIONS) {
    const kind = id === 'vandvaerk' ? 'utility' : 'municipality';
    await registry.organisations.put({ id, name: id, kind });
    for (const role of ROLES) {
      const hash = hashSecret(tokenOf(id, role));
      await registry.tokens.put({ id: `${id}-${role}`, organisation: id, name: role, role, hash, createdAt: 0 });
    }
  }
  await directory.refresh();

  const api = await createApi({
    config: { host: '127.0.0.1', port: 0 },
    outgoing: createOutgoing({ allowPrivateTargets: false, isPublic: isPublicAddress }),
    registry,
    series,
    log,
    directory,
    catalogue,
    principals,
    live: feed,
    upgrade: broker.upgrade,
    door,
    ops,
    readDecodeCounts: (state) => readJson<DecodeCounts>(state, 'ledger/'),
    readAccepted: (state) => readJson<number>(state, 'accepted/'),
    metricsOfThreads: async () => [await metrics.registry.getMetricsAsJSON()],
    readiness: async () => ({ log: { ok: true } }),
    stuckMs: 1500,
    ...more,
  });
  const { port } = await api.listen();
  const url = `http://127.0.0.1:${port}`;

  let written = await log.position('decode', 0, 'readings');
  let total = { ...NO_DECODE_COUNTS };
  return {
    url,
    api,
    log,
    registry,
    directory,
    series,
    door,
    feed,
    broker,
    ops,
    principals,
    request: (method: string, path: string, body?: unknown, as?: string, headers: Record<string, string> = {}) =>
      call(url + path, method, body, as, headers),
    /** As decode would: a block of readings; and as store would, unless `stored` is false. */
    async publish(rows: readonly Given[], { at = Date.now(), stored = true } = {}): Promise<number> {
      const writer = new ReadingWriter();
      for (const {
        asset,
        owner = 'egeby',
        type = 'water-level',
        quantity = 'waterLevel',
        time = at,
        value,
        marks = 0,
      } of rows)
        writer.push(writer.series({ asset, quantity, owner, type }), time, value, at, 0, 0, marks);
      const columns = writer.columns();
      const block = { stream: 'readings', at, count: columns.count, body: encodeReadings(columns) } as const;
      total = { ...total, values: total.values + columns.count };
      const state = new Map([['ledger/egeby', Buffer.from(JSON.stringify(total))]]);
      const [first = 0] = await log.commit({ stage: 'decode', partition: 0, upTo: {}, outputs: [block], state });
      written = await log.end('readings');
      if (stored) await series.write([columns], written);
      return first;
    },
    async close() {
      running.abort();
      await followed;
      await api.close();
      await broker.close();
      await registry.close();
      await log.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

export function tokenOf(organisation: string, role: Role): string {
  return `token-${organisation}-${role}`;
}

function readJson<T>(state: ReadonlyMap<string, Uint8Array>, prefix: string): Record<string, T> {
  const entries = [...state].filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(
    entries.map(([key, value]) => [key.slice(prefix.length), JSON.parse(Buffer.from(value).toString())]),
  );
}

/** Waits until it is so; patiently, because other tests share the machine. */
export function soon<T>(look: () => T, options: { timeout?: number; interval?: number } = {}) {
  return expect.poll(look, { timeout: 10_000, interval: 10, ...options });
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came back
  body: any;
}

async function call(
  url: string,
  method: string,
  body: unknown,
  as: string | undefined,
  headers: Record<string, string>,
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(as !== undefined && { authorization: `Bearer ${as}` }),
      ...headers,
    },
    redirect: 'manual',
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined };
}
