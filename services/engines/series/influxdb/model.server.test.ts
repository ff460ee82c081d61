/** Any order of writes, corrections, retractions, moves of the rollup and restarts gives what a plain map gives. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { batch } from '../../../../test/lib/reading-batch.ts';
import type { ReadingColumns } from '../../../model/readings.ts';
import type { SeriesStore, WindowsQuery } from '../../../model/series.ts';
import { ModelSeries } from '../duckdb/testing/model-series.ts';
import { InfluxWorld, valuesOf } from './testing/influx-world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
// Times on both sides of a month's end, several in one hour.
const END = Date.UTC(2026, 3, 1);
const TIMES = [-90, -50, -40, -10, 0, 5, 20, 61, 200].map((m) => END + m * MINUTE);
const VALUES = [0, 1.5, 20.25, -3, 1 / 3];
// Moved from one to the other in the middle of it all.
const HOMES = [
  { owner: 'aarhus', type: 'room' },
  { owner: 'aarhus', type: 'hall' },
];

type Write = {
  do: 'write';
  home: number;
  rows: { asset: number; time: number; value: number; uplink: number; revision: number }[];
  retract: number[];
};
type Step = Write | { do: 'maintain' } | { do: 'reopen' };

const index = (of: readonly unknown[]) => fc.nat({ max: of.length - 1 });
const row = fc.record({
  asset: fc.nat({ max: 1 }),
  time: index(TIMES),
  value: index(VALUES),
  uplink: fc.nat({ max: 12 }),
  revision: fc.nat({ max: 2 }),
});
const write = fc.record({
  do: fc.constant('write' as const),
  home: index(HOMES),
  rows: fc.array(row, { maxLength: 8 }),
  retract: fc.array(index(TIMES), { maxLength: 2 }),
});
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: write },
    { weight: 3, arbitrary: fc.constant({ do: 'maintain' as const }) },
    { weight: 1, arbitrary: fc.constant({ do: 'reopen' as const }) },
  ),
  { minLength: 3, maxLength: 14 },
);

let world: InfluxWorld;
beforeAll(async () => {
  world = await InfluxWorld.start();
});
afterAll(() => world.stop());

function columnsOf(step: Write): ReadingColumns {
  return batch(
    step.rows.map((r) => ({
      ...r,
      ...HOMES[step.home],
      asset: `a${r.asset}`,
      time: TIMES[r.time]!,
      value: VALUES[r.value]!,
    })),
    step.retract.map((t, i) => ({ asset: 'a0', time: TIMES[t]!, uplink: 3 + 4 * i, revision: 1 })),
  );
}

async function check(store: SeriesStore, model: ModelSeries, [from, to]: [number, number]): Promise<void> {
  for (const asset of ['a0', 'a1']) expect(await valuesOf(store, asset)).toEqual(model.points(asset));
  const newest = await store.latest();
  for (const asset of ['a0', 'a1']) {
    const found = newest.find((n) => n.asset === asset);
    expect(found && [found.time, found.value]).toEqual(model.points(asset).at(-1));
  }
  const ask: WindowsQuery = {
    assets: ['a0', 'a1'],
    groups: ['g1', 'g0'],
    quantity: 'temperature',
    from,
    to,
    window: HOUR,
    aggregates: ['count', 'sum', 'min', 'max', 'avg', 'first', 'last'],
  };
  for (const query of [ask, { ...ask, assets: ['a0'], groups: ['x'], window: 30 * MINUTE }]) {
    const { group, time, values } = await store.windows(query);
    const table = group.map((g, i) => [g, time[i], ...values.map((v) => v[i])]);
    const expected = model.windows(query).map((r) => r.map((v) => (typeof v === 'number' ? expect.closeTo(v, 9) : v)));
    expect(table).toEqual(expected);
  }
  expect((await store.counts()).byOwner.aarhus ?? { stored: 0 }).toMatchObject(
    model.counts.stored + model.counts.retracted > 0 ? model.counts : { stored: 0 },
  );
}

async function run(script: Step[], from: number, length: number): Promise<void> {
  const house = await world.house();
  try {
    let store = await house.open();
    const model = new ModelSeries();
    let seq = 1;
    for (const step of script) {
      if (step.do === 'maintain') await store.maintain(END + 1e10);
      else if (step.do === 'reopen') {
        await store.close();
        store = await house.open();
      } else {
        const columns = columnsOf(step);
        model.write(columns);
        seq++;
        await store.write([columns], { seq, offset: seq * 100 });
      }
      await check(store, model, [END + from * MINUTE, END + (from + length) * MINUTE]);
    }
  } finally {
    await world.clear();
  }
}

it('holds what a plain map holds, whatever happens in between', async () => {
  await fc.assert(fc.asyncProperty(steps, fc.integer({ min: -100, max: 0 }), fc.integer({ min: 1, max: 300 }), run), {
    numRuns: Number(process.env.RUNS ?? 8),
    endOnFailure: process.env.SHRINK === undefined,
  });
});
