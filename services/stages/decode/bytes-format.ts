/** The bytes a device sends over MQTT or HTTP itself, where its model names a codec: a frame without a network server. */
import type { Format } from '../../knowledge/codecs/format.ts';
import { Rejected } from '../../model/errors.ts';
import type { PlanCodec } from './device-plan.ts';

/** Vendors tell frames apart by their port; over MQTT there is none, and 1 is what most use for data. */
const F_PORT = 1;

export function bytesFormat(codec: PlanCodec | undefined): Format {
  return {
    name: 'bytes',
    parse(payload, receivedAt, sink) {
      // Scripts have run before and bring a format of their own.
      if (codec?.kind !== 'frame') throw new Rejected('codec-failed', 'the model names no codec that could read bytes');
      codec.codec.decode({ bytes: payload, fPort: F_PORT, recvTime: receivedAt, variables: {} }, sink);
    },
  };
}
