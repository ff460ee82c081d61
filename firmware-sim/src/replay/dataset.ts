/** A real data set, made into messages one row each, with what the platform's ledger must say about them afterwards. */
import type { Registration } from '../http/register.ts';

interface ReplayMessage {
  device: string;
  payload: string;
}

/** Counts in the ledger's words. Every row is one uplink. */
export interface Expected {
  rows: number;
  uplinks: number;
  decoded: number;
  rejected: number;
  values: number;
  /** By the store: `values` is their sum. */
  readings: number;
  corrections: number;
  duplicates: number;
}

export interface Replay {
  /** Owner of all of it: `GET /ledger?owner=` counts nothing else. */
  owner: string;
  registration: Registration;
  /** In the order of the rows. */
  messages: ReplayMessage[];
  expected: Expected;
}

export interface Dataset {
  id: string;
  title: string;
  /** Attribution as its licence asks for. */
  attribution: string;
  file: string;
  /** What was assumed where the data say nothing. */
  notes: readonly string[];
  /** `now`: rows are moved by whole weeks, so that the newest lies before it and weekdays stay weekdays. */
  build(rows: Record<string, string>[], now: number): Replay;
}

const WEEK = 7 * 86_400_000;

/** How far to move the rows, ms. Older data than a year before its device's registration would lose their times. */
export function wholeWeeks(newest: number, now: number): number {
  return Math.floor((now - newest) / WEEK) * WEEK;
}

/** Says what a store must make of values for (asset, quantity, time), in the order they arrive. */
export function createTally(): {
  add(asset: string, quantity: string, time: number, value: number): void;
  counts: Tally;
} {
  const known = new Map<string, number>();
  const counts: Tally = { values: 0, readings: 0, corrections: 0, duplicates: 0 };
  return {
    counts,
    add(asset, quantity, time, value) {
      const key = `${asset} ${quantity} ${time}`;
      const before = known.get(key);
      counts.values++;
      if (before === undefined) counts.readings++;
      else if (before === value) counts.duplicates++;
      else counts.corrections++;
      known.set(key, value);
    },
  };
}

type Tally = Pick<Expected, 'values' | 'readings' | 'corrections' | 'duplicates'>;
