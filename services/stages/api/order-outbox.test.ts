/** An order and the change it follows from are one: whatever fails between them, it reaches the log, and once. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openLmdbLog } from '../../engines/log/open-lmdb-log.ts';
import { openSqliteRegistry } from '../../engines/registry/sqlite-registry.ts';
import type { Asset } from '../../model/asset.ts';
import { Unavailable } from '../../model/errors.ts';
import { readJsonBlock } from '../../model/json-block.ts';
import type { Log } from '../../model/log.ts';
import type { Order } from '../../model/order.ts';
import type { Registry } from '../../model/registry.ts';
import { createLogger } from '../../ops/logger.ts';
import { createMetrics } from '../../ops/metrics.ts';
import { PlatformAlerts } from '../../ops/platform-alerts.ts';
import { Appender } from './appender.ts';
import { OrderOutbox } from './order-outbox.ts';

const logger = createLogger('silent');
let dir: string;
let log: Log;
let registry: Registry;
let alerts: PlatformAlerts;
let outbox: OrderOutbox;

/** As the process does when it starts. */
function start(): void {
  const metrics = createMetrics();
  alerts = new PlatformAlerts(logger, metrics);
  const ops = { logger, metrics, alerts };
  outbox = new OrderOutbox({ registry, log, appender: new Appender({ log, now: Date.now }), ops, againMs: 10 });
}

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'order-outbox-'));
  log = await openLmdbLog({ dir: join(dir, 'log'), logger });
  registry = await openSqliteRegistry({ file: join(dir, 'r.sqlite'), sealKey: Buffer.alloc(32, 7), logger });
  start();
});
afterEach(async () => {
  vi.restoreAllMocks();
  outbox.stop();
  await registry.close();
  await log.close();
  await rm(dir, { recursive: true });
});

const asset: Asset = {
  id: 'a1',
  owner: 'o1',
  operator: 'o1',
  type: 'waste-container',
  name: 'a',
  attributes: {},
  externalIds: {},
  sharing: 'internal',
  tags: [],
  createdAt: 1,
};
const order = (from: number): Order => ({ kind: 'derive', asset: 'a1', from, to: 9 });
const change = (n: number) =>
  registry.assets.put({ ...asset, name: `name ${n}` }, { order: { id: `order-${n}`, order: order(n) } });

const ordered = async (): Promise<Order[]> =>
  (await log.read('orders', { seq: 1, offset: 0 }, 1e6)).flatMap((block) => readJsonBlock<Order>(block));
const kept = async () => [...(await log.state('api', 0, 'ordered/')).keys()];

describe('an order that follows from a change', () => {
  it('that a process left behind is given to the log at the next start', async () => {
    await change(1);
    await change(2);
    start();
    await outbox.drain();
    expect(await ordered()).toEqual([order(1), order(2)]);
    expect(await registry.orders.list(10)).toEqual([]);
  });

  it('is given once, whatever happens between the log and the registry', async () => {
    await change(1);
    vi.spyOn(registry.orders, 'done').mockRejectedValueOnce(new Unavailable('a crash'));
    await outbox.drain();
    outbox.stop(); // it must not be this one that tries again
    expect(await registry.orders.list(10)).toHaveLength(1);
    expect(alerts.list()).toMatchObject([{ name: 'orders-waiting' }]);
    start();
    await outbox.drain();
    await outbox.drain();
    expect(await ordered()).toEqual([order(1)]);
    expect(await registry.orders.list(10)).toEqual([]);
  });

  it('waits where the log takes nothing, and goes on by itself', async () => {
    const commit = vi.spyOn(log, 'commit').mockRejectedValue(new Unavailable('no room'));
    await change(1);
    await outbox.drain();
    expect([(await registry.orders.list(10)).length, alerts.list().length]).toEqual([1, 1]);
    commit.mockRestore();
    await expect.poll(ordered).toEqual([order(1)]);
    await expect.poll(() => alerts.list()).toEqual([]);
  });

  it('leaves nothing in the state for ever', async () => {
    for (let n = 1; n <= 5; n++) {
      await change(n);
      await outbox.drain();
    }
    expect(await kept()).toEqual(['ordered/order-5']);
    start();
    for (let n = 6; n <= 7; n++) {
      await change(n);
      await outbox.drain();
    }
    expect(await kept()).toEqual(['ordered/order-7']);
    expect(await ordered()).toHaveLength(7);
  });

  it('many at once all arrive, each once', async () => {
    for (let n = 1; n <= 250; n++) await change(n);
    await Promise.all([outbox.drain(), outbox.drain()]);
    expect((await ordered()).map((o) => (o.kind === 'derive' ? o.from : 0))).toEqual(
      Array.from({ length: 250 }, (_, i) => i + 1),
    );
  });
});
