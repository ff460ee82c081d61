/** Readings: raw points of one series, windows over one or many, the latest of everything. */
import Type from 'typebox';
import type { Quantity } from '../../model/catalogue.ts';
import { markNames } from '../../model/readings.ts';
import type { Aggregate, Points, Windows } from '../../model/series.ts';
import { formatTime } from '../../model/time.ts';
import { endpoint } from './endpoint.ts';
import { invalid } from './problems.ts';
import { readAggregates, readNames, readPeriod, readWindow } from './query.ts';
import { AnyId, Names, Time } from './schemas/common.ts';
import { knownQuantity, SeriesFilter, visibleAssets } from './series-of.ts';
import { showLatest } from './show-asset.ts';

const MOST_POINTS = 100_000;
const MOST_ROWS = 500_000;

const Window = Type.String({ maxLength: 6, description: 'width of a window: 15m, 1h, 1d (aligned to UTC)' });
const PointRow = Type.Array(Type.Unknown(), { description: '[time, value, marks?] or [time, …aggregates]' });

const ofQuantity = (name: string, quantity: Quantity) => ({
  quantity: name,
  unit: quantity.unit,
  ...(quantity.states && { states: quantity.states.map((s) => s.name) }),
});

export const ofAsset = endpoint(
  {
    summary: 'Readings of one series: raw points, or aggregates of windows',
    params: AnyId,
    query: Type.Object(
      {
        quantity: Type.String({ maxLength: 100, description: 'with its channel after a dot' }),
        from: Type.Optional(Time),
        to: Type.Optional(Time),
        window: Type.Optional(Window),
        aggregate: Type.Optional(Names),
        limit: Type.Integer({ minimum: 1, maximum: MOST_POINTS, default: MOST_POINTS }),
        cursor: Type.Optional(Time),
      },
      { additionalProperties: false },
    ),
    answer: Type.Object({
      asset: Type.String(),
      quantity: Type.String(),
      unit: Type.String(),
      points: Type.Array(PointRow),
      next: Type.Optional(Type.String()),
    }),
  },
  async (call, { registry, series, catalogue, now }) => {
    const { id } = call.params;
    const { query } = call;
    call.must('read', await registry.assets.get(id), 'asset', id);
    const quantity = knownQuantity(catalogue, query.quantity);
    const { from, to } = readPeriod(query.cursor === undefined ? query : { ...query, from: query.cursor }, now());
    const head = { asset: id, ...ofQuantity(query.quantity, quantity) };
    if (query.window === undefined) {
      if (query.aggregate !== undefined) throw invalid('/aggregate', 'needs a window: window=1h');
      const points = await series.points({ asset: id, quantity: query.quantity, from, to, limit: query.limit });
      const next = points.next === undefined ? {} : { next: formatTime(points.next) };
      return { ...head, points: showPoints(points), ...next };
    }
    const window = readWindow(query.window);
    const aggregates = readAggregates(query.aggregate);
    if ((to - from) / window > MOST_POINTS) throw invalid('/window', `gives more than ${MOST_POINTS} points`);
    const ask = { assets: [id], groups: [id], quantity: query.quantity, from, to, window, aggregates };
    const windows = await series.windows(ask);
    return { ...head, window: query.window, aggregates, points: rows(windows, 0, windows.time.length) };
  },
);

function showPoints({ time, value, marks }: Points): unknown[][] {
  const shown: unknown[][] = new Array(time.length);
  for (let i = 0; i < time.length; i++) {
    const names = markNames(marks[i]!); // the three columns are of one length
    shown[i] = names.length === 0 ? [formatTime(time[i]!), value[i]] : [formatTime(time[i]!), value[i], names];
  }
  return shown;
}

function rows({ time, values }: Windows, from: number, to: number): unknown[][] {
  const shown: unknown[][] = new Array(to - from);
  for (let i = from; i < to; i++) shown[i - from] = [formatTime(time[i]!), ...values.map((column) => column[i])];
  return shown;
}

export const ofMany = endpoint(
  {
    summary: 'Windows of one quantity over many assets, by asset, owner or type',
    query: Type.Object(
      {
        ...SeriesFilter,
        quantity: Type.String({ maxLength: 100 }),
        from: Type.Optional(Time),
        to: Type.Optional(Time),
        window: Type.String({ ...Window, default: '1h' }),
        aggregate: Type.Optional(Names),
        by: Type.Enum(['asset', 'owner', 'type'], { default: 'asset' }),
      },
      { additionalProperties: false },
    ),
    answer: Type.Object({
      quantity: Type.String(),
      unit: Type.String(),
      window: Type.String(),
      aggregates: Type.Array(Type.String()),
      by: Type.String(),
      groups: Type.Array(Type.Object({ group: Type.String(), points: Type.Array(PointRow) })),
    }),
  },
  async ({ principal, query }, { series, directory, catalogue, now }) => {
    const quantity = knownQuantity(catalogue, query.quantity);
    const { from, to } = readPeriod(query, now());
    const window = readWindow(query.window);
    const aggregates: Aggregate[] = readAggregates(query.aggregate);
    const assets = visibleAssets(principal, directory, query);
    const groupOf = { asset: 'id', owner: 'owner', type: 'type' } as const;
    const groups = assets.map((a) => a[groupOf[query.by]]);
    const expected = new Set(groups).size * Math.ceil((to - from) / window);
    if (expected > MOST_ROWS)
      throw invalid(
        '/window',
        `asks for ${expected} values; the most is ${MOST_ROWS}. Take a wider window or fewer assets.`,
      );
    const head = { ...ofQuantity(query.quantity, quantity), window: query.window, aggregates, by: query.by };
    if (assets.length === 0) return { ...head, groups: [] };
    const ids = assets.map((a) => a.id);
    const windows = await series.windows({
      assets: ids,
      groups,
      quantity: query.quantity,
      from,
      to,
      window,
      aggregates,
    });
    return { ...head, groups: byGroup(windows) };
  },
);

function byGroup(windows: Windows): { group: string; points: unknown[][] }[] {
  const { group } = windows;
  const shown: { group: string; points: unknown[][] }[] = [];
  for (let start = 0; start < group.length; ) {
    const name = group[start]!; // start is within the rows
    let end = start;
    while (end < group.length && group[end] === name) end++;
    shown.push({ group: name, points: rows(windows, start, end) });
    start = end;
  }
  return shown;
}

export const latest = endpoint(
  {
    summary: 'The latest value of every series the asker may see',
    query: Type.Object({ ...SeriesFilter, quantity: Type.Optional(Names) }, { additionalProperties: false }),
  },
  async ({ principal, query }, { series, directory, catalogue }) => {
    const quantities = query.quantity === undefined ? undefined : new Set(readNames(query.quantity));
    const assets = visibleAssets(principal, directory, query);
    // All at once is one look at a view in memory; naming thousands of assets would cost more than it saves.
    const values = await series.latest(assets.length <= 1000 ? assets.map((a) => a.id) : undefined);
    const visible = new Set(assets.map((a) => a.id));
    const chosen = values.filter((v) => visible.has(v.asset) && (!quantities || quantities.has(v.quantity)));
    return { items: chosen.map((v) => ({ asset: v.asset, ...showLatest(v, catalogue) })) };
  },
);
