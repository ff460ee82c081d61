/** Dragino LWL02: a water leak detector. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const draginoLwl02: DeviceModel = {
  id: 'dragino-lwl02',
  vendor: 'Dragino',
  product: 'LWL02',
  format: 'frame',
  codec: 'dragino-contact',
  heartbeat: 24 * 3600,
  quantities: ['waterLeak'],
  batteryVoltageLimit: 2.4,
  examples: [
    {
      description: 'dry',
      fPort: 10,
      bytesHex: '0c1e0200000400000000',
      expected: { now: { batteryVoltage: 3.102, waterLeak: 'dry' } },
    },
    {
      description: 'leak',
      fPort: 10,
      bytesHex: '4c6c0200000300000000',
      expected: { now: { batteryVoltage: 3.18, waterLeak: 'leak' } },
    },
  ],
};
