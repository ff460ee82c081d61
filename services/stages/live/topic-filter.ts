/** `live/{owner}/{type}/{asset}/{quantity}`, with MQTT's wildcards (MQTT-4.7.1). */
import type { SeriesRef } from '../../model/readings.ts';

const LEVELS = 5;

export interface TopicFilter {
  /** The asset it names, where it names one. */
  asset: string | undefined;
  matches(series: SeriesRef): boolean;
}

/** `undefined` when it is not a filter on live data, or not a valid one. */
export function parseTopicFilter(filter: string): TopicFilter | undefined {
  const levels = filter.split('/');
  if (levels[0] !== 'live') return undefined;
  const open = levels.at(-1) === '#';
  if (open) levels.pop();
  if (levels.length > LEVELS || (!open && levels.length < LEVELS)) return undefined;
  if (levels.some((level) => level !== '+' && (level === '' || /[+#\0]/.test(level)))) return undefined;
  const [owner, type, asset, quantity] = [1, 2, 3, 4].map((i) => (levels[i] === '+' ? undefined : levels[i]));
  return {
    asset,
    matches: (series) =>
      (owner === undefined || owner === series.owner) &&
      (type === undefined || type === series.type) &&
      (asset === undefined || asset === series.asset) &&
      (quantity === undefined || quantity === series.quantity),
  };
}
