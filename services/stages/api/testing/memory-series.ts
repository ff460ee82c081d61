/** A series store in memory: just what the API asks of one, so that its tests need no engine. */
import { NO_STORE_COUNTS, type StoreCounts } from '../../../model/ledger.ts';
import { type Position, START } from '../../../model/log.ts';
import type { ReadingColumns } from '../../../model/readings.ts';
import type { Aggregate, LatestValue, SeriesStore } from '../../../model/series.ts';

type Row = LatestValue & { owner: string };

const COMPUTE: Record<Aggregate, (values: number[]) => number> = {
  avg: (v) => v.reduce((a, b) => a + b, 0) / v.length,
  min: (v) => Math.min(...v),
  max: (v) => Math.max(...v),
  sum: (v) => v.reduce((a, b) => a + b, 0),
  count: (v) => v.length,
  first: (v) => v[0] ?? 0,
  last: (v) => v.at(-1) ?? 0,
};

export class MemorySeries
  implements Pick<SeriesStore, 'latest' | 'points' | 'windows' | 'counts' | 'stats' | 'position' | 'write'>
{
  #rows: Row[] = [];
  #position: Position = START;
  #byOwner: Record<string, StoreCounts> = {};

  position = async (): Promise<Position> => this.#position;

  async write(batch: readonly ReadingColumns[], upTo: Position): Promise<void> {
    for (const c of batch) {
      for (let i = 0; i < c.count; i++) {
        const { asset, quantity, owner } = c.series[c.seriesIndex[i]!]!; // written together
        this.#rows.push({
          asset,
          quantity,
          owner,
          time: c.time[i]!,
          value: c.value[i]!,
          received: c.received[i]!,
          marks: c.marks[i]!,
        });
        this.#byOwner[owner] ??= { ...NO_STORE_COUNTS };
        this.#byOwner[owner].stored++;
        this.#byOwner[owner].readings++;
      }
    }
    this.#position = upTo;
  }

  async latest(assets?: readonly string[]): Promise<LatestValue[]> {
    const newest = new Map<string, Row>();
    for (const row of this.#rows) {
      if (assets && !assets.includes(row.asset)) continue;
      const key = `${row.asset}\t${row.quantity}`;
      if ((newest.get(key)?.time ?? -1) <= row.time) newest.set(key, row);
    }
    return [...newest.values()].map(({ owner: _, ...value }) => value);
  }

  #select(asset: string, quantity: string, from: number, to: number): Row[] {
    return this.#rows
      .filter((r) => r.asset === asset && r.quantity === quantity && r.time >= from && r.time < to)
      .sort((a, b) => a.time - b.time);
  }

  async points(q: Parameters<SeriesStore['points']>[0]) {
    const rows = this.#select(q.asset, q.quantity, q.from, q.to);
    const page = rows.slice(0, q.limit);
    const next = rows[q.limit]?.time;
    return {
      time: Float64Array.from(page, (r) => r.time),
      value: Float64Array.from(page, (r) => r.value),
      marks: Uint8Array.from(page, (r) => r.marks),
      ...(next !== undefined && { next }),
    };
  }

  async windows(q: Parameters<SeriesStore['windows']>[0]) {
    const cells = new Map<string, { group: string; time: number; values: number[] }>();
    q.assets.forEach((asset, i) => {
      for (const row of this.#select(asset, q.quantity, q.from, q.to)) {
        const time = Math.floor(row.time / q.window) * q.window;
        const group = q.groups[i]!; // one group an asset
        const key = `${group}\t${time}`;
        const cell = cells.get(key) ?? { group, time, values: [] };
        cell.values.push(row.value);
        cells.set(key, cell);
      }
    });
    const rows = [...cells.values()].sort((a, b) => (a.group < b.group ? -1 : a.group > b.group ? 1 : a.time - b.time));
    return {
      group: rows.map((r) => r.group),
      time: Float64Array.from(rows, (r) => r.time),
      values: q.aggregates.map((a) => Float64Array.from(rows, (r) => COMPUTE[a](r.values))),
    };
  }

  async counts() {
    return { position: this.#position, byOwner: structuredClone(this.#byOwner) };
  }

  async stats() {
    return { rows: this.#rows.length, bytes: 0, newestReceived: 0 };
  }
}
