/**
 * Aggregates in windows over one or many series. Whole hours come from our rollups; hours whose rollup is out of date, the
 * ends of a period that are no whole hours, and windows that are no whole hours come from raw values.
 */
import type { Windows, WindowsQuery } from '../../../model/series.ts';
import { baseOf } from '../dictionary.ts';
import { type Core, DAY, HOUR } from './core.ts';
import { planGroups, readGroups } from './group-hours.ts';
import { fieldsFor } from './hour-fields.ts';
import { readHours, readLast, readRaw } from './read-spans.ts';
import { type Span, spansOfHours } from './spans.ts';
import { WindowFold } from './window-fold.ts';

// The first reading of a period rose from the one before it; a counter that was silent longer than this starts anew.
const LOOK_BACK = 7 * DAY;

export interface Picked {
  series: number[];
  placeOf: Map<number, number>;
  /** Names of the groups, sorted. */
  names: string[];
}

export function pickSeries({ dictionary }: Pick<Core, 'dictionary'>, query: WindowsQuery): Picked {
  const names = [...new Set(query.groups)].sort();
  const place = new Map(names.map((name, i) => [name, i]));
  const picked: Picked = { series: [], placeOf: new Map(), names };
  query.assets.forEach((asset, i) => {
    const id = dictionary.find(asset, query.quantity);
    if (id === undefined) return;
    picked.series.push(id);
    picked.placeOf.set(id, place.get(query.groups[i]!)!); // one group an asset
  });
  return picked;
}

export async function readWindows(
  core: Core,
  query: WindowsQuery,
  picked: Picked,
  signal: AbortSignal,
): Promise<Windows> {
  const { series, placeOf, names } = picked;
  const meaning = core.meaning(baseOf(query.quantity));
  const fold = new WindowFold({ window: query.window, meaning, placeOf, names });
  if (series.length > 0 && query.to > query.from) await readInto(fold, core, query, picked, signal);
  const rising = meaning === 'counter' && query.aggregates.includes('sum');
  return fold.finish(query.aggregates, rising ? await lastBefore(core, query.from, series, signal) : new Map());
}

async function readInto(
  fold: WindowFold,
  core: Core,
  query: WindowsQuery,
  picked: Picked,
  signal: AbortSignal,
): Promise<void> {
  const { from, to, window } = query;
  const { series } = picked;
  const rawFrom = Math.max(from, core.retention.rawBefore(baseOf(query.quantity)));
  const all = (spanFrom: number, spanTo: number): Span[] => spansOf(series, spanFrom, spanTo);
  const value = fold.value.bind(fold);

  const hourFrom = Math.ceil(from / HOUR);
  const hourTo = Math.floor(to / HOUR);
  if (window % HOUR !== 0 || hourTo <= hourFrom) return await readRaw(core, all(rawFrom, to), signal, value);

  // As it is now, before anything is awaited: an hour that is recomputed meanwhile is still answered from raw, which is
  // right before and after.
  const dirty = new Map(series.map((id) => [id, new Set(core.dirty.of(id, hourFrom, hourTo))]));
  const isDirty = (id: number, time: number): boolean => dirty.get(id)?.has(Math.floor(time / HOUR)) ?? false;
  const groups = planGroups(core, query, picked, [hourFrom, hourTo]);
  await readRaw(core, all(rawFrom, hourFrom * HOUR), signal, value);
  await readRaw(core, all(Math.max(rawFrom, hourTo * HOUR), to), signal, value);
  if (groups) await readGroups(core, query, picked, groups, signal, fold.group.bind(fold));
  const rest = groups
    ? [
        ...spansOf([...groups.series], groups.to * HOUR, hourTo * HOUR),
        ...spansOf(
          series.filter((id) => !groups.series.has(id)),
          hourFrom * HOUR,
          hourTo * HOUR,
        ),
      ]
    : all(hourFrom * HOUR, hourTo * HOUR);
  const fields = fieldsFor(query.aggregates, core.meaning(baseOf(query.quantity)));
  await readHours(core, { spans: rest, fields }, signal, (id, time, hour) => {
    if (!isDirty(id, time)) fold.hour(id, time, hour);
  });
  const spans = [...dirty].flatMap(([id, hours]) => spansOfHours(id, [...hours]));
  await readRaw(core, spans, signal, (id, time, v) => {
    if (isDirty(id, time)) fold.value(id, time, v);
  });
}

function spansOf(series: readonly number[], from: number, to: number): Span[] {
  return to > from ? series.map((id) => ({ series: id, from, to })) : [];
}

/** Where each counter stood before the period: from raw, or from the hours where raw values are gone. */
async function lastBefore(
  core: Core,
  from: number,
  series: readonly number[],
  signal: AbortSignal,
): Promise<Map<number, { value: number }>> {
  const back = Math.max(0, Math.floor((from - LOOK_BACK) / HOUR) * HOUR);
  if (from <= back) return new Map();
  const spans = (to: number): Span[] => series.map((id) => ({ series: id, from: back, to }));
  const raw = await readLast(core, spans(from), signal, 'values');
  const missing = series.some((id) => !raw.has(id));
  if (!missing) return raw;
  const before = spans(Math.floor(from / HOUR) * HOUR);
  const hours = await readLast(core, before, signal, 'hours');
  return new Map([...hours, ...raw]);
}
