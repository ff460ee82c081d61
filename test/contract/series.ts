/** The promises of the series port, as tests that every engine behind it has to pass. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoreCounts } from '../../services/model/ledger.ts';
import type { ReadingColumns } from '../../services/model/readings.ts';
import type { Points, RetentionPolicy, SeriesStore, Windows, WindowsQuery } from '../../services/model/series.ts';
import { batch, type Row } from '../lib/reading-batch.ts';

export interface Harness {
  /** A store on the same data each time, until `destroy`. `retention` and the meaning of quantities are the suite's. */
  open(options: {
    retention?: RetentionPolicy;
    meaning: (quantity: string) => 'plain' | 'circular' | 'counter';
  }): Promise<SeriesStore>;
  destroy(): Promise<void>;
}

/**
 * What an engine may lack if it says so. Without corrections (`capabilities.replaces` is false) the first value of a key
 * stays and what would replace or retract it counts as a duplicate; without retention the server forgets by itself;
 * without exact doubles it keeps twelve digits; without a disk of its own the server frees what was deleted in its time.
 */
export type Lacking = 'corrections' | 'retention' | 'exact doubles' | 'disk of its own';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const T0 = Date.UTC(2026, 2, 10, 12); // in the middle of a month
const MEANING = (quantity: string) =>
  quantity === 'windDirection' ? 'circular' : quantity === 'energy' ? 'counter' : 'plain';

/** Writes batches one after the other and keeps the cursor. */
export class Feeder {
  readonly store: SeriesStore;
  #seq: number;
  #offset: number;

  constructor(store: SeriesStore, at = { seq: 1, offset: 0 }) {
    this.store = store;
    this.#seq = at.seq;
    this.#offset = at.offset;
  }

  async rows(...rows: Row[]): Promise<void> {
    await this.batch(batch(rows));
  }

  async batch(columns: ReadingColumns): Promise<void> {
    this.#seq++;
    this.#offset += columns.count;
    await this.store.write([columns], { seq: this.#seq, offset: this.#offset });
  }
}

function listed({ time, value }: Points): [number, number][] {
  return Array.from(time, (t, i) => [t, value[i]!]);
}

function table({ group, time, values }: Windows): (string | number)[][] {
  return group.map((g, i) => [g, time[i]!, ...values.map((v) => v[i]!)]);
}

export function seriesContract(name: string, harness: () => Promise<Harness>, lacks: readonly Lacking[] = []): void {
  const needs = (what: Lacking) => (lacks.includes(what) ? it.skip : it);
  describe(name, () => {
    let engine: Harness;
    let store: SeriesStore;
    let feed: Feeder;
    const rawBefore = { quantity: new Map<string, number>() };
    const options = {
      meaning: MEANING,
      retention: { rawBefore: (q: string) => rawBefore.quantity.get(q.split('.')[0]!) ?? 0 },
    } as const;

    beforeEach(async () => {
      rawBefore.quantity.clear();
      engine = await harness();
      store = await engine.open(options);
      feed = new Feeder(store);
    });
    afterEach(async () => {
      await store.close();
      await engine.destroy();
    });

    const reopen = async (): Promise<void> => {
      await store.close();
      store = await engine.open(options);
      feed = new Feeder(store, await store.position());
    };
    const points = async (asset = 'a1', quantity = 'temperature'): Promise<[number, number][]> =>
      listed(await store.points({ asset, quantity, from: 0, to: 1e14, limit: 1000 }));
    const counts = async (owner = 'aarhus'): Promise<Partial<StoreCounts>> =>
      (await store.counts()).byOwner[owner] ?? {};
    const windows = async (query: Partial<WindowsQuery>): Promise<(string | number)[][]> => {
      const assets = query.assets ?? ['a1'];
      return table(
        await store.windows({
          assets,
          groups: assets,
          quantity: 'temperature',
          from: T0 - 40 * DAY,
          to: T0 + 40 * DAY,
          window: HOUR,
          aggregates: ['count', 'min', 'max', 'sum', 'avg'],
          ...query,
        }),
      );
    };
    /** Long after everything in these tests was received: all of it may be sealed. */
    const later = T0 + 400 * DAY;
    // Each case runs on fresh rows, on sealed rows, and after a restart of either.
    const stages: [string, () => Promise<void>][] = [
      ['fresh', async () => {}],
      ['sealed', async () => store.maintain(later)],
      ['restarted', reopen],
      [
        'sealed and restarted',
        async () => {
          await store.maintain(later);
          await reopen();
        },
      ],
    ];

    // Where a restart can change nothing that other cases do not show.
    const twoStages = stages.slice(0, 2);

    describe('semantics: New, duplicate or correction', () => {
      for (const [stage, pass] of stages) {
        needs('corrections')(`tells them apart (${stage})`, async () => {
          await feed.rows({ time: T0, value: 20.5, uplink: 1 }, { time: T0 + 1000, value: 20.6, uplink: 2 });
          await pass();
          await feed.rows(
            { time: T0, value: 20.5, uplink: 3 },
            { time: T0 + 1000, value: 21.7, uplink: 4 },
            { time: T0 + 500, value: 20, uplink: 5 },
            { time: T0 + 2000, value: 20.9, uplink: 6 },
          );
          expect(await points()).toEqual([
            [T0, 20.5],
            [T0 + 500, 20],
            [T0 + 1000, 21.7],
            [T0 + 2000, 20.9],
          ]);
          expect(await counts()).toEqual({ stored: 6, readings: 4, corrections: 1, duplicates: 1, retracted: 0 });
          await pass();
          expect(await points()).toHaveLength(4);
          expect(await windows({})).toEqual([['a1', T0, 4, 20, 21.7, expect.closeTo(83.1), expect.closeTo(20.775)]]);
        });

        needs('corrections')(`lets the higher uplink win, then the higher revision (${stage})`, async () => {
          await feed.rows({ time: T0, value: 1, uplink: 10, revision: 1 }, { time: T0 + 1, value: 5, uplink: 11 });
          await pass();
          await feed.rows({ time: T0, value: 3, uplink: 12 });
          await pass();
          await feed.rows({ time: T0, value: 2, uplink: 11, revision: 7 });
          expect((await points())[0]).toEqual([T0, 3]);
          await feed.rows({ time: T0, value: 4, uplink: 12, revision: 1 });
          expect((await points())[0]).toEqual([T0, 4]);
          await feed.rows({ time: T0, value: 3, uplink: 12, revision: 0 });
          expect((await points())[0]).toEqual([T0, 4]);
          expect(await counts()).toMatchObject({ stored: 6, readings: 2, corrections: 2, duplicates: 2 });
        });
      }

      needs('corrections')('decides within one batch as over several', async () => {
        await feed.rows(
          { time: T0, value: 1, uplink: 1 },
          { time: T0, value: 1, uplink: 1 },
          { time: T0, value: 2, uplink: 2 },
          { time: T0 - 5, value: 7, uplink: 2 },
          { time: T0 - 5, value: 8, uplink: 1 },
        );
        expect(await points()).toEqual([
          [T0 - 5, 7],
          [T0, 2],
        ]);
        expect(await counts()).toMatchObject({ stored: 5, readings: 2, corrections: 1, duplicates: 2 });
        expect(await store.latest()).toMatchObject([{ time: T0, value: 2 }]);
      });

      it('says whether it replaces', () => {
        expect(store.capabilities.replaces).toBe(!lacks.includes('corrections'));
      });

      for (const [stage, pass] of stages) {
        it(`tells new, late and duplicate apart (${stage})`, async () => {
          await feed.rows({ time: T0, value: 20.5, uplink: 1 }, { time: T0 + 1000, value: 20.6, uplink: 2 });
          await pass();
          await feed.rows(
            { time: T0, value: 20.5, uplink: 3 },
            { time: T0 + 500, value: 20, uplink: 4 },
            { time: T0 - 40 * DAY, value: 19, uplink: 5 },
            { time: T0 + 2000, value: 20.9, uplink: 6 },
            { time: T0 + 2000, value: 20.9, uplink: 6 },
          );
          await pass();
          await feed.rows({ time: T0 + 500, value: 20, uplink: 7 }, { time: T0 - 40 * DAY, value: 19, uplink: 8 });
          expect(await points()).toEqual([
            [T0 - 40 * DAY, 19],
            [T0, 20.5],
            [T0 + 500, 20],
            [T0 + 1000, 20.6],
            [T0 + 2000, 20.9],
          ]);
          expect(await counts()).toEqual({ stored: 9, readings: 5, corrections: 0, duplicates: 4, retracted: 0 });
          const hours = [
            ['a1', Math.floor((T0 - 40 * DAY) / HOUR) * HOUR, 1, 19, 19],
            ['a1', T0, 4, 20, 20.9],
          ];
          expect(await windows({ aggregates: ['count', 'min', 'max'] })).toEqual(hours);
          await pass();
          expect(await windows({ aggregates: ['count', 'min', 'max'] })).toEqual(hours);
        });
      }

      if (lacks.includes('corrections'))
        it('ignores corrections and retractions of what is stored, and counts them as duplicates', async () => {
          await feed.rows({ time: T0, value: 1, uplink: 1 }, { time: T0 + 1, value: 2, uplink: 1 });
          await feed.rows({ time: T0, value: 5, uplink: 2 }, { time: T0 + 1, value: 6, uplink: 2 });
          await feed.batch(batch([], [{ time: T0 + 1, uplink: 2, revision: 1 }]));
          await reopen();
          expect(await points()).toEqual([
            [T0, 1],
            [T0 + 1, 2],
          ]);
          expect(await store.latest()).toMatchObject([{ time: T0 + 1, value: 2 }]);
          expect(await counts()).toEqual({ stored: 4, readings: 2, corrections: 0, duplicates: 2, retracted: 0 });
        });

      it('does not count a batch again that is sent again', async () => {
        const columns = batch([{ time: T0, value: 1 }]);
        await store.write([columns], { seq: 2, offset: 1 });
        await store.write([columns], { seq: 2, offset: 1 });
        expect(await counts()).toMatchObject({ stored: 1, readings: 1, duplicates: 0 });
      });
    });

    describe('semantics: Key of a value', () => {
      it('keeps channels, quantities and assets apart', async () => {
        await feed.rows(
          { time: T0, value: 1 },
          { time: T0, value: 2, quantity: 'temperature.2' },
          { time: T0, value: 3, asset: 'a2' },
        );
        expect(await points()).toEqual([[T0, 1]]);
        expect(await points('a1', 'temperature.2')).toEqual([[T0, 2]]);
        expect(await points('a2')).toEqual([[T0, 3]]);
        expect(await points('a3')).toEqual([]);
      });
    });

    describe('semantics: Ledger', () => {
      it('counts by owner, at a position that moves with the counts', async () => {
        expect(await store.position()).toEqual({ seq: 1, offset: 0 });
        await feed.rows({ time: T0, value: 1 }, { time: T0, value: 1, asset: 'b1', owner: 'viborg' });
        await feed.rows({ time: T0, value: 1, asset: 'b1', owner: 'viborg' });
        await reopen();
        expect(await store.counts()).toEqual({
          position: { seq: 3, offset: 3 },
          byOwner: {
            aarhus: { stored: 1, readings: 1, corrections: 0, duplicates: 0, retracted: 0 },
            viborg: { stored: 2, readings: 1, corrections: 0, duplicates: 1, retracted: 0 },
          },
        });
        expect(await store.position()).toEqual({ seq: 3, offset: 3 });
      });

      it('moves past ticks, and past values that cannot be stored', async () => {
        await store.write([batch([])], { seq: 2, offset: 0 });
        await store.skip({ aarhus: 2, viborg: 1 }, { seq: 3, offset: 3 });
        await store.skip({ aarhus: 2, viborg: 1 }, { seq: 3, offset: 3 });
        expect(await store.position()).toEqual({ seq: 3, offset: 3 });
        expect(await counts()).toMatchObject({ stored: 2, readings: 0, duplicates: 2 });
      });
    });

    describe('semantics: Values', () => {
      needs('exact doubles')('gives back every double bit by bit, fresh and sealed', async () => {
        const values = [
          0.1 + 0.2,
          21.5,
          21.55,
          -0.07,
          1e-9,
          123456.789,
          2 ** 53,
          -(2 ** 53),
          5e-324,
          1.7e308,
          1 / 3,
          0,
          42,
        ];
        await feed.rows(...values.map((value, i) => ({ time: T0 + i, value })));
        const expected = values.map((v, i) => [T0 + i, v]);
        expect(await points()).toEqual(expected);
        await store.maintain(later);
        expect(await points()).toEqual(expected);
        await feed.rows({ time: T0 + 900, value: 0.123 });
        await store.maintain(later);
        expect(await points()).toEqual([...expected, [T0 + 900, 0.123]]);
      });

      it('refuses what is no number and changes nothing', async () => {
        await expect(feed.rows({ time: T0, value: 1 }, { time: T0 + 1, value: Number.NaN })).rejects.toThrow(
          RangeError,
        );
        await expect(feed.rows({ time: Number.POSITIVE_INFINITY, value: 1 })).rejects.toThrow(RangeError);
        expect(await points()).toEqual([]);
        expect(await store.latest()).toEqual([]);
        expect(await store.position()).toEqual({ seq: 1, offset: 0 });
      });
    });

    describe('semantics: Re-decoding', () => {
      for (const [stage, pass] of stages) {
        needs('corrections')(`retracts a key unless a newer uplink owns it (${stage})`, async () => {
          await feed.rows(
            { time: T0, value: 1, uplink: 10 },
            { time: T0 + 1000, value: 2, uplink: 11 },
            { time: T0 + 2000, value: 3, uplink: 12 },
          );
          await feed.rows({ time: T0 + 1000, value: 2.5, uplink: 13 });
          await pass();
          await feed.batch(
            batch(
              [],
              [
                { time: T0, uplink: 10, revision: 1 },
                { time: T0 + 1000, uplink: 11, revision: 1 },
                { time: T0 + 2000, uplink: 12, revision: 1 },
                { time: T0 + 9000, uplink: 12, revision: 1 },
              ],
            ),
          );
          expect(await points()).toEqual([[T0 + 1000, 2.5]]);
          expect(await store.latest()).toMatchObject([{ time: T0 + 1000, value: 2.5 }]);
          expect(await counts()).toEqual({ stored: 4, readings: 3, corrections: 1, duplicates: 0, retracted: 2 });
          expect(await windows({ aggregates: ['count', 'sum'] })).toEqual([['a1', T0, 1, 2.5]]);
          await pass();
          expect(await points()).toEqual([[T0 + 1000, 2.5]]);
          expect(await store.latest()).toMatchObject([{ time: T0 + 1000, value: 2.5 }]);
          expect(await windows({ aggregates: ['count', 'sum'] })).toEqual([['a1', T0, 1, 2.5]]);
          await feed.rows({ time: T0, value: 9, uplink: 20 });
          expect((await points())[0]).toEqual([T0, 9]);
        });
      }

      needs('corrections')('keeps what another uplink gives in the batch of the retraction', async () => {
        await feed.rows({ time: T0, value: 1, uplink: 20 });
        await feed.batch(
          batch([{ time: T0, value: 5, uplink: 10, revision: 1 }], [{ time: T0, uplink: 20, revision: 1 }]),
        );
        expect(await points()).toEqual([[T0, 5]]);
      });

      it('keeps a value that a newer uplink repeated', async () => {
        await feed.rows({ time: T0, value: 1, uplink: 10 });
        await feed.rows({ time: T0, value: 1, uplink: 11 });
        await feed.batch(batch([], [{ time: T0, uplink: 10, revision: 1 }]));
        expect(await points()).toEqual([[T0, 1]]);
        expect(await counts()).toMatchObject({ readings: 1, duplicates: 1, corrections: 0, retracted: 0 });
      });
    });

    describe('latest', () => {
      for (const [stage, pass] of stages) {
        it(`is the newest by event time (${stage})`, async () => {
          await feed.rows(
            { time: T0, value: 1, received: T0 + 700, marks: 4 },
            { time: T0, value: 7, asset: 'a2' },
            { time: T0 + 1, value: 8, asset: 'a2', quantity: 'humidity' },
          );
          await pass();
          await feed.rows({ time: T0 - 1000, value: 0, received: T0 + 9000 });
          expect(await store.latest(['a1'])).toEqual([
            { asset: 'a1', quantity: 'temperature', time: T0, value: 1, received: T0 + 700, marks: 4 },
          ]);
          await pass();
          expect((await store.latest()).map((l) => [l.asset, l.quantity, l.value])).toEqual([
            ['a1', 'temperature', 1],
            ['a2', 'temperature', 7],
            ['a2', 'humidity', 8],
          ]);
          expect(await store.latest(['nobody'])).toEqual([]);
        });

        needs('corrections')(`is the newest by event time, as corrected (${stage})`, async () => {
          await feed.rows({ time: T0, value: 1, uplink: 0 });
          await pass();
          await feed.rows({ time: T0, value: 2, uplink: 1 });
          await pass();
          expect(await store.latest(['a1'])).toMatchObject([{ time: T0, value: 2 }]);
        });
      }

      needs('corrections')('falls back when the only value is retracted', async () => {
        await feed.rows({ time: T0, value: 1, uplink: 1 });
        await store.maintain(later);
        await feed.batch(batch([], [{ time: T0, uplink: 1, revision: 1 }]));
        expect(await store.latest()).toEqual([]);
        await reopen();
        expect(await store.latest()).toEqual([]);
        await feed.rows({ time: T0 - 5, value: 3, uplink: 2 });
        expect(await store.latest()).toMatchObject([{ time: T0 - 5, value: 3 }]);
      });
    });

    describe('points', () => {
      it('are of a half-open period, a page at a time', async () => {
        await feed.rows(...[0, 1, 2, 3, 4].map((i) => ({ time: T0 + i, value: i, marks: i % 2 })));
        const ask = (from: number, to: number, limit: number) =>
          store.points({ asset: 'a1', quantity: 'temperature', from, to, limit });
        expect(listed(await ask(T0 + 1, T0 + 4, 10)).map(([, v]) => v)).toEqual([1, 2, 3]);
        const page = await ask(T0, T0 + 5, 2);
        expect(listed(page).map(([, v]) => v)).toEqual([0, 1]);
        expect(Array.from(page.marks)).toEqual([0, 1]);
        expect(page.next).toBe(T0 + 2);
        await store.maintain(later);
        expect(listed(await ask(T0 + 2, T0 + 5, 3)).map(([, v]) => v)).toEqual([2, 3, 4]);
        expect((await ask(T0 + 2, T0 + 5, 3)).next).toBeUndefined();
        expect(listed(await ask(T0 + 4, T0, 3))).toEqual([]);
      });

      it('cross the end of a month', async () => {
        const end = Date.UTC(2026, 3, 1);
        await feed.rows({ time: end - 1, value: 1 }, { time: end, value: 2 });
        await store.maintain(later);
        await feed.rows({ time: end + 1, value: 3 });
        expect(await points()).toEqual([
          [end - 1, 1],
          [end, 2],
          [end + 1, 3],
        ]);
      });
    });

    describe('windows', () => {
      for (const [stage, pass] of twoStages) {
        it(`aggregate every kind (${stage})`, async () => {
          await feed.rows(...[1, 5, 3].map((value, i) => ({ time: T0 + i * 1000, value })), {
            time: T0 + HOUR,
            value: 10,
          });
          await pass();
          const aggregates: WindowsQuery['aggregates'] = ['avg', 'min', 'max', 'sum', 'count', 'first', 'last'];
          expect(await windows({ aggregates })).toEqual([
            ['a1', T0, 3, 1, 5, 9, 3, 1, 3],
            ['a1', T0 + HOUR, 10, 10, 10, 10, 1, 10, 10],
          ]);
          expect(await windows({ aggregates, window: DAY })).toEqual([
            ['a1', Math.floor(T0 / DAY) * DAY, 4.75, 1, 10, 19, 4, 1, 10],
          ]);
          expect(await windows({ aggregates: ['sum'], window: 60_000 })).toEqual([
            ['a1', T0, 9],
            ['a1', T0 + HOUR, 10],
          ]);
        });

        it(`count exactly at the edges (${stage})`, async () => {
          await feed.rows(...[0, 10, 20, 30, 40, 50, 60, 70, 80].map((m) => ({ time: T0 + m * 60_000, value: m })));
          await pass();
          const ask = (from: number, to: number) =>
            windows({ aggregates: ['count', 'sum'], from: T0 + from * 60_000, to: T0 + to * 60_000 });
          expect(await ask(20, 70)).toEqual([
            ['a1', T0, 4, 140],
            ['a1', T0 + HOUR, 1, 60],
          ]);
          expect(await ask(0, 60)).toEqual([['a1', T0, 6, 150]]);
          expect(await ask(15, 25)).toEqual([['a1', T0, 1, 20]]);
          expect(await ask(60, 60)).toEqual([]);
        });

        needs('corrections')(
          `answer at once and right after late data, corrections and retractions (${stage})`,
          async () => {
            await feed.rows(...[0, 1, 2].map((i) => ({ time: T0 + i * HOUR, value: i + 1, uplink: i })));
            await pass();
            await feed.rows(
              { time: T0 + 1, value: 100, uplink: 10 },
              { time: T0 + HOUR, value: 50, uplink: 11 },
              { time: T0 - 31 * DAY, value: 9, uplink: 12 },
            );
            await feed.batch(batch([], [{ time: T0 + 2 * HOUR, uplink: 2, revision: 1 }]));
            const expected = [
              ['a1', T0 - 31 * DAY, 1, 9, 9],
              ['a1', T0, 2, 1, 100],
              ['a1', T0 + HOUR, 1, 50, 50],
            ];
            expect(await windows({ aggregates: ['count', 'min', 'max'] })).toEqual(expected);
            await pass();
            expect(await windows({ aggregates: ['count', 'min', 'max'] })).toEqual(expected);
            expect(await windows({ aggregates: ['first', 'last'] })).toEqual([
              ['a1', T0 - 31 * DAY, 9, 9],
              ['a1', T0, 1, 100],
              ['a1', T0 + HOUR, 50, 50],
            ]);
          },
        );

        it(`average directions on the circle (${stage})`, async () => {
          const quantity = 'windDirection';
          await feed.rows(
            ...[350, 10, 20, 340].map((value, i) => ({ quantity, time: T0 + i, value })),
            { quantity, time: T0 + HOUR, value: 90 },
            { quantity, time: T0 + HOUR + 1, value: 180 },
          );
          await pass();
          const [first, second] = await windows({ quantity, aggregates: ['avg', 'max'] });
          expect(Math.min(Number(first![2]), 360 - Number(first![2]))).toBeCloseTo(0);
          expect(first![3]).toBe(350);
          expect(second![2]).toBeCloseTo(135);
        });

        it(`sum counters as what they rose by, resets recognised (${stage})`, async () => {
          const quantity = 'energy';
          const rows: [number, number][] = [
            [-HOUR, 100],
            [0, 110],
            [1000, 115],
            [HOUR, 3], // reset
            [HOUR + 1000, 4],
            [3 * HOUR, 10],
          ];
          await feed.rows(...rows.map(([t, value]) => ({ quantity, time: T0 + t, value })));
          await pass();
          expect(await windows({ quantity, aggregates: ['sum', 'last'], from: T0, to: T0 + DAY })).toEqual([
            ['a1', T0, 15, 115],
            ['a1', T0 + HOUR, 4, 4],
            ['a1', T0 + 3 * HOUR, 6, 10],
          ]);
          expect(await windows({ quantity, aggregates: ['sum'], from: T0 + 500, to: T0 + HOUR + 500 })).toEqual([
            ['a1', T0, 5],
            ['a1', T0 + HOUR, 3],
          ]);
        });
      }

      it('group many assets, sorted by group and time', async () => {
        await feed.rows(
          { asset: 'a1', time: T0, value: 1 },
          { asset: 'a2', time: T0 + 1, value: 2 },
          { asset: 'a3', time: T0 + 2, value: 10 },
          { asset: 'a3', time: T0 + HOUR, value: 20 },
          { asset: 'a4', time: T0, value: 999 },
        );
        const query = { assets: ['a1', 'a2', 'a3', 'a9'], groups: ['viborg', 'aarhus', 'viborg', 'aarhus'] };
        const expected = [
          ['aarhus', T0, 1, 2],
          ['viborg', T0, 2, 11],
          ['viborg', T0 + HOUR, 1, 20],
        ];
        expect(await windows({ ...query, aggregates: ['count', 'sum'] })).toEqual(expected);
        await store.maintain(later);
        expect(await windows({ ...query, aggregates: ['count', 'sum'] })).toEqual(expected);
        expect(await windows({ assets: ['none'], aggregates: ['sum'] })).toEqual([]);
      });
    });

    describe('semantics: Retention', () => {
      needs('retention')('takes raw values of a quantity, keeps its hours for ever, and frees the disk', async () => {
        const many = Array.from({ length: 20_000 }, (_, i) => ({ time: T0 + i * 60_000, value: Math.sin(i) }));
        await feed.rows(
          ...many,
          { quantity: 'humidity', time: T0, value: 55 },
          { quantity: 'humidity', time: T0 + 60 * DAY, value: 56 },
        );
        await store.maintain(later);
        const before = { hours: await windows({ aggregates: ['count', 'max'] }), bytes: (await store.stats()).bytes };
        rawBefore.quantity.set('temperature', T0 + 60 * DAY);
        expect(await points()).toEqual([]);
        await store.maintain(later);
        await store.maintain(later);
        expect(await points('a1', 'humidity')).toHaveLength(2);
        expect(await windows({ aggregates: ['count', 'max'] })).toEqual(before.hours);
        if (!lacks.includes('disk of its own')) expect((await store.stats()).bytes).toBeLessThan(before.bytes - 60_000);
        expect(await store.latest()).toHaveLength(2);
        expect(await counts()).toMatchObject({ readings: 20_002, retracted: 0 });
        rawBefore.quantity.set('humidity', T0 + 100 * DAY);
        await store.maintain(later);
        await reopen();
        expect(await points('a1', 'humidity')).toEqual([]);
        expect(await windows({ aggregates: ['count', 'max'] })).toEqual(before.hours);
        expect(await windows({ quantity: 'humidity', aggregates: ['max'] })).toEqual([['a1', T0, 55]]);
      });
    });

    it('survives a move of an asset to another owner and type', async () => {
      await feed.rows({ time: T0, value: 1, owner: 'aarhus', type: 'room' });
      await feed.rows({ time: T0 + 1, value: 2, owner: 'viborg', type: 'hall' });
      await reopen();
      await feed.rows({ time: T0 + 2, value: 3, owner: 'viborg', type: 'hall' });
      expect(await points()).toHaveLength(3);
      expect(await store.latest()).toHaveLength(1);
      expect(await counts('viborg')).toMatchObject({ readings: 2 });
    });

    it('says how much there is', async () => {
      await feed.rows({ time: T0, value: 1, received: T0 + 5 }, { time: T0 + 1, value: 2, received: T0 + 6 });
      expect(await store.stats()).toMatchObject({ rows: 2, newestReceived: T0 + 6 });
      await store.maintain(later);
      await feed.rows({ time: T0, value: 5, uplink: 9 });
      expect(await store.stats()).toMatchObject({ rows: 2 });
    });
  });
}
