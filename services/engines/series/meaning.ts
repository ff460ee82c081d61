/** What every series engine is told when it is opened. */

/** What a quantity's numbers mean, where that changes how they are put together. */
export type Meaning = 'plain' | 'circular' | 'counter';

export interface SeriesLogger {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}
