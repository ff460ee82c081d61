/** Magnetic contact on a door or window. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const milesightWs301: DeviceModel = {
  id: 'milesight-ws301',
  vendor: 'Milesight',
  product: 'WS301',
  format: 'frame',
  codec: 'milesight-ws301',
  heartbeat: 24 * 3600,
  mapping: {
    contact: { quantity: 'doorState' },
  },
  quantities: ['doorState'],
  examples: [
    {
      description: 'Magnet away',
      fPort: 85,
      bytesHex: '017564030001040001',
      expected: { now: { batteryLevel: 100, doorState: 'open' } },
    },
    {
      description: 'Magnet near',
      fPort: 85,
      bytesHex: '017509030000040000',
      expected: { now: { batteryLevel: 9, doorState: 'closed' } },
    },
  ],
};
