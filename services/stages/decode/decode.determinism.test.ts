/** The same uplinks give the same readings, rejects and counts however they are cut into batches, and wherever it restarts. */
import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Block } from '../../model/block.ts';
import type { DecodeCounts } from '../../model/ledger.ts';
import type { Uplink } from '../../model/uplink.ts';
import type { Slice } from '../../pipeline/stage.ts';
import { DecodeWorld, type Given, HOUR, MINUTE, NOW } from './testing/decode-world.ts';

const payload = fc.constantFrom(
  '{"fillingLevel":10}',
  '{"fillingLevel":11,"colour":1}',
  '{"distance":600}',
  `{"time":${NOW - 5 * MINUTE},"fillingLevel":12}`,
  '[{"fillingLevel":1},{"temperature":"x"}]',
  '{"fillingLevel":"x"}',
  '{',
);

const uplink = fc.record({
  device: fc.constantFrom('d', 'e', 'x'),
  payload: payload.map((text) => Buffer.from(text)),
  dup: fc.boolean(),
  qos: fc.constantFrom(0 as const, 1 as const),
  packetId: fc.constantFrom(1, 2),
  session: fc.constantFrom('', 's'),
  identity: fc.constantFrom('', '', '', 'k'),
  kind: fc.constantFrom('readings' as const, 'readings' as const, 'readings' as const, 'status' as const),
  connectionStep: fc.constantFrom(0, 0, 1),
  wait: fc.constantFrom(0, 1, 1000, 11 * MINUTE),
});

function world(): DecodeWorld {
  const w = new DecodeWorld();
  const attributes = { emptyDistance: [{ from: 0, value: 1500 }], fullDistance: [{ from: 0, value: 300 }] };
  w.asset({ id: 'a', attributes });
  w.device({ id: 'd', asset: 'a' });
  w.device({ id: 'e', asset: 'a', registeredAt: NOW - HOUR });
  return w;
}

/** A cut within the blocks: a batch ends there, and perhaps the process. */
interface Cut {
  after: number;
  restart: boolean;
}

async function run(
  blocks: readonly (readonly Uplink[])[],
  cuts: readonly Cut[],
): Promise<[Omit<Given, 'outputs'>, DecodeCounts | undefined]> {
  const w = world();
  const all: Given = { readings: [], retractions: [], rejects: [], settled: [], ticks: [], outputs: [] };
  const flush = async (batch: Slice[], restart: boolean): Promise<void> => {
    if (batch.length > 0) {
      const given = await w.handle(batch);
      for (const key of ['readings', 'retractions', 'rejects', 'settled', 'ticks'] as const)
        (all[key] as unknown[]).push(...given[key]);
    }
    if (restart) await w.restart();
  };
  let batch: Slice[] = [];
  let n = 0;
  for (const uplinks of blocks) {
    const block: Block = w.block(uplinks);
    let from = 0;
    for (let to = 1; to <= block.count; to++) {
      const cut = cuts.find((c) => c.after === n++);
      if (!cut) continue;
      await flush([...batch, { block, from, to }], cut.restart);
      batch = [];
      from = to;
    }
    if (from < block.count || block.count === 0) batch.push({ block, from, to: block.count });
  }
  await flush(batch, false);
  const { outputs: _, ...given } = all;
  return [given, w.counts()];
}

it('gives the same whatever the batches and restarts', async () => {
  const cut = fc.record({ after: fc.nat(30), restart: fc.boolean() });
  const blocks = fc.array(fc.array(uplink, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(blocks, fc.array(cut, { maxLength: 8 }), async (drawn, cuts) => {
      const w = world();
      let received = NOW;
      let connection = 1;
      const uplinks = drawn.map((block) =>
        block.map(({ wait, connectionStep, ...u }) => {
          received += wait;
          connection += connectionStep;
          return w.uplink({ ...u, receivedAt: received, connection });
        }),
      );
      expect(await run(uplinks, cuts)).toEqual(await run(uplinks, []));
    }),
    { numRuns: 150 },
  );
});

it('decoded and rejected add up to what was accepted', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(uplink, { minLength: 1, maxLength: 30 }), async (drawn) => {
      const w = world();
      const given = await w.send(...drawn.map(({ wait: _, connectionStep: __, ...u }) => u));
      const counts = w.counts()!; // there was at least one uplink
      expect(counts.decoded + counts.rejected).toBe(drawn.length);
      expect(counts.values).toBe(given.readings.length);
      expect(counts.rejected).toBe(given.rejects.filter((r) => !r.partial).length);
      expect(counts.partialRejects).toBe(given.rejects.filter((r) => r.partial).length);
    }),
    { numRuns: 150 },
  );
});
