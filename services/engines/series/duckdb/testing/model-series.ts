/** What a series store should hold, in a map: the decision rules and aggregates in their plainest form, to test against. */
import type { ReadingColumns } from '../../../../model/readings.ts';
import type { Aggregate, WindowsQuery } from '../../../../model/series.ts';

interface Held {
  value: number;
  uplink: number;
  revision: number;
}

export class ModelSeries {
  readonly series = new Map<string, Map<number, Held>>();
  readonly counts = { stored: 0, readings: 0, corrections: 0, duplicates: 0, retracted: 0 };

  write(block: ReadingColumns): void {
    const tombs = new Map<string, { uplink: number; revision: number }>();
    for (const r of block.retractions) {
      const values = this.series.get(r.asset);
      const held = values?.get(r.time);
      tombs.set(`${r.asset}:${r.time}`, r);
      if (!held || !wins(r, held)) continue;
      values?.delete(r.time);
      this.counts.retracted++;
    }
    for (let i = 0; i < block.count; i++) {
      const { asset } = block.series[block.seriesIndex[i]!]!;
      const time = block.time[i]!;
      const row = { value: block.value[i]!, uplink: block.uplink[i]!, revision: block.revision[i]! };
      const values = this.series.get(asset) ?? new Map<number, Held>();
      this.series.set(asset, values);
      this.#offer(values, time, row, tombs.get(`${asset}:${time}`));
    }
  }

  #offer(
    values: Map<number, Held>,
    time: number,
    row: Held,
    tomb: { uplink: number; revision: number } | undefined,
  ): void {
    const { counts } = this;
    const held = values.get(time);
    counts.stored++;
    const retracted = tomb?.uplink === row.uplink && row.revision < tomb.revision;
    if (retracted || (held && !wins(row, held))) counts.duplicates++;
    else if (!held) {
      counts.readings++;
      values.set(time, row);
    } else if (held.value === row.value) {
      counts.duplicates++;
      if (row.uplink > held.uplink) values.set(time, row);
    } else {
      counts.corrections++;
      values.set(time, row);
    }
  }

  points(asset: string): [number, number][] {
    return [...(this.series.get(asset) ?? [])].sort(([a], [b]) => a - b).map(([t, { value }]) => [t, value]);
  }

  windows(query: WindowsQuery): (string | number)[][] {
    const groups = new Map<string, [number, number][]>();
    query.assets.forEach((asset, i) => {
      for (const [t, v] of this.points(asset)) {
        if (t < query.from || t >= query.to) continue;
        const key = `${query.groups[i]} ${Math.floor(t / query.window) * query.window}`;
        groups.set(key, [...(groups.get(key) ?? []), [t, v]]);
      }
    });
    return [...groups]
      .map(([key, points]): [string, number, [number, number][]] => {
        const [group = '', time] = key.split(' ');
        return [group, Number(time), points.sort(([a], [b]) => a - b)];
      })
      .sort(([a, s], [b, t]) => (a === b ? s - t : a < b ? -1 : 1))
      .map(([group, time, points]) => [
        group,
        time,
        ...query.aggregates.map((a) =>
          compute(
            a,
            points.map(([, v]) => v),
          ),
        ),
      ]);
  }
}

function wins(a: { uplink: number; revision: number }, b: { uplink: number; revision: number }): boolean {
  return a.uplink > b.uplink || (a.uplink === b.uplink && a.revision >= b.revision);
}

function compute(aggregate: Aggregate, values: number[]): number {
  const sum = values.reduce((a, b) => a + b, 0);
  const of: Record<Aggregate, number> = {
    sum,
    avg: sum / values.length,
    min: Math.min(...values),
    max: Math.max(...values),
    count: values.length,
    first: values[0]!,
    last: values.at(-1)!,
  };
  return of[aggregate];
}
