/**
 * A query in InfluxQL, the language that InfluxDB 1.8, 2 and 3 share.
 * Grafana puts in `$timeFilter`, `$__interval` and the variables: docs of its InfluxDB data source, "InfluxQL query editor".
 */
import {
  channelPattern,
  type Group,
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

const SERIES: readonly Tag[] = ['owner', 'asset', 'quantity'];

/**
 * A retracted value is deleted where the server can; InfluxDB 3 cannot, and there it has this mark (docs/decisions/007).
 * Asked everywhere, so that one dashboard is right on every version.
 */
const STANDS = '"marks" < 16';

const JOIN: Record<Join, string> = {
  assets: 'count',
  series: 'count',
  sum: 'sum',
  mean: 'mean',
  min: 'min',
  max: 'max',
};

/** Of the field of a series, within a step or the whole period. */
function reduced(reduce: Exclude<Reduce, 'rise'>, field: string): string {
  return reduce === 'change' ? `last("${field}") - first("${field}")` : `${reduce}("${field}")`;
}

export function influxql(query: SeriesQuery, shape: Shape): string {
  const step = shape === 'graph' ? ['time($__interval)'] : [];
  const fill = shape === 'graph' ? ' fill(none)' : '';
  const groupBy = (groups: readonly Group[]) => {
    // The type is the measurement: results are told apart by it anyhow.
    const tags = groups.filter((group) => group !== 'type');
    const parts = [...step, ...tags.map((tag) => `"${tag}"`)];
    return (parts.length > 0 ? ` GROUP BY ${parts.join(', ')}` : '') + fill;
  };
  const from = measurement(query.types);
  const where = conditions(query);
  const field = query.field ?? 'value';
  const perSeries = (as: string, tags: readonly Group[]) =>
    query.reduce === 'rise'
      ? // What is lost at a reset is not known; the new count starts from where it is first seen.
        `SELECT sum("rise") AS "${as}" FROM (SELECT non_negative_difference("value") AS "rise" FROM ${from} WHERE ${where} GROUP BY "owner", "asset", "quantity") WHERE $timeFilter${groupBy(tags)}`
      : `SELECT ${reduced(query.reduce, field)} AS "${as}" FROM ${from} WHERE ${where}${groupBy(tags)}`;

  // The values of several channels meet in one line only where the query says how.
  if (!query.join && !query.where) return perSeries('value', tagsOf(query));
  const groups = groupBy(tagsOf(query));
  const joined = (where: string, as: string, factor = '') => {
    const each = `FROM (${perSeries('each', SERIES)}) WHERE ${where}$timeFilter`;
    if (query.join?.as === 'assets' && !isOneSeries(query))
      return `SELECT count("any")${factor} AS "${as}" FROM (SELECT max("each") AS "any" ${each}${groupBy(['owner', 'asset'])}) WHERE $timeFilter${groups}`;
    return `SELECT ${query.join ? JOIN[query.join.as] : 'last'}("each")${factor} AS "${as}" ${each}${groups}`;
  };
  const so = query.where ? `"each" ${query.where.is} ${query.where.limit} AND ` : '';
  if (!hasZero(query, shape)) return joined(so, 'value');
  return `SELECT sum("n") AS "value" FROM (${joined(so, 'n')}), (${joined('', 'n', ' * 0')})${groups}`;
}

/** The owners there are, the assets of the owners chosen, what is measured on them: for the variables of a dashboard. */
export function influxqlValues(tag: Tag, types: SeriesQuery['types']): string {
  const from = `FROM ${measurement(types)}`;
  const chosen = { owner: '', asset: ' WHERE "owner" =~ /^$owner$/', quantity: ' WHERE "asset" =~ /^$asset$/' }[tag];
  return `SHOW TAG VALUES ${from} WITH KEY = "${tag}"${chosen}`;
}

function measurement(types: SeriesQuery['types']): string {
  return types !== 'every' && types.length === 1 ? `"${types[0]}"` : `/^${typePattern(types)}$/`;
}

function conditions(query: SeriesQuery): string {
  return ['"owner" =~ /^$owner$/', '"asset" =~ /^$asset$/', ...ofQuantity(query), STANDS, '$timeFilter'].join(' AND ');
}

function ofQuantity(query: SeriesQuery): string[] {
  if (query.quantity === 'every') return [];
  if (query.quantity === 'chosen') return ['"quantity" =~ /^$quantity$/'];
  if (isOneSeries(query)) return [`"quantity" = '${query.quantity}'`];
  return [`"quantity" =~ /^${channelPattern(query)}$/`];
}
