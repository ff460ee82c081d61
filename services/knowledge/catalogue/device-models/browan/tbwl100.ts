/** Browan TBWL100: a water leak detector. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const browanTbwl100: DeviceModel = {
  id: 'browan-tbwl100',
  vendor: 'Browan',
  product: 'TBWL100',
  format: 'frame',
  codec: 'browan-tabs',
  heartbeat: 24 * 3600,
  quantities: ['waterLeak'],
  examples: [
    {
      description: 'leak',
      fPort: 106,
      bytesHex: '010b36',
      expected: { now: { batteryVoltage: 3.6, temperature: 22, waterLeak: 'leak' } },
    },
    {
      description: 'dry',
      fPort: 106,
      bytesHex: '000b36',
      expected: { now: { batteryVoltage: 3.6, temperature: 22, waterLeak: 'dry' } },
    },
  ],
};
