/** What happens in the demo on cue, by asset. Seconds from the start of the live part; negative: it was so already. */
import type { Situation } from '../world/situations.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;

export interface ScriptRow {
  /** The n-th asset of a kind, in the order of the region; children share what happens to their parent. */
  kind: string;
  nth: number;
  situations: readonly Situation[];
  /** Attributes the scene needs. */
  attributes?: Record<string, string>;
}

export const script: readonly ScriptRow[] = [
  // Open from the first minute.
  { kind: 'rescue-ring', nth: 0, situations: [{ name: 'taken', from: -3 * HOUR, seconds: 4 * HOUR }] },
  {
    kind: 'pumping-station',
    nth: 1,
    attributes: { category: 'A' },
    situations: [{ name: 'highLevel', from: -20 * MINUTE, seconds: 40 * MINUTE }],
  },
  { kind: 'waste-container', nth: 3, situations: [{ name: 'overfull', from: -6 * HOUR, seconds: 10 * HOUR }] },
  { kind: 'waste-container', nth: 40, situations: [{ name: 'overfull', from: -5 * HOUR, seconds: 8 * HOUR }] },
  { kind: 'waste-container', nth: 61, situations: [{ name: 'tilted', from: -1 * HOUR, seconds: 3 * HOUR }] },
  { kind: 'lighting-cabinet', nth: 5, situations: [{ name: 'doorOpen', from: -30 * MINUTE, seconds: 50 * MINUTE }] },
  { kind: 'water-level', nth: 6, situations: [{ name: 'high', from: -40 * MINUTE, seconds: 3 * HOUR }] },
  { kind: 'overflow', nth: 2, situations: [{ name: 'running', from: -10 * MINUTE, seconds: 35 * MINUTE }] },
  { kind: 'parking-area', nth: 1, situations: [{ name: 'full', from: -40 * MINUTE, seconds: 70 * MINUTE }] },
  { kind: 'street-light', nth: 11, situations: [{ name: 'defective', from: -72 * HOUR, seconds: 240 * HOUR }] },

  // Coming and going while one watches.
  { kind: 'rescue-ring', nth: 7, situations: [{ name: 'taken', from: 20, seconds: 240, every: 15 * MINUTE }] },
  { kind: 'rescue-ring', nth: 18, situations: [{ name: 'taken', from: 6 * MINUTE, seconds: 150, every: 25 * MINUTE }] },
  { kind: 'waste-container', nth: 22, situations: [{ name: 'fire', from: 35, seconds: 200, every: 30 * MINUTE }] },
  { kind: 'indoor-climate', nth: 4, situations: [{ name: 'leak', from: 90, seconds: 300, every: 33 * MINUTE }] },
  { kind: 'pumping-station', nth: 9, situations: [{ name: 'pumpFault', from: 30, seconds: 400, every: 20 * MINUTE }] },
  {
    kind: 'pumping-station',
    nth: 12,
    attributes: { category: 'B' },
    situations: [{ name: 'powerLoss', from: 60, seconds: 600, every: 40 * MINUTE }],
  },
  { kind: 'manhole', nth: 3, situations: [{ name: 'surcharge', from: 120, seconds: 700, every: 45 * MINUTE }] },
];
