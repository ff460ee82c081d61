/** What the server adds up for many series is what they give one by one, late data and all. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { batch, type Row } from '../../../../test/lib/reading-batch.ts';
import type { SeriesStore, WindowsQuery } from '../../../model/series.ts';
import { ModelSeries } from '../duckdb/testing/model-series.ts';
import { InfluxWorld } from './testing/influx-world.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const T0 = Date.UTC(2026, 2, 10);
const ASSETS = Array.from({ length: 250 }, (_, i) => `a${i}`);
const GROUPS = ASSETS.map((_, i) => ['viborg', 'aarhus', 'skive'][i % 3]!); // of three
const SUMS: WindowsQuery['aggregates'] = ['count', 'sum', 'min', 'max', 'avg'];

let world: InfluxWorld;
beforeAll(async () => {
  world = await InfluxWorld.start();
});
afterAll(() => world.stop());
afterEach(() => world.clear());

it('adds up, with hours to recompute, late values and a period that begins within an hour', async () => {
  const store = await (await world.house()).open();
  const model = new ModelSeries();
  let seq = 1;
  const write = async (rows: Row[]): Promise<void> => {
    const columns = batch(rows);
    model.write(columns);
    seq++;
    await store.write([columns], { seq, offset: seq * 100_000 });
  };
  const ask = async (query: Partial<WindowsQuery>): Promise<void> => {
    const full = {
      assets: ASSETS,
      groups: GROUPS,
      quantity: 'temperature',
      from: T0,
      to: T0 + 2 * DAY,
      window: HOUR,
      aggregates: SUMS,
      ...query,
    };
    const expected = model
      .windows(full)
      .map((row) => row.map((v) => (typeof v === 'number' ? expect.closeTo(v, 6) : v)));
    expect(expected.length).toBeGreaterThan(0);
    expect(await table(store, full)).toEqual(expected);
  };
  const askAll = async (): Promise<void> => {
    await ask({});
    await ask({ window: DAY });
    await ask({ from: T0 + HOUR / 3, to: T0 + 7.5 * HOUR, window: 2 * HOUR });
    await ask({ from: T0 + HOUR / 3, to: T0 + DAY + 7.5 * HOUR, window: DAY });
    await ask({ window: 2 * DAY, aggregates: ['max'] });
    await ask({ aggregates: ['first', 'last', 'count'], groups: ASSETS });
    await ask({ assets: ASSETS.slice(0, 30), groups: ASSETS.slice(0, 30), window: DAY });
  };

  const hours = Array.from({ length: 12 }, (_, h) => h);
  await write(hours.flatMap((h) => ASSETS.map((asset, i) => ({ asset, time: T0 + h * HOUR + i, value: h + i / 100 }))));
  await askAll();
  await store.maintain(T0 + 10 * DAY);
  await askAll();
  // The hour that runs now, of all; late values and corrections of a few.
  await write(ASSETS.map((asset, i) => ({ asset, time: T0 + 12 * HOUR + i, value: i, uplink: 1 })));
  await write(
    ASSETS.slice(0, 9).flatMap((asset, i) => [
      { asset, time: T0 + i * HOUR + 500_000, value: -5, uplink: 2 },
      { asset, time: T0 + 3 * HOUR + i, value: 77, uplink: 2 },
    ]),
  );
  await askAll();
  // Of more than a few.
  await write(ASSETS.slice(0, 90).map((asset) => ({ asset, time: T0 + 5 * HOUR + 900_000, value: 1, uplink: 3 })));
  await askAll();
  await store.maintain(T0 + 10 * DAY);
  await askAll();
});

async function table(store: SeriesStore, query: WindowsQuery): Promise<(string | number | undefined)[][]> {
  const { group, time, values } = await store.windows(query);
  return group.map((g, i) => [g, time[i], ...values.map((v) => v[i])]);
}
