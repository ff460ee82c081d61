/** Reading the query parameters that have a form of their own: times, periods, windows, lists of names. */
import { AGGREGATES, type Aggregate } from '../../model/series.ts';
import { parseTime } from '../../model/time.ts';
import { invalid } from './problems.ts';

const DAY = 86_400_000;

/** Epoch ms. @throws Problem naming the parameter. */
function readTime(name: string, text: string): number {
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  // A plus sign that nobody escaped arrives as a space.
  const time = parseTime(text.replace(/ (\d\d:\d\d)$/, '+$1'));
  if (time === undefined)
    throw invalid(`/${name}`, `must be a time like 2026-11-23T12:00:00Z or epoch milliseconds, not "${text}"`);
  return time;
}

export function readOptionalTime(name: string, text: string | undefined): number | undefined {
  return text === undefined ? undefined : readTime(name, text);
}

/** Half-open; the last 24 hours where nothing is said. @throws Problem when it is empty or turned round. */
export function readPeriod(query: { from?: string; to?: string }, now: number): { from: number; to: number } {
  const to = readOptionalTime('to', query.to) ?? now;
  const from = readOptionalTime('from', query.from) ?? to - DAY;
  if (from >= to) throw invalid('/from', '"from" must be before "to"');
  return { from, to };
}

const UNIT = { m: 60_000, h: 3_600_000, d: DAY } as const;

/** Width of a window in ms: `15m`, `1h`, `1d`. */
export function readWindow(text: string): number {
  const match = /^(\d{1,5})([mhd])$/.exec(text);
  const width = match ? Number(match[1]) * UNIT[match[2] as keyof typeof UNIT] : 0; // the pattern says so
  if (width === 0 || width > 366 * DAY) throw invalid('/window', `must be like 15m, 1h or 1d, not "${text}"`);
  return width;
}

export function readAggregates(text: string | undefined): Aggregate[] {
  const names = readNames(text ?? 'avg');
  for (const name of names) {
    if (!(AGGREGATES as readonly string[]).includes(name))
      throw invalid('/aggregate', `"${name}" is not one of ${AGGREGATES.join(', ')}`);
  }
  return names as Aggregate[]; // just checked
}

export function readNames(text: string): string[] {
  return [...new Set(text.split(',').map((name) => name.trim()))].filter((name) => name !== '');
}

/** `west,south,east,north` in degrees. */
export function readBbox(text: string): [number, number, number, number] {
  const [west, south, east, north, ...more] = text.split(',').map(Number);
  if (
    more.length > 0 ||
    west === undefined ||
    south === undefined ||
    east === undefined ||
    north === undefined ||
    ![west, south, east, north].every(Number.isFinite) ||
    south > north
  )
    throw invalid('/bbox', 'must be west,south,east,north in degrees');
  return [west, south, east, north];
}
