/** Sound: mean level, A-weighted. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const milesightWs302: DeviceModel = {
  id: 'milesight-ws302',
  vendor: 'Milesight',
  product: 'WS302',
  format: 'frame',
  codec: 'milesight-ws302',
  heartbeat: 3600,
  quantities: ['laeq'],
  examples: [
    {
      description: 'Fast, A',
      fPort: 85,
      bytesHex: '017564055b053f02da016a02',
      expected: { now: { batteryLevel: 100, laeq: 47.4 } },
    },
    {
      description: 'A quiet room',
      fPort: 85,
      bytesHex: '055b052c0122019001',
      expected: { now: { laeq: 29.0 } },
    },
  ],
};
