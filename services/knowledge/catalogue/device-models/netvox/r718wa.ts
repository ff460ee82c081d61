/** Netvox R718WA: a water leak detector. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const netvoxR718wa: DeviceModel = {
  id: 'netvox-r718wa',
  vendor: 'Netvox',
  product: 'R718WA',
  format: 'frame',
  codec: 'netvox',
  heartbeat: 3600,
  quantities: ['waterLeak'],
  batteryVoltageLimit: 3.2,
  examples: [
    {
      description: 'dry',
      fPort: 6,
      bytesHex: '0132012400000000000000',
      expected: { now: { batteryVoltage: 3.6, waterLeak: 'dry' } },
    },
    {
      description: 'leak',
      fPort: 6,
      bytesHex: '0132012401000000000000',
      expected: { now: { batteryVoltage: 3.6, waterLeak: 'leak' } },
    },
  ],
};
