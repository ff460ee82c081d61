/**
 * Puts values into a query as Grafana does: a list as (a|b) with what a regular expression reads specially escaped, "All" as
 * its custom value. Source: public/app/plugins/datasource/influxdb (interpolateQueryExpr) and packages/grafana-prometheus.
 */
import { FROM, TO } from './seed.ts';

export interface Values {
  owner: readonly string[] | 'all';
  asset: readonly string[] | 'all';
  quantity?: readonly string[] | 'all';
}

export function interpolate(query: string, language: 'influxql' | 'promql', values: Values): string {
  const variable = (name: 'owner' | 'asset' | 'quantity') => list(values[name] ?? 'all', language);
  return query
    .replaceAll('$timeFilter', `time >= ${FROM}ms and time <= ${TO}ms`)
    .replaceAll('$__rate_interval', '1h')
    .replaceAll('$__interval', '1h')
    .replaceAll('$__range', `${(TO - FROM) / 1000}s`)
    .replaceAll('$owner', variable('owner'))
    .replaceAll('$asset', variable('asset'))
    .replaceAll('$quantity', variable('quantity'));
}

function list(values: readonly string[] | 'all', language: 'influxql' | 'promql'): string {
  if (values === 'all') return '.*';
  // In PromQL the regular expression stands in a string, whose own backslash is doubled.
  const backslash = language === 'promql' ? '\\\\' : '\\';
  const escaped = values.map((v) =>
    v.replaceAll(/[\\^$*+?.()|[\]{}/]/g, (c) => (c === '/' && language === 'promql' ? c : backslash + c)),
  );
  return escaped.length === 1 ? (escaped[0] ?? '') : `(${escaped.join('|')})`;
}
