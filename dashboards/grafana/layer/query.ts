/** What a panel asks of the readings, said once; influxql.ts and metricsql.ts put it into the words of an engine. */

export type Tag = 'owner' | 'asset' | 'quantity';

/** What results may be told apart by: `type` is not a tag but the measurement itself. */
export type Group = Tag | 'type';

/**
 * What the values of one series become within a step of a graph, or within the whole period of a figure or table.
 * `change`: last less first. `rise`: of a counter, its resets recognised.
 */
export type Reduce = 'mean' | 'min' | 'max' | 'last' | 'sum' | 'count' | 'change' | 'rise';

/** How several series become one line or one figure. `assets` counts assets, each once however many channels it has; `series` counts those. */
export type Join = 'sum' | 'mean' | 'min' | 'max' | 'assets' | 'series';

export type Comparison = '<' | '<=' | '>' | '>=' | '=';

export interface SeriesQuery {
  kind: 'readings';
  /** Asset types; `every` for what every type has, such as the battery. */
  types: readonly string[] | 'every';
  /**
   * Name in the catalogue, without a channel, or several of one unit. `every`: whatever was measured. `chosen`: by the
   * variable of the dashboard.
   */
  quantity: string | readonly string[];
  /** The quantity comes in channels (directions, depths, phases): each is a series of its own. */
  channels?: boolean;
  /** `received` is when we got it, epoch ms; default the value itself. */
  field?: 'value' | 'received';
  reduce: Reduce;
  /** Only series whose reduced value is so; of an asset with channels, one is enough. */
  where?: { is: Comparison; limit: number };
  /** Absent: every series for itself. */
  join?: { as: Join; by: readonly Group[] };
}

/** A query to the platform's own figures, in PromQL, the same for every engine. Series become `by`. */
export interface MetricQuery {
  kind: 'platform';
  promql: string;
  /** Label that names a line. */
  legend?: string;
}

export type Query = SeriesQuery | MetricQuery;

export const ofReadings = (query: Omit<SeriesQuery, 'kind'>): SeriesQuery => ({ kind: 'readings', ...query });
export const ofPlatform = (query: Omit<MetricQuery, 'kind'>): MetricQuery => ({ kind: 'platform', ...query });

/** A graph has steps; a figure and a table have one value a series. */
export type Shape = 'graph' | 'figure' | 'table';

/** The tags that tell the results apart. */
export function tagsOf(query: SeriesQuery): readonly Group[] {
  if (query.join) return query.join.by;
  return isOneSeries(query) ? ['owner', 'asset'] : ['owner', 'asset', 'quantity'];
}

/** Whether an asset has at most one series of it. */
export function isOneSeries({ quantity, channels, field }: SeriesQuery): boolean {
  if (field === 'received' && quantity === 'every') return true; // of all it has, the newest
  return typeof quantity === 'string' && quantity !== 'every' && quantity !== 'chosen' && !channels;
}

/** Regular expression for the asset types a query reads; rollups (`waste-container.hourly`) have a dot and stay out. */
export function typePattern(types: SeriesQuery['types']): string {
  return types === 'every' ? '[^.]+' : types.length === 1 ? (types[0] ?? '') : `(${types.join('|')})`;
}

/** Regular expression for a quantity in each of its channels: `temperature`, `temperature.2`. RE2, and no backslash to be escaped. */
export function channelPattern({ quantity }: SeriesQuery): string {
  const name = typeof quantity === 'string' ? quantity : `(${quantity.join('|')})`;
  return `${name}([.].+)?`;
}

/** The first of its quantities stands for their unit; `undefined` where the query does not say which. */
export function quantityOf(query: Query): string | undefined {
  if (query.kind === 'platform') return undefined;
  const { quantity } = query;
  const first = typeof quantity === 'string' ? quantity : quantity[0];
  return first === 'every' || first === 'chosen' ? undefined : first;
}

/**
 * InfluxQL never joins two measurements. One figure over several types is therefore summed by Grafana; a line or a bar over
 * several types has to say `type`. Throws where neither will do.
 */
export function isSummedByGrafana(query: Query, shape: Shape): boolean {
  if (query.kind === 'platform') return false;
  const { types, join, quantity } = query;
  const several = types === 'every' || types.length > 1;
  if (!several || !join || join.by.includes('type') || join.by.includes('asset')) return false;
  if (shape === 'figure' && join.by.length === 0 && ['sum', 'assets', 'series'].includes(join.as)) return true;
  throw new Error(`${quantity} over several types: InfluxQL gives one result a type, so say join.by type`);
}

export function isCount(query: Query): boolean {
  if (query.kind === 'platform') return false;
  const { join, reduce } = query;
  return join?.as === 'assets' || join?.as === 'series' || reduce === 'count';
}

/** A count of those that are so: 0 where something was measured and none is so, nothing at all where nothing was measured. */
export function hasZero(query: SeriesQuery, shape: Shape): boolean {
  return (
    shape === 'figure' && query.where !== undefined && (query.join?.as === 'assets' || query.join?.as === 'series')
  );
}
