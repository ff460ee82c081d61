/** Sensative Strips Drip: a water leak detector. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const sensativeStripsDrip: DeviceModel = {
  id: 'sensative-strips-drip',
  vendor: 'Sensative',
  product: 'Strips Drip',
  format: 'frame',
  codec: 'sensative-strips',
  heartbeat: 24 * 3600,
  quantities: ['waterLeak'],
  examples: [
    {
      description: 'leak',
      fPort: 1,
      bytesHex: 'ffff0e01',
      expected: { now: { waterLeak: 'leak' } },
    },
    {
      description: 'dry again, 20.5 °C, and the battery',
      fPort: 1,
      bytesHex: 'ffff0e000200cd0150',
      expected: { now: { waterLeak: 'dry', temperature: 20.5, batteryLevel: 80 } },
    },
  ],
};
