/** How much counters rose in each window: steps from reading to reading, resets recognised, across hours and windows. */
import type { WindowsQuery } from '../../../model/series.ts';
import type { Core } from './core.ts';
import { step } from './encode.ts';
import { planSources } from './plan.ts';
import type { Snapshot } from './snapshot.ts';
import { DAY, HOUR, int, readNumbers } from './sql.ts';
import type { Picked, Rows } from './windows.ts';

// The first reading of a period rose from the one before it; a counter that was silent longer than this starts anew.
const LOOK_BACK = 7 * DAY;

/** One figure for each of `rows`. A step between two readings counts in the window of the later one. */
export async function rises(
  core: Core,
  snapshot: Snapshot,
  query: WindowsQuery,
  picked: Picked,
  rows: Rows,
): Promise<Float64Array> {
  const before = Math.max(0, Math.floor((query.from - LOOK_BACK) / HOUR) * HOUR);
  const need = { columns: ['first', 'last', 'rise', 't'] as const, ordered: true };
  // Two plans, so that no hour of a rollup lies across the beginning of the period.
  const plan = [
    { from: before, to: query.from },
    { from: query.from, to: query.to },
  ].flatMap((period) => planSources(core, snapshot, { ...query, ...period }, picked, need));
  const one = picked.series.length === 1;
  const [place, time, rise] = (await readNumbers(
    snapshot.connection,
    `SELECT ${one ? int(picked.group[0]!) : 'place'} AS place, w * ${int(query.window)}::DOUBLE AS time, sum(rise + ${step('first', 'before')}) AS rise
     FROM (SELECT *, lag(last) OVER (PARTITION BY series ORDER BY t) AS before FROM (${plan.join(' UNION ALL ')}))
     ${one ? '' : 'JOIN temp.picked USING (series)'}
     WHERE t >= ${int(query.from)} GROUP BY ALL`,
  )) as [Float64Array, Float64Array, Float64Array]; // three columns are selected
  const found = new Map<string, number>();
  for (let i = 0; i < place.length; i++) found.set(`${place[i]}:${time[i]}`, rise[i]!);
  return Float64Array.from(rows.time, (t, i) => found.get(`${rows.places[i]}:${t}`) ?? 0);
}
