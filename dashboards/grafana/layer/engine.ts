/** The two engines Grafana can read from: how each is asked, and under which fixed name its data source is known. */
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { influxql, influxqlValues } from './influxql.ts';
import { metricsql, metricsqlTime, metricsqlValues } from './metricsql.ts';
import {
  type Group,
  isSummedByGrafana,
  type MetricQuery,
  type SeriesQuery,
  type Shape,
  type Tag,
  tagsOf,
} from './query.ts';

export const ENGINES = ['influxdb', 'victoriametrics'] as const;
export type Engine = (typeof ENGINES)[number];

export interface DataSource {
  type: 'influxdb' | 'prometheus';
  uid: string;
}

/** The same uid in every Grafana organisation, each with a token of its own: one dashboard serves them all. */
export function readingsSource(engine: Engine): DataSource {
  return { type: engine === 'influxdb' ? 'influxdb' : 'prometheus', uid: 'sansevaerk-readings' };
}

/** Where `/metrics` of the platform is scraped to. */
export const PLATFORM_SOURCE: DataSource = { type: 'prometheus', uid: 'sansevaerk-platform' };

/** What the columns of a table are called before they are renamed. `time` is a column that says when it was measured. */
export interface Columns {
  value: string;
  time: string;
  /** Shown to nobody. */
  hidden: readonly string[];
}

export function columnsOf(engine: Engine, query: SeriesQuery): Columns {
  if (engine === 'influxdb')
    return { value: 'value', time: hasOwnTime(query) ? 'Time' : '', hidden: hasOwnTime(query) ? [] : ['Time'] };
  if (!hasOwnTime(query)) return { value: 'Value', time: '', hidden: ['Time'] };
  return { value: 'Value #A', time: 'Value #B', hidden: ['Time'] };
}

/** The latest value of each series is worth its time; a sum or a mean has none. */
function hasOwnTime({ reduce, join, where, field }: SeriesQuery): boolean {
  return reduce === 'last' && !join && !where && field !== 'received';
}

/** The queries of one panel. `name`: of the one line there is when no tag tells several apart. */
export function targets(engine: Engine, query: SeriesQuery, shape: Shape, name: string): Builder<Dataquery>[] {
  const told = namingTags(query);
  if (engine === 'influxdb') {
    const alias = told.length > 0 ? told.map((tag) => (tag === 'type' ? '$m' : `$tag_${tag}`)).join(' ') : name;
    // Rows of one column, whatever measurement they are of, can be summed.
    const format = shape === 'table' || isSummedByGrafana(query, shape) ? 'table' : 'time_series';
    return [influxTarget(influxql(query, shape), format, alias)];
  }
  const main = promTarget('A', metricsql(query, shape), shape, readingsSource(engine));
  if (shape !== 'table') main.legendFormat(told.length > 0 ? told.map((tag) => `{{${tag}}}`).join(' ') : name);
  return shape === 'table' && hasOwnTime(query)
    ? [main, promTarget('B', metricsqlTime(query), shape, readingsSource(engine))]
    : [main];
}

export function platformTarget({ promql, legend }: MetricQuery, shape: Shape, name: string): Builder<Dataquery> {
  return promTarget('A', promql, shape, PLATFORM_SOURCE).legendFormat(legend ? `{{${legend}}}` : name);
}

/** An asset says whose it is; the owner names a line only where it is alone. */
function namingTags(query: SeriesQuery): readonly Group[] {
  const tags = tagsOf(query);
  return tags.length === 1 ? tags : tags.filter((tag) => tag !== 'owner');
}

/** What a variable of a dashboard asks. */
export function variableQuery(engine: Engine, tag: Tag, types: SeriesQuery['types']): string {
  return engine === 'influxdb' ? influxqlValues(tag, types) : metricsqlValues(tag, types);
}

function promTarget(refId: string, expr: string, shape: Shape, source: DataSource): DataqueryBuilder {
  const target = new DataqueryBuilder().refId(refId).datasource(source).expr(expr);
  if (shape === 'graph') return target.range().format(PromQueryFormat.TimeSeries);
  return target.instant().format(shape === 'table' ? PromQueryFormat.Table : PromQueryFormat.TimeSeries);
}

/** The SDK has no builder for InfluxDB: its query model, as the data source's raw editor saves it. */
export interface InfluxQuery extends Dataquery {
  refId: string;
  datasource: DataSource;
  query: string;
  rawQuery: true;
  resultFormat: 'time_series' | 'table';
  alias?: string;
}

function influxTarget(query: string, resultFormat: InfluxQuery['resultFormat'], alias: string): Builder<Dataquery> {
  const target: Omit<InfluxQuery, '_implementsDataqueryVariant'> = {
    refId: 'A',
    datasource: readingsSource('influxdb'),
    query,
    rawQuery: true,
    resultFormat,
    ...(resultFormat === 'table' ? {} : { alias }),
  };
  // A data query is marked by a method that JSON drops: docs of the SDK, "custom query".
  return { build: () => ({ ...target, _implementsDataqueryVariant() {} }) };
}
