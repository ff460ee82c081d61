/**
 * The payload of the benchmarks, in the shape of the contract's example, written digit by digit into a buffer: making it
 * must cost next to nothing, because the generator shares the cores with what it measures.
 */

const SHAPE = '{"time":"0000-00-00T00:00:00.000Z","fillingLevel":00.0,"batteryVoltage":3.61}';
const DATE_AT = SHAPE.indexOf('0000-');
const CLOCK_AT = SHAPE.indexOf('00:00:00');
const LEVEL_AT = SHAPE.indexOf('00.0,');
const DAY = 86_400_000;
const ZERO = 48;

/** Bytes of every payload. */
export const READING_BYTES = SHAPE.length;
/** Values in every payload. */
export const READING_VALUES = 2;

export interface ReadingTemplate {
  /** A payload to start from. */
  readonly bytes: Buffer;
  /** Makes the payload at `at` of `out`, a copy of `bytes`, that of message n of a connection. */
  patch(out: Buffer, at: number, message: number): void;
}

/** Message n is measured n ms after `firstTime` (epoch ms); levels go up and down between 20 and 70, so that no alert is due. */
export function readingTemplate(firstTime: number): ReadingTemplate {
  let day = -1;
  let date = '';
  return {
    bytes: Buffer.from(SHAPE),
    patch(out, at, message) {
      const time = firstTime + message;
      const today = Math.floor(time / DAY);
      if (today !== day) {
        day = today;
        date = new Date(time).toISOString().slice(0, 10);
      }
      out.write(date, at + DATE_AT, 'latin1');
      const ms = time - today * DAY;
      const seconds = Math.floor(ms / 1000);
      const minutes = Math.floor(seconds / 60);
      two(out, at + CLOCK_AT, Math.floor(minutes / 60));
      two(out, at + CLOCK_AT + 3, minutes % 60);
      two(out, at + CLOCK_AT + 6, seconds % 60);
      three(out, at + CLOCK_AT + 9, ms % 1000);
      const step = message % 1000;
      const tenths = 200 + (step < 500 ? step : 1000 - step);
      two(out, at + LEVEL_AT, Math.floor(tenths / 10));
      out[at + LEVEL_AT + 3] = ZERO + (tenths % 10);
    },
  };
}

function two(out: Buffer, at: number, n: number): void {
  out[at] = ZERO + Math.floor(n / 10);
  out[at + 1] = ZERO + (n % 10);
}

function three(out: Buffer, at: number, n: number): void {
  out[at] = ZERO + Math.floor(n / 100);
  two(out, at + 1, n % 100);
}
