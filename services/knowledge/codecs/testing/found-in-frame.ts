/** What a codec of ours finds in a frame, as a list: records with their values, and the reasons of what it could not use. */
import { Buffer } from 'node:buffer';
import { Rejected } from '../../../model/errors.ts';
import type { FrameCodec } from '../frame-codec.ts';

export const RECEIVED = Date.UTC(2026, 10, 23, 12);

interface FoundRecord {
  time?: number;
  relative?: true;
  values: Record<string, unknown>;
}

/** A bad item as `bad …`; what the codec threw, as its code, at the end. */
export function foundInFrame(
  codec: FrameCodec,
  bytes: string | Uint8Array,
  variables: Readonly<Record<string, string>> = {},
): (FoundRecord | string)[] {
  const all: (FoundRecord | string)[] = [];
  let open: FoundRecord | undefined;
  const frame = {
    bytes: typeof bytes === 'string' ? Buffer.from(bytes.replaceAll(' ', ''), 'hex') : bytes,
    fPort: 1,
    recvTime: RECEIVED,
    variables,
  };
  try {
    codec.decode(frame, {
      record(time, relative) {
        open = { ...(time !== undefined && { time }), ...(relative && { relative }), values: {} };
        all.push(open);
      },
      value(key, value) {
        if (open) open.values[key] = value;
        else all.push(`${key} before any record`);
      },
      bad: (reason, detail) => all.push(`bad ${reason}: ${detail}`),
    });
  } catch (error) {
    if (!(error instanceof Rejected)) throw error;
    all.push(error.code);
  }
  return all;
}
