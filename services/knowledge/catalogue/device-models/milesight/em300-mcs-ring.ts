/** Magnetic contact in the holder of a lifebuoy: the magnet hangs in the ring. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const milesightEm300McsRing: DeviceModel = {
  id: 'milesight-em300-mcs-ring',
  vendor: 'Milesight',
  product: 'EM300-MCS (ring in holder)',
  format: 'frame',
  codec: 'milesight-em300-mcs',
  heartbeat: 12 * 3600,
  mapping: {
    contact: { quantity: 'holderState' },
  },
  quantities: ['holderState', 'temperature', 'relativeHumidity'],
  examples: [
    {
      description: 'Magnet away',
      fPort: 85,
      bytesHex: '01755c03673401046865060001',
      expected: { now: { batteryLevel: 92, temperature: 30.8, relativeHumidity: 50.5, holderState: 'removed' } },
    },
    {
      description: 'Magnet near, below zero',
      fPort: 85,
      bytesHex: '0367f6ff04685a060000',
      expected: { now: { temperature: -1.0, relativeHumidity: 45, holderState: 'present' } },
    },
    {
      description: 'A record it kept while it had no contact',
      fPort: 85,
      bytesHex: '20ce9e74466310015d01',
      expected: { '2022-10-12T08:02:38Z': { temperature: 27.2, relativeHumidity: 46.5, holderState: 'removed' } },
    },
  ],
};
