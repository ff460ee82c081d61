/** What the rollup of an hour keeps of a series: enough for every aggregate the port knows, and for Grafana. */
import type { Aggregate } from '../../../model/series.ts';
import type { Meaning } from '../meaning.ts';

export interface HourFields {
  count: number;
  sum: number;
  min: number;
  max: number;
  first: number;
  last: number;
  /** Of counters: how much it rose from value to value within the hour. */
  rise?: number;
  /** Of directions: sums, for the mean on the circle. */
  sine?: number;
  cosine?: number;
}

/** The fields an aggregate is made of; each one more costs the server as much as the first. */
export function fieldsFor(aggregates: readonly Aggregate[], meaning: Meaning): (keyof HourFields)[] {
  const needs = new Set<keyof HourFields>(['count']);
  const need = (...fields: (keyof HourFields)[]): void => {
    for (const field of fields) needs.add(field);
  };
  for (const aggregate of aggregates) {
    if (aggregate === 'sum' && meaning === 'counter') need('first', 'last', 'rise');
    else if (aggregate === 'avg' && meaning === 'circular') need('sine', 'cosine');
    else if (aggregate === 'avg') need('sum');
    else need(aggregate);
  }
  return [...needs];
}

/** `values` in the order of their times; at least one. */
export function rollUp(values: readonly number[], meaning: Meaning): HourFields {
  const hour: HourFields = {
    count: values.length,
    sum: 0,
    min: values[0]!, // there is one
    max: values[0]!,
    first: values[0]!,
    last: values.at(-1)!,
  };
  let rise = 0;
  let sine = 0;
  let cosine = 0;
  values.forEach((value, i) => {
    hour.sum += value;
    if (value < hour.min) hour.min = value;
    if (value > hour.max) hour.max = value;
    if (i > 0) rise += step(value, values[i - 1]!);
    sine += sineOf(value);
    cosine += cosineOf(value);
  });
  // Line protocol has no infinity; what sums to more than any double is no measurement.
  hour.sum = Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, hour.sum));
  if (meaning === 'counter') return { ...hour, rise };
  return meaning === 'circular' ? { ...hour, sine, cosine } : hour;
}

/** How much a counter rose: a fall is a reset, after which it counted from zero. */
export function step(now: number, before: number | undefined): number {
  if (before === undefined) return 0;
  return now >= before ? now - before : now;
}

/** Of an angle in degrees. */
export function sineOf(degrees: number): number {
  return Math.sin((degrees * Math.PI) / 180);
}

export function cosineOf(degrees: number): number {
  return Math.cos((degrees * Math.PI) / 180);
}
