/** Decode in the loop, on the real log: what is committed adds up, over restarts and with a record that makes it fail. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLmdbLog } from '../../engines/log/open-lmdb-log.ts';
import { createCatalogue, catalogue as shipped } from '../../knowledge/catalogue/catalogue.ts';
import type { DeviceModel } from '../../model/catalogue.ts';
import { type Log, START } from '../../model/log.ts';
import { createLogger } from '../../ops/logger.ts';
import { createMetrics } from '../../ops/metrics.ts';
import { runStage } from '../../pipeline/run-stage.ts';
import { readDecodeCounts } from './ledger-counts.ts';
import { DecodeWorld, NOW, read } from './testing/decode-world.ts';

// A mapping that fails when it is read: the nearest thing to a bug that data can be.
const cursed: DeviceModel = {
  id: 'cursed',
  vendor: 'x',
  product: 'x',
  format: 'json',
  get mapping(): never {
    throw new TypeError('a bug');
  },
};
const catalogue = createCatalogue({ ...shipped, deviceModels: [...shipped.deviceModels, cursed] });

let dir: string;
let log: Log;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'decode-'));
  log = await openLmdbLog({ dir, logger: createLogger('silent') });
});

afterEach(async () => {
  await log.close();
  await rm(dir, { recursive: true, force: true });
});

function world(): DecodeWorld {
  const w = new DecodeWorld({ catalogue });
  w.simple();
  w.asset({ id: 'b' });
  w.device({ id: 'cursed', asset: 'b', model: 'cursed' });
  return w;
}

/** Runs decode until it has handled everything that is in the log. */
async function decodeAll(w: DecodeWorld): Promise<void> {
  const stop = new AbortController();
  const { logger, metrics, alerts } = { logger: createLogger('silent'), metrics: createMetrics(), alerts: w.alerts };
  const running = runStage({ log, stage: w.decode, ops: { logger, metrics, alerts }, signal: stop.signal });
  const end = await log.end('uplinks');
  await expect.poll(async () => (await log.position('decode', 0, 'uplinks')).offset).toBe(end.offset);
  stop.abort();
  await running;
}

async function append(w: DecodeWorld, sent: Parameters<DecodeWorld['uplink']>[0][]): Promise<void> {
  const { stream, at, count, body } = w.block(sent.map((s) => w.uplink(s)));
  await log.commit({
    stage: 'ingest',
    partition: 0,
    upTo: {},
    outputs: [{ stream, at, count, body }],
    state: new Map(),
  });
}

const counts = async () => readDecodeCounts(await log.state('decode', 0, 'ledger/')).skovby;

describe('semantics: Poison', () => {
  it('the one record at fault is rejected, all around it are decoded, and the books balance', async () => {
    const w = world();
    const good = Array.from({ length: 20 }, (_, i) => ({ payload: { fillingLevel: i } }));
    await append(w, [...good.slice(0, 13), { device: 'cursed', payload: { fillingLevel: 1 } }, ...good.slice(13)]);
    await decodeAll(w);
    const given = read([...(await log.read('readings', START, 1e6)), ...(await log.read('rejects', START, 1e6))]);
    expect(given.readings.map((r) => r.value)).toEqual(good.map((g) => g.payload.fillingLevel));
    expect(given.rejects).toMatchObject([{ uplink: 13, reason: 'internal-error' }]);
    expect(await counts()).toMatchObject({ decoded: 20, rejected: 1, values: 20 });
    expect(w.alerts.list().map((a) => a.name)).toEqual([expect.stringContaining('decode')]);
  });
});

describe('semantics: Exactly once', () => {
  it('a stage that is started again goes on where it stopped', async () => {
    for (let i = 0; i < 3; i++) {
      const w = world();
      w.now = NOW + i * 1000;
      await append(w, [{ payload: { fillingLevel: i }, session: 's', packetId: 7, connection: i + 1 }]);
      await decodeAll(w);
    }
    // The first is new; the others carry other payloads, so they are too.
    expect(await counts()).toMatchObject({ decoded: 3, redelivered: 0, values: 3 });
    const w = world();
    w.now = NOW + 5000;
    await append(w, [{ payload: { fillingLevel: 0 }, session: 's', packetId: 7, connection: 9 }]);
    await decodeAll(w);
    expect(await counts()).toMatchObject({ decoded: 4, redelivered: 1, values: 3 });
    expect((await log.end('readings')).offset).toBe(3);
  });
});
