/** What a primitive makes of one value; `hold.ts` makes episodes of a row of these. */

/** 1: what raises is so. −1: what clears is so. 0: neither, between the raise and the clear level. */
export type Signal = 1 | 0 | -1;

export interface Judge {
  /** `time` (epoch ms, of the measurement) decides which dated limit counts. */
  judge(value: number, time: number): Signal;
  /** The limit it raises at, where it has one. */
  limitAt(time: number): number | undefined;
}
