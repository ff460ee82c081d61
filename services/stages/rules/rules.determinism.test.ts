/** Whatever the batches are and wherever the stage is restarted, it makes the same transitions. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MARK } from '../../model/readings.ts';
import { EditableDirectory, type Input, RulesRun } from './testing/rules-world.ts';

const START = Date.UTC(2026, 10, 23, 12);
const ASSETS = ['bin', 'ring', 'pst', 'pump'];

function world(): EditableDirectory {
  const directory = new EditableDirectory();
  directory.putAsset({ id: 'bin', type: 'waste-container', createdAt: START });
  directory.putAsset({ id: 'ring', type: 'rescue-ring', createdAt: START });
  directory.putAsset({ id: 'pst', type: 'pumping-station', createdAt: START }, { category: 'A', highLevel: 50 });
  directory.putAsset({ id: 'pump', type: 'pump', createdAt: START, parent: 'pst' });
  for (const asset of ASSETS) directory.putDevice(asset, `${asset}-sensor`, START);
  directory.putRule('quiet', { condition: { kind: 'absence', seconds: 60 } });
  directory.putRule('hot', {
    condition: {
      kind: 'threshold',
      quantity: 'temperature',
      raise: { op: '>=', limit: 60 },
      clear: { op: '<', limit: 40 },
      forSeconds: 30,
      clearForSeconds: 20,
      count: 2,
    },
  });
  return directory;
}

// Values and gaps chosen so that every limit, timer and blind time is crossed often.
const row = fc.record({
  series: fc.constantFrom(
    ['bin', 'temperature'] as const,
    ['bin', 'temperature.2'] as const,
    ['bin', 'fillingLevel'] as const,
    ['pst', 'waterDepth'] as const,
    ['ring', 'holderState'] as const,
    ['pump', 'pumpState'] as const,
  ),
  value: fc.constantFrom(0, 1, 2, 35, 65, 65, 96),
  wait: fc.constantFrom(0, 1, 1000, 9000, 15_000, 15_000, 19_000, 40_000, 400_000),
  lag: fc.constantFrom(0, 0, 0, 0, 500, 60_000, 90_000_000),
  marks: fc.constantFrom(0, 0, 0, 0, 0, MARK.suspect, MARK.suspect, MARK.late, MARK.clock, MARK.history),
  tick: fc.nat(4).map((n) => n === 0),
});

type Generated = typeof row extends fc.Arbitrary<infer T> ? T : never;

function inputsOf(rows: readonly Generated[]): Input[] {
  let now = START;
  return rows.map(({ wait, lag, tick, series: [asset, quantity], value, marks }): Input => {
    now += wait;
    return tick ? { tick: now } : { asset, quantity, value, marks, time: now - lag, received: now };
  });
}

async function run(inputs: Input[], cuts: { blocks: number[]; slices: number[]; restarts: number[] }) {
  const stage = new RulesRun(world());
  await stage.start();
  const blocks: Input[][] = [[]];
  for (const [i, input] of inputs.entries()) {
    blocks.at(-1)!.push(input); // never empty
    if (cuts.blocks.includes(i)) blocks.push([]);
  }
  let at = 0;
  for (const inputs of blocks.filter((b) => b.length > 0)) {
    const block = stage.block(inputs);
    const ends = [...new Set(cuts.slices.map((s) => s % (block.count + 1)))].filter((e) => e > 0 && e < block.count);
    const edges = [0, ...ends.sort((a, b) => a - b), block.count];
    for (let i = 1; i < edges.length; i++) {
      await stage.handle([{ block, from: edges[i - 1]!, to: edges[i]! }]);
      if (cuts.restarts.includes(at++)) await stage.restart();
    }
  }
  return stage.transitions;
}

describe('semantics: Exactly once', () => {
  it('makes the same transitions whatever the batch cuts and restarts', async () => {
    const places = fc.array(fc.nat(80), { maxLength: 12 });
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 10, maxLength: 80, size: 'max' }),
        fc.record({ blocks: places, slices: places, restarts: places }),
        async (rows, cuts) => {
          const inputs = inputsOf(rows);
          const expected = await run(inputs, { blocks: [], slices: [], restarts: [] });
          seen += expected.length;
          expect(await run(inputs, cuts)).toEqual(expected);
        },
      ),
      { numRuns: 150 },
    );
    expect(seen).toBeGreaterThan(500); // the inputs do reach the rules
  });
});
