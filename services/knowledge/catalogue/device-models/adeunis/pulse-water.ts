/** Adeunis PULSE (water meters, 1 L a pulse): two water meters of one litre a pulse; for other meters, a model of one's own with another factor. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const adeunisPulseWater: DeviceModel = {
  id: 'adeunis-pulse-water',
  vendor: 'Adeunis',
  product: 'PULSE (water meters, 1 L a pulse)',
  format: 'frame',
  codec: 'adeunis',
  heartbeat: 24 * 3600,
  mapping: {
    'pulses.a': { quantity: 'waterVolume.a', factor: 0.001 },
    'pulses.b': { quantity: 'waterVolume.b', factor: 0.001 },
  },
  quantities: ['waterVolume.a', 'waterVolume.b'],
  examples: [
    {
      description: 'two meters',
      fPort: 1,
      bytesHex: '46200001e2400000003c',
      expected: { now: { 'waterVolume.a': 123.456, 'waterVolume.b': 0.06 } },
    },
    {
      description: 'the largest index',
      fPort: 1,
      bytesHex: '4640ffffffff00000000',
      expected: { now: { 'waterVolume.a': 4294967.295, 'waterVolume.b': 0 } },
    },
  ],
};
