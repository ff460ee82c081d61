/**
 * The streams of the durable log: one row each, with the stages that must have handled a record before it may be deleted.
 * The number is written to disk; never reuse one.
 */
export const STREAMS = {
  uplinks: { number: 1, readers: ['decode'] },
  readings: { number: 2, readers: ['store', 'rules'] },
  rejects: { number: 3, readers: ['rejects'] },
  transitions: { number: 4, readers: ['alerts'] },
  acts: { number: 5, readers: ['alerts', 'rules'] },
  alerts: { number: 6, readers: ['notify'] },
  /** Work orders for decode: replay a reject, derive a period again after an attribute was corrected. */
  orders: { number: 7, readers: ['decode'] },
} as const;

export type Stream = keyof typeof STREAMS;

export const STREAM_NAMES = Object.keys(STREAMS) as Stream[];
