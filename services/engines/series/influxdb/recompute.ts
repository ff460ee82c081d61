/** Brings the rollups of dirty hours up to date, a piece at a time, so that writing never waits long. */
import { baseOf } from '../dictionary.ts';
import { encodeFields, hourlyOf, seriesKey } from '../line-protocol/encode-lines.ts';
import { homesOf } from '../line-protocol/homes.ts';
import type { Removal } from '../line-protocol/journal-records.ts';
import { type Core, HOUR } from './core.ts';
import { type HourFields, rollUp } from './hour-fields.ts';
import { at, name, text } from './influxql.ts';
import { readRaw } from './read-spans.ts';
import { spansOfHours } from './spans.ts';

type DirtyHour = readonly [hour: number, series: number];

// Hours in one turn. Rows that arrive meanwhile wait for the turn to end.
const TURN = 1000;
// An hour is left alone until this long after its end: most of what comes late has come by then.
const SETTLE_MS = 5 * 60_000;
// Longest answer: writing waits for a turn to end.
const READ_MS = 30_000;

/** `stopped` is asked between turns. */
export async function recompute(core: Core, now: number, stopped: () => boolean): Promise<void> {
  const retained = new Map<string, number>();
  const due: DirtyHour[] = [];
  const gone: DirtyHour[] = [];
  for (const [hour, series] of core.dirty.all()) {
    if ((hour + 1) * HOUR + SETTLE_MS > now) continue;
    const quantity = baseOf(core.dictionary.refs[series]!.quantity); // numbers of series come from the dictionary
    let before = retained.get(quantity);
    if (before === undefined) {
      before = Number(core.journal.note(`retained:${quantity}`) ?? 0);
      retained.set(quantity, before);
    }
    // Its raw values are gone: what came since is less than the rollup knows, so the rollup stays as it is.
    (hour * HOUR < before ? gone : due).push([hour, series]);
  }
  if (gone.length > 0) await core.exclusive(async () => clean(core, gone));
  due.sort(([a, s], [b, t]) => a - b || s - t);
  for (let i = 0; i < due.length && !stopped(); i += TURN)
    await core.exclusive(() => recomputeSome(core, due.slice(i, i + TURN)));
}

async function recomputeSome(core: Core, hours: readonly DirtyHour[]): Promise<void> {
  const values = new Map<string, [time: number, value: number][]>(hours.map(([hour, id]) => [`${id}:${hour}`, []]));
  const bySeries = Map.groupBy(hours, ([, series]) => series);
  const spans = [...bySeries].flatMap(([series, of]) =>
    spansOfHours(
      series,
      of.map(([hour]) => hour),
    ),
  );
  const signal = AbortSignal.any([core.signal, AbortSignal.timeout(READ_MS)]);
  await readRaw(core, spans, signal, (series, time, value) => {
    values.get(`${series}:${Math.floor(time / HOUR)}`)?.push([time, value]);
  });
  const lines: string[] = [];
  const hourOf: DirtyHour[] = [];
  const removals: Removal[] = [];
  for (const [hour, series] of hours) {
    const found = values.get(`${series}:${hour}`)!.sort(([a], [b]) => a - b); // made above
    const ref = core.dictionary.refs[series]!; // numbers of series come from the dictionary
    const moved = core.dictionary.formerTypes(series).length > 0;
    // Of a moved asset the hour may lie under a former type or owner; of a retracted one nothing may be left.
    if (moved || found.length === 0) removals.push(...(await removalsOf(core, series, hour)));
    if (found.length === 0) continue;
    const fields: HourFields = rollUp(
      found.map(([, value]) => value),
      core.meaning(baseOf(ref.quantity)),
    );
    hourOf.push([hour, series]);
    lines.push(encodeFields(seriesKey(hourlyOf(ref.type), ref), { ...fields }, hour * HOUR));
  }
  if (removals.length > 0) await core.server.remove(removals);
  const refused = lines.length > 0 ? await core.server.send([lines.join('\n')]) : [];
  const [first] = refused;
  if (first) {
    core.logger.error({ refused: refused.length, reason: first.reason }, 'InfluxDB refused hourly rollups');
    core.alerts.raise(
      'series-refused',
      `InfluxDB refused ${refused.length} hourly rollups, the first because: ${first.reason}; these hours are answered from raw values, which are kept until then`,
    );
  }
  // What was not taken stays dirty, and is tried again: a hole in every chart else.
  const left = new Set(refused.map(({ line }) => hourOf[line]?.join()));
  clean(
    core,
    hours.filter((hour) => !left.has(hour.join())),
  );
}

function clean({ journal, dirty }: Core, hours: readonly DirtyHour[]): void {
  journal.clean(hours);
  for (const [hour, series] of hours) dirty.delete(hour, series);
}

async function removalsOf(core: Core, series: number, hour: number): Promise<Removal[]> {
  const { client, dictionary, erasing } = core;
  const { asset, quantity } = dictionary.refs[series]!; // numbers of series come from the dictionary
  const time = hour * HOUR;
  const homes = homesOf(dictionary, series).map(hourlyOf);
  if (erasing.deletes) return homes.map((measurement) => erasing.range({ measurement, asset, quantity }, time, time));
  const where = `"asset" = ${text(asset)} AND "quantity" = ${text(quantity)} AND time = ${at(time)}`;
  const statements = homes.map(
    (measurement) => `SELECT "count" FROM ${name(measurement)} WHERE ${where} GROUP BY "owner"`,
  );
  const signal = AbortSignal.any([core.signal, AbortSignal.timeout(READ_MS)]);
  const found = await client.query(statements.join(';'), signal);
  return found.map(({ name: measurement, tags }) =>
    erasing.hour({ measurement, asset, owner: tags?.owner ?? '', quantity }, time),
  );
}
