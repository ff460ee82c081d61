/** A LoRaWAN device that can be bought: which kind of world it measures, and the bytes it makes of it. */
import type { Attributes, Values } from '../kind.ts';

/** All that a sensor may measure; each model takes what it has a sensor for. */
export interface Seen {
  /** What the kind says, in the platform's quantities and units. */
  values: Values;
  /** Of the asset; a pressure cell hangs at the bottom that stands here. */
  attributes: Attributes;
  /** Around the device. */
  temperature: number;
  /** Percent. */
  humidity: number;
  /** Percent and volts. */
  batteryLevel: number;
  batteryVoltage: number;
}

export interface LorawanModel {
  /** As the platform's built-in models are called. */
  id: string;
  /** Vendor and product; The Things Stack names them so, without capitals and blanks. */
  vendor: string;
  product: string;
  /** One of `kinds/`. */
  kind: string;
  fPort: number;
  encode(seen: Seen): Uint8Array;
  /** The asset's attributes where this device hangs, when it is not where the kind's own sensor is. */
  mounted?(attributes: Attributes): Attributes;
}

/** A number among the values; what a sensor cannot see it reports as the vendor's zero. */
export function measured(values: Values, name: string, otherwise = 0): number {
  const value = values[name];
  return typeof value === 'number' ? value : otherwise;
}

/** Whole numbers of `bytes` bytes, negative ones as two's complement, kept within what fits. */
export function integer(value: number, bytes: 1 | 2 | 4, order: 'little' | 'big'): number[] {
  const low = -(2 ** (8 * bytes - 1));
  const n = Math.min(2 ** (8 * bytes) - 1, Math.max(low, Math.round(value)));
  const out = Array.from({ length: bytes }, (_, i) => Math.floor(n / 256 ** i) & 0xff);
  return order === 'little' ? out : out.reverse();
}
