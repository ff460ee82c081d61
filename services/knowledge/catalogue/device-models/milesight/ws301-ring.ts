/** Magnetic contact in the holder of a lifebuoy: the magnet hangs in the ring. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const milesightWs301Ring: DeviceModel = {
  id: 'milesight-ws301-ring',
  vendor: 'Milesight',
  product: 'WS301 (ring in holder)',
  format: 'frame',
  codec: 'milesight-ws301',
  heartbeat: 24 * 3600,
  mapping: {
    contact: { quantity: 'holderState' },
  },
  quantities: ['holderState'],
  examples: [
    {
      description: 'Magnet away',
      fPort: 85,
      bytesHex: '017564030001040001',
      expected: { now: { batteryLevel: 100, holderState: 'removed' } },
    },
    {
      description: 'Magnet near',
      fPort: 85,
      bytesHex: '017509030000040000',
      expected: { now: { batteryLevel: 9, holderState: 'present' } },
    },
  ],
};
