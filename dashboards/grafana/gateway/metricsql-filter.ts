/**
 * Narrows MetricsQL to one organisation with VictoriaMetrics' own `extra_filters[]`, which it adds to every selector of a
 * query: docs.victoriametrics.com, "Prometheus querying API enhancements". The asker's own parameters of that kind are dropped.
 */
import type { Onward } from './gateway.ts';
import type { Sees } from './holder.ts';
import { Refused } from './refused.ts';

// What Grafana's Prometheus data source asks. Nothing that lists, exports or deletes series whole.
const PATHS = /^\/api\/v1\/(query|query_range|series|labels|label\/[A-Za-z_][A-Za-z0-9_]*\/values)$/;
const PASSED = ['query', 'time', 'start', 'end', 'step', 'match[]', 'limit', 'timeout', 'nocache'];

/** @throws Refused for another path. */
export function filterMetricsql(path: string, asked: URLSearchParams, sees: Sees): Onward {
  if (!PATHS.test(path)) throw new Refused(404, 'only queries, series and labels are passed on');
  const form = new URLSearchParams([...asked].filter(([name]) => PASSED.includes(name)));
  if (!sees.all) form.append('extra_filters[]', `{owner=${JSON.stringify(sees.owner)}}`);
  return { path, form };
}
