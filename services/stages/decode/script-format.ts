/** The format of a device's own bytes that its model's script has read. */
import type { Format } from '../../knowledge/codecs/format.ts';
import { frameFormat } from './frame-format.ts';
import type { Prepared } from './frames.ts';

export function scriptFormat({ frame, answer, plan }: Prepared): Format | undefined {
  if (!frame || 'reason' in plan) return undefined;
  return frameFormat({ frame, codec: plan.codec, answer, time: undefined });
}
