/**
 * A query in MetricsQL, the language of VictoriaMetrics. It has the same lines as InfluxDB has: a field is a metric of its
 * own, `waste-container_value` (docs.victoriametrics.com, "How to send data in Influx line protocol").
 */
import {
  channelPattern,
  hasZero,
  isOneSeries,
  type Join,
  type Reduce,
  type SeriesQuery,
  type Shape,
  type Tag,
  tagsOf,
  typePattern,
} from './query.ts';

const FUNCTION: Record<Exclude<Reduce, 'change'>, string> = {
  mean: 'avg_over_time',
  min: 'min_over_time',
  max: 'max_over_time',
  last: 'last_over_time',
  sum: 'sum_over_time',
  count: 'count_over_time',
  rise: 'increase',
};

const JOIN: Record<Join, string> = {
  assets: 'count',
  series: 'count',
  sum: 'sum',
  mean: 'avg',
  min: 'min',
  max: 'max',
};

export function metricsql(query: SeriesQuery, shape: Shape): string {
  const window = shape === 'graph' ? '$__interval' : '$__range';
  const over = `(${selector(query)}[${window}])`;
  // Not delta(), which would take a value from before the window.
  const each =
    query.reduce === 'change' ? `(last_over_time${over} - first_over_time${over})` : FUNCTION[query.reduce] + over;
  // One series stays itself under max: only the labels that count are kept.
  const join = query.join ? JOIN[query.join.as] : 'max';
  const by = tagsOf(query);
  const joined = (expression: string) => {
    const named = by.includes('type') ? withType(expression, query.field ?? 'value') : expression;
    const any = query.join?.as === 'assets' && !isOneSeries(query) ? `max by (owner, asset) (${named})` : named;
    return `${join}${by.length > 0 ? ` by (${by.join(', ')})` : ''} (${any})`;
  };
  if (!query.where) return joined(each);
  const so = joined(`(${each} ${query.where.is === '=' ? '==' : query.where.is} ${query.where.limit})`);
  return hasZero(query, shape) ? `${so} or (${joined(each)} * 0)` : so;
}

/** The type is part of the metric's name: this makes a label of it. */
function withType(expression: string, field: string): string {
  return `label_replace(${expression} keep_metric_names, "type", "$1", "__name__", "(.+)_${field}")`;
}

/** When the value that `metricsql` gives was measured, epoch ms: a metric's own time is lost in an instant query. */
export function metricsqlTime(query: SeriesQuery): string {
  return `max by (${tagsOf(query).join(', ')}) (tlast_over_time(${selector(query)}[$__range])) * 1000`;
}

export function metricsqlValues(tag: Tag, types: SeriesQuery['types']): string {
  const chosen = { owner: '', asset: ', owner=~"$owner"', quantity: ', asset=~"$asset"' }[tag];
  return `label_values({__name__=~"${typePattern(types)}_value"${chosen}}, ${tag})`;
}

function selector(query: SeriesQuery): string {
  const { types, field = 'value' } = query;
  const name =
    types !== 'every' && types.length === 1
      ? `__name__="${types[0]}_${field}"`
      : `__name__=~"${typePattern(types)}_${field}"`;
  return `{${[name, 'owner=~"$owner"', 'asset=~"$asset"', ...ofQuantity(query)].join(', ')}}`;
}

function ofQuantity(query: SeriesQuery): string[] {
  if (query.quantity === 'every') return [];
  if (query.quantity === 'chosen') return ['quantity=~"$quantity"'];
  return isOneSeries(query) ? [`quantity="${query.quantity}"`] : [`quantity=~"${channelPattern(query)}"`];
}
