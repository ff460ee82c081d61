/** What a kind of simulated device is. One file a kind in `kinds/`, listed in `kinds/list.ts`. */
import type { Rng } from './world/rng.ts';
import type { Situations } from './world/situations.ts';
import type { Weather } from './world/weather.ts';

/** Quantities as a payload carries them, channel after a dot; states by name. */
export type Values = Record<string, number | string>;

export type AttributeValue = number | string | boolean | string[];
export type Attributes = Record<string, AttributeValue>;

export interface Position {
  lat: number;
  lon: number;
}

interface KindContext {
  /** The device's own generator. */
  rng: Rng;
  /** The asset's attributes; the kind's own `attributes` makes a plausible set. */
  attributes: Attributes;
  position: Position;
  weather: Weather;
  /** When its world begins, epoch ms: the first sample is asked for at this time or later. */
  startMs: number;
  situations: Situations;
  /** Which child it is of its parent: pump 0, pump 1. */
  index: number;
  /** The parent asset, with a generator that is the same for all its children. */
  parent?: { attributes: Attributes; rng: Rng; pumps: number };
}

export interface Instance {
  /** Seconds between two reports when nothing happens. */
  intervalSeconds: number;
  /** The state of its world at a time, epoch ms. Times must not go backwards. */
  sample(timeMs: number): Values;
  /** A moment after `timeMs` at which it reports because something happens. */
  nextEvent?(timeMs: number): number;
}

export interface Kind {
  id: string;
  /** The platform's asset type. */
  assetType: string;
  label: { da: string; en: string };
  /** A complete, plausible set for a new asset; a child may ask its parent's. */
  attributes(rng: Rng, parent?: Attributes): Attributes;
  create(context: KindContext): Instance;
}

export function round(value: number, decimals: number): number {
  const factor = 10 ** decimals;
  return Math.round(value * factor) / factor;
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** A numeric attribute, or what to assume where it is missing. */
export function numberOf(attributes: Attributes, name: string, otherwise: number): number {
  const value = attributes[name];
  return typeof value === 'number' ? value : otherwise;
}
