/** Sensative Strips Guard: a thin contact on a door or window. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const sensativeStripsGuard: DeviceModel = {
  id: 'sensative-strips-guard',
  vendor: 'Sensative',
  product: 'Strips Guard',
  format: 'frame',
  codec: 'sensative-strips',
  heartbeat: 24 * 3600,
  mapping: {
    contact: { quantity: 'doorState' },
  },
  quantities: ['doorState'],
  examples: [
    {
      description: 'closed',
      fPort: 1,
      bytesHex: 'ffff0901',
      expected: { now: { doorState: 'closed' } },
    },
    {
      description: 'open, and the battery',
      fPort: 1,
      bytesHex: 'ffff09000162',
      expected: { now: { doorState: 'open', batteryLevel: 98 } },
    },
    {
      description: 'a report from an hour ago',
      fPort: 2,
      bytesHex: '000400000e100900',
      recvTime: '2026-11-23T12:00:00Z',
      expected: { '2026-11-23T11:00:00.000Z': { doorState: 'open' } },
    },
  ],
};
