/** What a format finds in a payload, as a list: records with their values, and the reasons of what it could not use. */
import { Buffer } from 'node:buffer';
import { Rejected } from '../../../model/errors.ts';
import type { Format } from '../format.ts';

export const NOW = Date.UTC(2026, 10, 23, 12);

interface FoundRecord {
  time?: number;
  relative?: true;
  values: [key: string, value: unknown, unit?: string][];
}

/** A reason at the end stands for the whole payload where the format threw it. */
export function found(format: Format, payload: string | Uint8Array): (FoundRecord | string)[] {
  const all: (FoundRecord | string)[] = [];
  let open: FoundRecord | undefined;
  try {
    format.parse(typeof payload === 'string' ? Buffer.from(payload) : payload, NOW, {
      record(time, relative) {
        open = { ...(time !== undefined && { time }), ...(relative && { relative }), values: [] };
        all.push(open);
      },
      value: (key, value, unit) => open?.values.push(unit === undefined ? [key, value] : [key, value, unit]),
      bad: (reason) => all.push(reason),
    });
  } catch (error) {
    if (!(error instanceof Rejected)) throw error;
    all.push(error.code);
  }
  return all;
}
