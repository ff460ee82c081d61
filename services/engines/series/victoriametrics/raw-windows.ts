/** Mean directions and the rise of counters, from raw samples: MetricsQL resamples for the one and extrapolates for the other. */
import type { WindowsQuery } from '../../../model/series.ts';
import type { PickedAsset } from './read-windows.ts';
import type { SelectApi } from './select-api.ts';
import { selector } from './selector.ts';
import type { Cell, WindowCells } from './window-cells.ts';

// The first reading of a period rose from the one before it; a counter that was silent longer than this starts anew.
const LOOK_BACK = 7 * 86_400_000;
const RADIANS = Math.PI / 180;

export async function readDirections(
  api: SelectApi,
  query: WindowsQuery,
  assets: readonly PickedAsset[],
  cells: WindowCells,
): Promise<void> {
  for (const asset of assets)
    for (const [time, value] of await rawOf(api, asset, query.quantity, query.from, query.to)) {
      const cell = cells.at(asset.group, time);
      cell.sine += Math.sin(value * RADIANS);
      cell.cosine += Math.cos(value * RADIANS);
    }
}

/** A mean direction of opposite winds is no direction (NaN): the resultant must be longer than rounding. */
export function meanDirection({ sine, cosine, count }: Cell): number {
  if (Math.hypot(sine, cosine) <= 1e-9 * count) return Number.NaN;
  return (Math.atan2(sine, cosine) / RADIANS + 360) % 360;
}

/** Steps from reading to reading, in the window of the later one; a fall is a reset, after which it counted from zero. */
export async function readRises(
  api: SelectApi,
  query: WindowsQuery,
  assets: readonly PickedAsset[],
  cells: WindowCells,
): Promise<void> {
  for (const asset of assets) {
    let before: number | undefined;
    for (const [time, value] of await rawOf(api, asset, query.quantity, query.from - LOOK_BACK, query.to)) {
      if (time >= query.from && before !== undefined)
        cells.at(asset.group, time).rise += value >= before ? value - before : value;
      before = value;
    }
  }
}

/** Raw values of a half-open period, ascending. */
async function rawOf(
  api: SelectApi,
  { asset, types }: PickedAsset,
  quantity: string,
  from: number,
  to: number,
): Promise<[time: number, value: number][]> {
  const source = selector({ types, assets: [asset], quantity, field: 'value' });
  const found = new Map<number, number>();
  for (const { time, value } of await api.export([source], Math.max(0, from), to - 1))
    for (const [i, t] of time.entries()) found.set(t, value[i]!);
  return [...found].sort(([a], [b]) => a - b);
}
