/** Browan TBAM100: light in a room. */
import type { DeviceModel } from '../../../../model/catalogue.ts';

export const browanTbam100: DeviceModel = {
  id: 'browan-tbam100',
  vendor: 'Browan',
  product: 'TBAM100',
  format: 'frame',
  codec: 'browan-tabs',
  heartbeat: 3600,
  quantities: ['temperature', 'illuminance'],
  examples: [
    {
      description: 'a lit office',
      fPort: 104,
      bytesHex: '110b36a08601',
      expected: { now: { batteryVoltage: 3.6, temperature: 22, illuminance: 1000 } },
    },
    {
      description: 'night',
      fPort: 104,
      bytesHex: '220a36000000',
      expected: { now: { batteryVoltage: 3.5, temperature: 22, illuminance: 0 } },
    },
  ],
};
