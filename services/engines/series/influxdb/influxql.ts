/**
 * InfluxQL, the one language that InfluxDB 1.x, 2.x and 3.x share. Everything that comes from outside passes `name`, `text`
 * or `at`. Parameters bound by the server (`params=`) cannot stand for measurements and are unknown to some versions, so
 * literals are escaped: docs.influxdata.com/influxdb/v1/query_language/spec/, "Identifiers" and "Strings".
 */

// Nanoseconds since 1970 must fit 64 bits: the year 2262.
const LAST_TIME = 9_223_372_036_853;

/** A measurement, tag or field. */
export function name(text: string): string {
  return `"${escaped(text).replaceAll('"', '\\"')}"`;
}

/** A value of a tag. */
export function text(value: string): string {
  return `'${escaped(value).replaceAll("'", "\\'")}'`;
}

/** A point in time from epoch ms; what no server can hold becomes the first or last it can. */
export function at(ms: number): string {
  return `${Math.trunc(Math.min(Math.max(ms, 0), LAST_TIME))}ms`;
}

/** `from ≤ time < to`. */
export function within(from: number, to: number): string {
  return `time >= ${at(from)} AND time < ${at(to)}`;
}

/** One of several values of a tag. */
export function oneOf(tag: string, values: readonly string[]): string {
  const tests = values.map((value) => `${name(tag)} = ${text(value)}`);
  return tests.length === 1 ? tests[0]! : `(${tests.join(' OR ')})`; // there is one
}

// A newline ends neither literal when it is written as \n, and would when it is not.
function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
